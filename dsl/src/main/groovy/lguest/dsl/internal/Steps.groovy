package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.debug.Backtrace
import lguest.debug.Calls
import lguest.dsl.Hook
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent
import lguest.machine.Limit
import lguest.machine.Stop

/** Lets a guest go on to a certain point, and no further than a limit. */
@CompileStatic
final class Steps {
    private Steps() {
    }

    /** To the first time that an event happens. */
    static Stop to(ScriptedGuest guest, ScriptEvent event, Limit most = lasting(Limit.none())) { to(guest, event, null, most) }

    /** To the first time that it happens and a filter holds. */
    static Stop to(ScriptedGuest guest, ScriptEvent event, Closure<?> filter, Limit most) {
        Hook hook = guest.stop(event)
        try {
            if (filter != null) {
                hook.when(filter)
            }
            return guest.session.run(guest, most)
        } finally {
            hook.remove()
        }
    }

    /** A limit that waits for the end of the run, also at the prompt. */
    private static Limit lasting(Limit limit) { limit.until { false } }

    /** One instruction, and the whole of what it calls. */
    static Stop over(ScriptedGuest guest) {
        long behind = guest.look { Calls.behind(guest.engine) } as long
        if ((int) behind == (int) guest.cpu.linearEip) {
            return guest.step(1)
        }
        // What it calls may come by here, too, further down the stack.
        long stack = guest.cpu.esp
        to(guest, Events.at(behind & 0xFFFFFFFFL), { -> guest.cpu.esp >= stack }, lasting(Limit.none()))
    }

    /** To the end of the function the guest is in. */
    static Stop out(ScriptedGuest guest) {
        Backtrace.Return caller = guest.look { Backtrace.caller(guest.engine) } as Backtrace.Return
        if (caller == null) {
            throw new ScriptFailure('stepOut: no return address is to be found on the stack')
        }
        to(guest, Events.at(caller.address() & 0xFFFFFFFFL), { -> guest.cpu.esp > caller.slot() }, lasting(Limit.none()))
    }
}
