package lguest.dsl.event;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import lguest.dsl.Instructions;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * Time passes: {@code every 1.ms run { }}.
 *
 * @param period {@code 1.ms} of guest time, or {@code 1000.instructions}
 */
public record TickEvent(Object period) implements ScriptEvent {
    public TickEvent {
        event(period);
    }

    private static Event event(Object period) {
        if (period instanceof Duration time && time.toNanos() > 0) {
            return new Event.TickEvent(time.toNanos(), 0);
        }
        if (period instanceof Instructions some && some.count() > 0) {
            return new Event.TickEvent(0, some.count());
        }
        throw new ScriptFailure(period instanceof Number ? "every " + period + ": say the unit, " + period + ".ms or " + period + ".instructions"
            : "every " + text(period) + ": must be more than nothing, as in 1.ms or 1000.instructions");
    }

    private static String text(Object period) {
        return period instanceof Duration time
            ? new BigDecimal(time.toNanos()).movePointLeft(6).stripTrailingZeros().toPlainString() + " ms"
            : period instanceof Instructions some ? some.count() + " instructions" : String.valueOf(period);
    }

    @Override
    public List<Event> on(Names names) {
        return List.of(event(period));
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Tick(occurrence, guest);
    }

    @Override
    public String toString() {
        return text(period);
    }

    /** A look at the guest between two instructions. */
    public static final class Tick extends Happening {
        private final boolean asleep;

        Tick(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            asleep = occurrence.asleep;
        }

        /** Whether the guest waits for an interrupt: there is nothing it does at {@code eip} then. */
        public boolean isAsleep() {
            return asleep;
        }

        @Override
        public String getName() {
            return asleep ? "asleep" : Events.text(getEip());
        }

        @Override
        public String toString() {
            return asleep ? "tick, asleep" : String.format("tick at 0x%08x", getEip());
        }
    }
}
