package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent

/** The DMA keys of a guest: {@code dma[CONSOLE_KEY]}. */
@CompileStatic
final class DmaKeys implements EventNoun {
    final ScriptedGuest guest

    @PackageScope
    DmaKeys(ScriptedGuest guest) {
        this.guest = guest
    }

    @Override
    ScriptEvent getEvents() { Events.dmas() }

    DmaKey getAt(Object key) {
        guest.needHost('DMA')
        new DmaKey(guest, guest.address(key))
    }

    /** Keys that the guest has bound buffers to, oldest first. */
    List<Long> getBound() {
        guest.needHost('DMA')
        guest.look { guest.engine.host().bindings().bindings().collect { it.key() & 0xFFFFFFFFL }.unique() } as List<Long>
    }

    @Override
    String toString() { 'bound: ' + bound.collect { String.format('0x%08x', it) } }
}
