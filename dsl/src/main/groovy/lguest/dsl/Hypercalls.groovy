package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent

/** How often a guest has called its Host. */
@CompileStatic
final class Hypercalls implements EventNoun {
    final ScriptedGuest guest

    @PackageScope
    Hypercalls(ScriptedGuest guest) {
        this.guest = guest
    }

    @Override
    ScriptEvent getEvents() { Events.hypercalls() }

    /** By name, those that were made at all. */
    Map<String, Long> getCounts() { guest.engine.hypercalls().byName() }

    /** {@code hypercalls[SET_PTE]}. */
    long getAt(Object name) { guest.engine.hypercalls().count(guest.hypercall(name)) }

    /** A text in brackets would be a property otherwise. */
    long getAt(String name) { getAt((Object) name) }

    long getTotal() { guest.engine.hypercalls().total() }

    /** Name of the last one, null before the first. */
    String getLast() { guest.engine.hypercalls().last() }

    @Override
    String toString() { "${total} hypercalls of guest ${guest.name}" }
}
