package lguest.dsl.event;

import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * A virtual interrupt is about to be delivered.
 *
 * @param line 0 to 31, null for any
 */
public record InterruptLineEvent(Integer line) implements ScriptEvent {
    private static final int LINES = 32;

    public InterruptLineEvent {
        if (line != null && (line < 0 || line >= LINES)) {
            throw new ScriptFailure("interrupt(" + line + "): lines are 0 to 31");
        }
    }

    @Override
    public List<Event> on(Names names) {
        return List.of(new Event.InterruptEvent(line == null ? Event.ANY : line));
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Interrupted(occurrence, guest);
    }

    @Override
    public String toString() {
        return line == null ? "interrupts" : "interrupt(" + line + ")";
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
