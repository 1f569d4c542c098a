package lguest.dsl.event;

import java.util.List;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/** Something that can happen, as a script says it. It means something only to a guest, who has symbols and numbers. */
public sealed interface ScriptEvent permits AtEvent, HypercallsEvent, FaultsEvent, MemoryEvent, DmaSentEvent, InterruptLineEvent {
    /** The engine's events this stands for: one or more. */
    List<Event> on(Names names);

    /** How many values a closure may take that names its parameters: {@link Happening#arguments}. */
    default int parameters() {
        return 1;
    }

    /** What closures are told of an occurrence. */
    Happening happening(Occurrence occurrence, Guest guest);
}
