package lguest.net;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Things to be done at points of the guest's time. One thread. */
final class Timers {
    private final TreeSet<Timer> set = new TreeSet<>(Comparator.comparingLong((Timer timer) -> timer.at).thenComparing(timer -> timer.id));
    private final LongSupplier nanos;
    private long ids;

    /** @param nanos the guest's time */
    Timers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One thing to be done; not set at first. */
    final class Timer {
        private final long id = ids++;
        private final Runnable action;
        private long at;
        private boolean waits;

        private Timer(Runnable action) {
            this.action = action;
        }

        /** Instead of whatever it was set to. */
        void in(long nanosFromNow) {
            cancel();
            at = now() + nanosFromNow;
            waits = true;
            set.add(this);
        }

        void cancel() {
            if (waits) {
                set.remove(this);
                waits = false;
            }
        }

        boolean isSet() {
            return waits;
        }
    }

    Timer timer(Runnable action) {
        return new Timer(action);
    }

    long now() {
        return nanos.getAsLong();
    }

    /** When the first of them is due; {@link Long#MAX_VALUE} if none is set. */
    long first() {
        return set.isEmpty() ? Long.MAX_VALUE : set.first().at;
    }

    /** Does all that is due, in order. */
    void expire() {
        long now = now();
        while (!set.isEmpty() && set.first().at <= now) {
            Timer due = set.pollFirst();
            due.waits = false;
            due.action.run();
        }
    }
}
