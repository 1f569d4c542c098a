package lguest.dsl.event;

import java.util.List;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * The guest calls its Host, directly or through the ring.
 *
 * @param names of the calls; none for all of them
 */
public record HypercallsEvent(List<Object> names) implements ScriptEvent {
    public HypercallsEvent {
        names = List.copyOf(names);
    }

    @Override
    public List<Event> on(Names known) {
        return names.isEmpty() ? List.of(new Event.HypercallEvent(Event.ANY))
            : names.stream().map(name -> (Event) new Event.HypercallEvent(known.hypercall(name))).toList();
    }

    @Override
    public int parameters() {
        return HypercallMade.ARGUMENTS;
    }

    @Override
    public boolean takesTime() {
        return true;
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return Calls.of(occurrence, guest);
    }

    @Override
    public String toString() {
        return Events.text("hypercall", names);
    }
}
