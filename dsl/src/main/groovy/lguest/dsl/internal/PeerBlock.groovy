package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.file.Path
import lguest.device.NetPeer
import lguest.dsl.Peer
import lguest.dsl.PeerSpec
import lguest.dsl.ScriptFailure
import lguest.dsl.Session

/** Turns the words of a peer block into a peer. */
@CompileStatic
final class PeerBlock implements PeerSpec {
    private final Session session
    private final Thread script = Thread.currentThread()
    private byte[] mac = [2, 0, 0, 0, 7, 0]
    private Closure<?> received
    private NetPeer peer

    private PeerBlock(Session session) { this.session = session }

    static Peer of(Session session, Path file, @DelegatesTo(value = PeerSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        PeerBlock words = Delegation.configure(block, PeerSpec, new PeerBlock(session))
        Closure<?> action = words.received == null ? null : Delegation.bound(words.received, words)
        words.peer = NetPeer.join(file, words.mac, { byte[] frame -> words.deliver(action, frame) })
        new Peer(words.peer)
    }

    /** On a thread of its own nobody would hear of a failure but for the log. */
    private void deliver(Closure action, byte[] frame) {
        try {
            action?.call(frame)
        } catch (RuntimeException failed) {
            if (Thread.currentThread().is(script)) {
                throw failed
            }
            session.log("peer: ${session.describe(failed, false)}")
        }
    }

    @Override
    void mac(Object address) {
        List<String> parts = address.toString().tokenize(':')
        if (parts.size() != NetPeer.MAC_BYTES || !parts.every { it ==~ /[0-9A-Fa-f]{1,2}/ } || parts[0] ==~ /0+/) {
            throw new ScriptFailure("mac ${address}: give six bytes, '02:00:00:00:07:00', the first one not 0")
        }
        int promiscuous = mac[0] & 1
        parts.eachWithIndex { String part, int i -> mac[i] = (byte) Integer.parseInt(part, 16) }
        mac[0] = (byte) (mac[0] & ~1 | promiscuous)
    }

    @Override
    void promiscuous() { mac[0] = (byte) (mac[0] | 1) }

    @Override
    void received(Closure<?> action) { received = action }

    @Override
    int send(byte[] frame) {
        if (peer == null) {
            throw new ScriptFailure('peer: send belongs into received { }')
        }
        peer.send(frame)
    }
}
