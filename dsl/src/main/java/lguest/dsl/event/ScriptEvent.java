package lguest.dsl.event;

import java.util.List;
import java.util.function.Predicate;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/** Something that can happen, as a script says it. It means something only to a guest, who has symbols and numbers. */
public sealed interface ScriptEvent permits AtEvent, HypercallsEvent, FaultsEvent, MemoryEvent,
    DmaSentEvent, InterruptLinesEvent, PortsEvent, ConsoleEvent, ExitEvent, TickEvent {
    /** The engine's events this stands for: one or more. */
    List<Event> on(Names names);

    /** How many values a closure may take that names its parameters: {@link Happening#arguments}. */
    default int parameters() {
        return 1;
    }

    /** Whether the host is busy with it for a time that can be measured. */
    default boolean takesTime() {
        return false;
    }

    /** What else must hold for an occurrence to count. May remember what came before: each hook has its own. */
    default Predicate<Happening> narrowing() {
        return happening -> true;
    }

    /** What closures are told of an occurrence. */
    Happening happening(Occurrence occurrence, Guest guest);
}
