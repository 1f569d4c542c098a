package lguest.dsl

import groovy.transform.CompileStatic
import lguest.dsl.event.ScriptEvent

/** A part of a guest that stands, behind a verb, for all that happens there: {@code count hypercalls}, {@code trace a.console}. */
@CompileStatic
interface EventNoun {
    ScriptedGuest getGuest()

    /** Whatever happens there. */
    ScriptEvent getEvents()
}
