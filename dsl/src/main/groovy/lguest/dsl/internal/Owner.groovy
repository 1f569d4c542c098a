package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.ScriptedGuest

/** The guest that closures of devices and ports belong to, which is made after them; and these closures, for guests like it. */
@CompileStatic
final class Owner {
    ScriptedGuest guest
    /** The blocks of devices by name, in the order they were said. */
    final Map<String, Closure<?>> devices = [:]
    final Map<Object, Closure<?>> ports = [:]
    final Map<Object, Closure<?>> pages = [:]

    /** Calls a closure of the script on the guest's thread; if it fails, the guest pauses and the script hears of it. */
    Object guarded(Closure<?> work) { guest.guarded(work) }
}
