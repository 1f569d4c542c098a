package lguest.dsl.event;

import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * A virtual interrupt is about to be delivered.
 *
 * @param lines 0 to 31; none for any
 */
public record InterruptLinesEvent(List<?> lines) implements ScriptEvent {
    static final int LINES = 32;

    public InterruptLinesEvent {
        for (Object line : lines) {
            if (!(line instanceof Integer number) || number < 0 || number >= LINES) {
                throw new ScriptFailure(Events.text("interrupt", lines) + ": lines are 0 to 31");
            }
        }
    }

    @Override
    public List<Event> on(Names names) {
        return lines.isEmpty() ? List.of(new Event.InterruptEvent(Event.ANY))
            : lines.stream().map(line -> (Event) new Event.InterruptEvent((int) line)).toList();
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Interrupted(occurrence, guest);
    }

    @Override
    public String toString() {
        return Events.text("interrupt", lines);
    }

    /** An interrupt on its way to the guest's handler. */
    public static final class Interrupted extends Happening {
        private final int line;

        Interrupted(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            line = occurrence.line;
        }

        public int getLine() {
            return line;
        }

        @Override
        public Object getName() {
            return line;
        }

        @Override
        public String toString() {
            return "interrupt(" + line + ")";
        }
    }
}
