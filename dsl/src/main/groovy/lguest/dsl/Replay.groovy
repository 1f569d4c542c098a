package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.machine.History

/** What has come to a guest from outside since {@code remember}, and the guest as it was at any time since. */
@CompileStatic
final class Replay {
    final ScriptedGuest guest
    private final History history
    private volatile boolean forgotten

    @PackageScope
    Replay(ScriptedGuest guest, History history) {
        this.guest = guest
        this.history = history
    }

    @PackageScope
    boolean isForgotten() { forgotten }

    @PackageScope
    boolean isOf(History other) { history.is(other) }

    private History getRemembered() {
        if (forgotten) {
            throw new ScriptFailure("the replay of guest ${guest.name} has been forgotten: say remember() to begin another")
        }
        history
    }

    /** The count of instructions with which it begins. */
    long getFirst() { remembered.first() }

    /** That of the present. */
    long getLast() { guest.session.look(guest) { remembered.last() } as long }

    /** What has come in so far, a line each: count of instructions, and what it was. */
    List<String> getInputs() { guest.session.look(guest) { remembered.inputs() } as List<String> }

    /**
     * The guest as it was when it had executed so many instructions, before anything came in then: {@code replay.at(n).fork()} lives on,
     * with what comes in now. The last count is the present.
     */
    ScriptedGuest at(Object instructions) {
        long count = Instructions.said('at', instructions)
        guest.session.look(guest) {
            try {
                ScriptedGuest past = guest.session.past(guest, remembered.at(count))
                past.kept = this
                past
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new ScriptFailure("replay: ${e.message}", e)
            }
        } as ScriptedGuest
    }

    /** Nothing more is remembered, and what was is forgotten: whoever still asks for it is told so. */
    void forget() {
        guest.session.look(guest) { remembered.close() }
        forgotten = true
    }

    @Override
    String toString() {
        forgotten ? "replay of guest ${guest.name}, forgotten"
            : "replay of guest ${guest.name}: instructions ${first} to ${last}, ${inputs.size()} inputs"
    }
}
