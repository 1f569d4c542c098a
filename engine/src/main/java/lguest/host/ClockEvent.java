package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The guest's one-shot timer: raises line 0 once, at a time the guest chooses. */
final class ClockEvent {
    static final int LINE = 0;
    /** The deadline of a timer that is not armed. */
    static final long NEVER = Long.MAX_VALUE;

    private final HostClock clock;
    private final Interrupts interrupts;
    private long deadline = NEVER;

    ClockEvent(HostClock clock, Interrupts interrupts) {
        this.clock = clock;
        this.interrupts = interrupts;
    }

    /**
     * SET_CLOCKEVENT(delta): replaces whatever was armed.
     *
     * @param deltaNanos unsigned; 0 disarms
     */
    void set(int deltaNanos) {
        deadline = deltaNanos == 0 ? NEVER : clock.nanos() + (deltaNanos & 0xFFFFFFFFL);
    }

    long deadline() {
        return deadline;
    }

    void expire() {
        deadline = NEVER;
        interrupts.raise(LINE);
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(deadline);
    }

    void load(DataInput in) throws IOException {
        deadline = in.readLong();
    }
}
