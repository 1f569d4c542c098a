package lguest.machine;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long a run may last at most. Limits combine; whichever comes first ends the run.
 *
 * @param instructions to execute from now on
 * @param guestNanos of guest time from now on
 * @param hostNanos of host time from now on
 * @param until ends the run when it holds: asked when the console has printed, a probe has acted, and every so often
 */
public record Limit(long instructions, long guestNanos, long hostNanos, BooleanSupplier until) {
    private static final Limit NONE = new Limit(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, () -> false);

    public static Limit none() {
        return NONE;
    }

    /** @param count at least 0 */
    public static Limit instructions(long count) {
        return new Limit(count, Long.MAX_VALUE, Long.MAX_VALUE, () -> false);
    }

    public static Limit guestTime(Duration time) {
        return new Limit(Long.MAX_VALUE, time.toNanos(), Long.MAX_VALUE, () -> false);
    }

    public static Limit hostTime(Duration time) {
        return NONE.andHostTime(time);
    }

    public Limit andGuestTime(Duration time) {
        return new Limit(instructions, time.toNanos(), hostNanos, until);
    }

    public Limit andHostTime(Duration time) {
        return new Limit(instructions, guestNanos, time.toNanos(), until);
    }

    public Limit until(BooleanSupplier condition) {
        return new Limit(instructions, guestNanos, hostNanos, condition);
    }
}
