package lguest.machine

import groovy.transform.Canonical
import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.security.MessageDigest
import lguest.probe.Event
import lguest.probe.Verb

/** What two equal runs have in common: all of it. */
@Canonical
@CompileStatic
class Recorded {
    String reason
    String console
    long instructions
    long nanos
    String memory
    List<Integer> registers
    /** SHA-256 of every hypercall, its arguments and the count of instructions when it was made; empty if nobody looked. */
    String trace

    static Recorded of(Guest guest, MessageDigest trace = null) {
        new Recorded(guest.exitReason(), guest.transcript().bytes(0).encodeBase64() as String, guest.instructions(), guest.nanos(),
            guest.memoryHash().encodeHex() as String, guest.cpu().regs.toList(), trace ? trace.digest().encodeHex() as String : '')
    }

    /** Notes every hypercall from now on. */
    static MessageDigest trace(Guest guest) {
        def digest = MessageDigest.getInstance('SHA-256')
        def entry = ByteBuffer.allocate(32)
        guest.probes().add(new Event.HypercallEvent(Event.ANY), Verb.BEFORE, null, { lguest.probe.Occurrence it ->
            entry.clear()
            entry.putLong(guest.instructions()).putInt(it.number).putInt(it.a1).putInt(it.a2).putInt(it.a3).putInt(it.asynchronous ? 1 : 0)
            digest.update(entry.array(), 0, entry.position())
        }, 'trace')
        return digest
    }
}
