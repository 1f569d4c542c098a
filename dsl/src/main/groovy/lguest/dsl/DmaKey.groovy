package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import groovy.transform.stc.ClosureParams
import groovy.transform.stc.SimpleType
import lguest.device.DmaPort
import lguest.device.LauncherExit
import lguest.dsl.event.DmaSentEvent
import lguest.dsl.event.Events
import lguest.machine.Guest
import lguest.probe.Verb

/** One DMA key of a guest, seen from outside: what is bound there can be filled, what is sent there can be watched. */
@CompileStatic
final class DmaKey {
    private final ScriptedGuest guest
    private final int number

    @PackageScope
    DmaKey(ScriptedGuest guest, int number) {
        this.guest = guest
        this.number = number
    }

    long getKey() { number & 0xFFFFFFFFL }

    /** The arrays of buffers bound here: physical {@code address}, number of {@code buffers}, interrupt {@code line}. */
    List<Map<String, Long>> getBuffers() {
        guest.look {
            guest.engine.host().bindings().bindings().findAll { it.key() == number }.collect {
                [address: it.array() & 0xFFFFFFFFL, buffers: (long) it.count(), line: (long) it.irq()]
            }
        } as List<Map<String, Long>>
    }

    /**
     * Fills the next free buffer and raises its interrupt.
     *
     * @return how many bytes there was room for
     * @throws ScriptFailure if no buffer is free
     */
    int send(Object data) {
        byte[] bytes = Data.bytes(data)
        guest.onlyNow('send')
        guest.look { fill(guest.engine, bytes) } as int
    }

    private int fill(Guest engine, byte[] bytes) {
        try {
            int done = engine.send(number, bytes)
            if (done == DmaPort.NOT_BOUND || done == DmaPort.BUSY) {
                throw new ScriptFailure("${this}: guest ${guest.name} has no free buffer there")
            }
            return done
        } catch (LauncherExit bad) {
            throw new ScriptFailure("${this}: ${bad.message}", bad)
        }
    }

    /** Calls a closure with the bytes of each DMA that the guest sends here. */
    Hook receive(@ClosureParams(value = SimpleType, options = 'byte[]') Closure<?> action) {
        guest.hook(Events.dma(key), Verb.BEFORE).run { dma -> action.call(((DmaSentEvent.DmaSent) dma).bytes) }
    }

    @Override
    String toString() { String.format('dma[0x%x]', key) }
}
