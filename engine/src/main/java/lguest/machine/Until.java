package lguest.machine;

import java.util.function.BooleanSupplier;
import lguest.cpu.CpuState;

/** A {@link Limit} measured from the moment a run began. */
final class Until {
    private final CpuState cpu;
    private final Clock clock;
    private final long instructions;
    private final long guestNanos;
    private final long hostNanos;
    private final BooleanSupplier condition;

    Until(Limit limit, CpuState cpu, Clock clock) {
        this.cpu = cpu;
        this.clock = clock;
        instructions = after(cpu.instructions, limit.instructions());
        guestNanos = after(clock.nanos(), limit.guestNanos());
        hostNanos = limit.hostNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + limit.hostNanos();
        condition = limit.until();
    }

    private static long after(long now, long span) {
        return span == Long.MAX_VALUE ? Long.MAX_VALUE : now + span;
    }

    boolean holds() {
        return condition.getAsBoolean();
    }

    /** The count of instructions at which to stop at the latest. */
    long instructions() {
        return guestNanos == Long.MAX_VALUE ? instructions
            : Math.min(instructions, Math.max(cpu.instructions + 1, clock.instructionsAt(guestNanos)));
    }

    long guestNanos() {
        return guestNanos;
    }

    long hostNanosLeft() {
        return hostNanos == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, hostNanos - System.nanoTime());
    }

    boolean reached() {
        return cpu.instructions >= instructions || clock.nanos() >= guestNanos || hostNanosLeft() == 0;
    }

    String reason() {
        return cpu.instructions >= instructions ? "the instructions are used up"
            : clock.nanos() >= guestNanos ? "the guest's time is used up" : "the time is used up";
    }
}
