package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent

/** Interrupts of a guest. */
@CompileStatic
final class Interrupts implements EventNoun {
    private static final int LINES = 32
    private static final int VECTORS = 256

    final ScriptedGuest guest

    @PackageScope
    Interrupts(ScriptedGuest guest) {
        this.guest = guest
    }

    @Override
    ScriptEvent getEvents() { Events.interrupts() }

    /** @param line 0 to 31 under lguest's Host, a vector of 0 to 255 on {@code bare} */
    void raise(int line) {
        int most = guest.engine.host() == null ? VECTORS : LINES
        if (line < 0 || line >= most) {
            throw new ScriptFailure("interrupt ${line}: must be 0 to ${most - 1}")
        }
        guest.onlyNow('raise an interrupt')
        guest.look { guest.engine.raise(line) }
    }

    /** Lines that were raised and not yet delivered. */
    List<Integer> getPending() {
        int bits = guest.engine.host() == null ? 0 : guest.engine.host().pending()
        (0..<LINES).findAll { (bits >>> it & 1) != 0 } as List<Integer>
    }

    @Override
    String toString() { "pending: ${pending}" }
}
