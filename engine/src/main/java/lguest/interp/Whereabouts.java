package lguest.interp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * What the thread that runs a guest is doing. It says so whenever that changes, which costs a store; another thread looks every two
 * milliseconds while any guest runs, and so knows what the time went to.
 */
public final class Whereabouts {
    /** Executing one instruction after the other, and whatever else comes with it. */
    public static final int INTERPRETING = 0;
    /** Executing regions. */
    public static final int TRANSLATED = 1;
    /** Between two stretches of instructions: in the Host, a device, a script. */
    public static final int OUTSIDE = 2;

    private static final int PLACES = 3;
    private static final long EVERY_NANOS = 2_000_000;
    private static final VarHandle PLACE = place();
    private static final Set<Whereabouts> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Thread OBSERVER = new Thread(Whereabouts::observe, "lguest-observer");
    private static volatile boolean asleep;

    static {
        OBSERVER.setDaemon(true);
        OBSERVER.start();
    }

    @SuppressWarnings("unused")
    private int place = OUTSIDE;
    private final AtomicLongArray seen = new AtomicLongArray(PLACES);

    private static VarHandle place() {
        try {
            return MethodHandles.lookup().findVarHandle(Whereabouts.class, "place", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The guest's thread is here now. */
    public void at(int newPlace) {
        PLACE.setOpaque(this, newPlace);
    }

    /** Somebody runs the guest from now on, and it does not sleep. */
    public void begin() {
        RUNNING.add(this);
        if (asleep) {
            LockSupport.unpark(OBSERVER);
        }
    }

    /** The opposite of {@link #begin}. */
    public void end() {
        RUNNING.remove(this);
    }

    /**
     * Of a time that {@link #begin} and {@link #end} have enclosed, what was spent at a place, as far as anybody has seen.
     *
     * @param nanos that time
     */
    public long share(int ofPlace, long nanos) {
        long all = 0;
        for (int i = 0; i < PLACES; i++) {
            all += seen.get(i);
        }
        return all == 0 ? 0 : (long) ((double) nanos * seen.get(ofPlace) / all);
    }

    private static void observe() {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(EVERY_NANOS);
            long now = System.nanoTime();
            for (Whereabouts each : RUNNING) {
                each.seen.addAndGet((int) PLACE.getOpaque(each), now - last);
            }
            while (RUNNING.isEmpty()) {
                asleep = true;
                if (RUNNING.isEmpty()) {
                    LockSupport.park();
                }
                asleep = false;
            }
            last = System.nanoTime();
        }
    }
}
