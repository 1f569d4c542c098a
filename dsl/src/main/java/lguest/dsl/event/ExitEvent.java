package lguest.dsl.event;

import java.util.List;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/** The guest dies or powers off: {@code before exit run { log "$it.reason in ${symbol it.eip}" }}. */
public record ExitEvent() implements ScriptEvent {
    @Override
    public List<Event> on(Names names) {
        return List.of(new Event.ExitEvent());
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Ended(occurrence, guest);
    }

    @Override
    public String toString() {
        return "exit";
    }

    /** The end of a guest, which is still there to be looked at. One that is stopped here ends as soon as it is to go on. */
    public static final class Ended extends Happening {
        private final String reason;

        Ended(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            reason = occurrence.reason.strip();
        }

        /** {@code CRASH: Power down}, or what else the Host says of it. */
        public String getReason() {
            return reason;
        }

        @Override
        public String getName() {
            return reason;
        }

        @Override
        public String toString() {
            return "exit: " + reason;
        }
    }
}
