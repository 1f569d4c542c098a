package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.machine.History

/** What has come to a guest from outside since {@code remember}, and the guest as it was at any time since. */
@CompileStatic
final class Replay {
    final ScriptedGuest guest
    private final History history

    @PackageScope
    Replay(ScriptedGuest guest, History history) {
        this.guest = guest
        this.history = history
    }

    /** The count of instructions with which it begins. */
    long getFirst() { history.first() }

    /** That of the present. */
    long getLast() { guest.session.look(guest) { history.last() } as long }

    /** What has come in so far, a line each: count of instructions, and what it was. */
    List<String> getInputs() { guest.session.look(guest) { history.inputs() } as List<String> }

    /**
     * The guest as it was when it had executed so many instructions, before anything came in then: {@code replay.at(n).fork()} lives on,
     * with what comes in now. The last count is the present.
     */
    ScriptedGuest at(Object instructions) {
        long count = instructions instanceof Instructions ? ((Instructions) instructions).count()
            : instructions instanceof Number ? ((Number) instructions).longValue() : -1
        if (count < 0) {
            throw new ScriptFailure("at(${instructions}): give a count of instructions")
        }
        guest.session.look(guest) {
            try {
                guest.session.past(guest, history.at(count))
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new ScriptFailure("replay: ${e.message}", e)
            }
        } as ScriptedGuest
    }

    /** Nothing more is remembered, and what was is forgotten. */
    void forget() { guest.session.look(guest) { history.close() } }

    @Override
    String toString() { "replay of guest ${guest.name}: instructions ${first} to ${last}, ${inputs.size()} inputs" }
}
