package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.WireSpec
import lguest.net.Hazard
import lguest.net.Passage

/** Turns the words of a network card's block into what happens on its wire. */
@CompileStatic
class WireBlock implements WireSpec {
    protected final Owner guestOwner
    /** Null if nothing happens. */
    Hazard hazard

    protected WireBlock(Owner owner) { guestOwner = owner }

    static WireBlock of(@DelegatesTo(value = WireSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block, Owner owner) {
        Delegation.configure(block, WireSpec, new WireBlock(owner))
    }

    @Override
    void frames(Closure<?> action) {
        hazard = { Passage passage -> guestOwner.guarded { Delegation.bound(action, passage).call(passage) } } as Hazard
    }
}
