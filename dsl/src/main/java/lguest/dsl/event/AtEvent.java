package lguest.dsl.event;

import java.util.List;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/** Execution reaches an address: {@code at('do_page_fault')}. */
public record AtEvent(Object where) implements ScriptEvent {
    @Override
    public List<Event> on(Names names) {
        return List.of(new Event.At(names.address(where)));
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Reached(occurrence, guest, where);
    }

    @Override
    public String toString() {
        return "at(" + Events.text(where) + ")";
    }

    /** An address was reached; the instruction there has not been executed. */
    public static final class Reached extends Happening {
        private final Object where;

        Reached(Occurrence occurrence, Guest guest, Object where) {
            super(occurrence, guest);
            this.where = where;
        }

        public long getAddress() {
            return getEip();
        }

        @Override
        public Object getName() {
            return Events.text(where);
        }

        @Override
        public String toString() {
            return "at(" + Events.text(where) + ")";
        }
    }
}
