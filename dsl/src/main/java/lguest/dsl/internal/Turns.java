package lguest.dsl.internal;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.machine.GuestConfig.TimeKind;
import lguest.machine.Limit;
import lguest.machine.Stop;

/**
 * Guests run on the script's own thread while the script waits: one until the wait is over, several in turns of guest time. So
 * nothing happens between two lines of a script that do not wait, and under virtual time every run is the same.
 */
public final class Turns implements Conductor {
    /** A turn where several guests share the thread: short enough for them to talk to each other. */
    private static final Duration TURN = Duration.ofMillis(1);
    /** A turn of the only guest. */
    private static final Duration LONG_TURN = Duration.ofSeconds(1);

    private final Listener listener;
    private final Set<Guest> ready = new LinkedHashSet<>();
    private volatile boolean interrupted;
    private volatile Guest atWork;

    public Turns(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void boot(Guest guest) {
        ready.add(guest);
    }

    @Override
    public boolean runs(Guest guest) {
        return ready.contains(guest);
    }

    @Override
    public void pause(Guest guest) {
        ready.remove(guest);
        guest.pause();
    }

    @Override
    public Stop run(Guest guest, Limit limit) {
        boot(guest);
        return stretch(guest, limit, () -> List.copyOf(ready));
    }

    @Override
    public Stop step(Guest guest, long instructions) {
        return stretch(guest, Limit.instructions(instructions).until(guest::sleepsForEver), List::of);
    }

    /** Runs one guest as far as it may go, in turns with others. */
    private Stop stretch(Guest guest, Limit limit, Supplier<List<Guest>> others) {
        long instructions = guest.instructions();
        long nanos = guest.nanos();
        while (true) {
            Limit rest = new Limit(left(limit.instructions(), guest.instructions() - instructions),
                left(limit.guestNanos(), guest.nanos() - nanos), limit.hostNanos(), limit.until());
            Duration most = others.get().size() <= 1 ? LONG_TURN : TURN;
            boolean last = rest.guestNanos() <= most.toNanos();
            Stop stop = turn(guest, last ? rest : rest.andGuestTime(most));
            if (last || stop.kind() != Stop.Kind.LIMIT || guest.instructions() - instructions >= limit.instructions()) {
                ready.remove(guest);
                return stop;
            }
            for (Guest other : others.get()) {
                if (other != guest) {
                    tellOfDeath(other, turn(other, Limit.guestTime(TURN)));
                }
            }
            boolean endless = limit.guestNanos() == Long.MAX_VALUE;
            if (endless && sleepsForEver(guest) && others.get().stream().allMatch(Turns::sleepsForEver)) {
                ready.remove(guest);
                return new Stop(Stop.Kind.LIMIT, "it sleeps, and nothing will wake it", null, null);
            }
        }
    }

    private static long left(long limit, long used) {
        return limit == Long.MAX_VALUE ? limit : Math.max(0, limit - used);
    }

    @Override
    public Outcome await(BooleanSupplier condition, Duration timeout) {
        Guarded guarded = new Guarded(condition);
        long nanosLeft = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
        while (!guarded.holds()) {
            List<Guest> now = List.copyOf(ready);
            if (now.isEmpty() || timeout == null && now.stream().allMatch(Turns::sleepsForEver)) {
                return Outcome.NOTHING_RUNS;
            }
            if (nanosLeft <= 0) {
                return Outcome.TIMED_OUT;
            }
            long most = Math.min(nanosLeft, (now.size() == 1 ? LONG_TURN : TURN).toNanos());
            long passed = 0;
            for (Guest guest : now) {
                long before = guest.nanos();
                Stop stop = turn(guest, Limit.guestTime(Duration.ofNanos(most)).until(guarded::asks));
                passed = Math.max(passed, guest.nanos() - before);
                if (guarded.holds()) {
                    return Outcome.TRUE;
                }
                tellOfDeath(guest, stop);
            }
            if (timeout != null) {
                nanosLeft -= passed;
            }
        }
        return Outcome.TRUE;
    }

    /** Whether nothing but a hand from outside will wake the guest, and there is none: input comes from scripts that wait. */
    private static boolean sleepsForEver(Guest guest) {
        return guest.config().time() == TimeKind.VIRTUAL && guest.sleepsForEver();
    }

    private Stop turn(Guest guest, Limit limit) {
        if (atWork != null) {
            throw new ScriptFailure("guest " + atWork.name() + " is running: a hook cannot wait for guests");
        }
        atWork = guest;
        Stop stop;
        try {
            stop = guest.run(limit);
        } finally {
            atWork = null;
        }
        if (interrupted) {
            interrupted = false;
            throw new ScriptFailure("interrupted");
        }
        if (stop.kind() != Stop.Kind.LIMIT && stop.kind() != Stop.Kind.CONDITION) {
            ready.remove(guest);
        }
        listener.stopped(guest, stop);
        return stop;
    }

    @Override
    public boolean inRun() {
        return atWork != null;
    }

    private void tellOfDeath(Guest guest, Stop stop) {
        if (stop.kind() == Stop.Kind.DEAD) {
            listener.died(guest);
        }
    }

    @Override
    public <T> T look(Guest guest, Supplier<T> work) {
        return work.get();
    }

    @Override
    public void forget(Guest guest) {
        ready.remove(guest);
    }

    @Override
    public void interrupt() {
        interrupted = true;
        Guest guest = atWork;
        if (guest != null) {
            guest.pause();
        }
    }

    @Override
    public void close() {
        ready.clear();
    }

    /** A condition that may fail: inside the engine it must not, so its failure waits until somebody looks. */
    private static final class Guarded {
        private final BooleanSupplier condition;
        private RuntimeException failure;
        private Error error;
        private boolean held;

        Guarded(BooleanSupplier condition) {
            this.condition = condition;
        }

        /** Asked by the engine: true means come back. */
        boolean asks() {
            try {
                held = condition.getAsBoolean();
            } catch (RuntimeException thrown) {
                failure = thrown;
            } catch (Error thrown) {
                error = thrown;
            }
            return held || failure != null || error != null;
        }

        boolean holds() {
            if (!held) {
                asks();
            }
            if (failure != null) {
                throw failure;
            }
            if (error != null) {
                throw error;
            }
            return held;
        }
    }
}
