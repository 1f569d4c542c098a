package lguest.dsl

import groovy.transform.CompileStatic
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import lguest.device.NetPeer

/** A program of the script's among the guests of a shared net. */
@CompileStatic
final class Peer implements Closeable {
    private final NetPeer peer
    private final CountDownLatch closed = new CountDownLatch(1)

    Peer(NetPeer peer) { this.peer = peer }

    /** Its slot in the net's page, 0 to 681. */
    int getSlot() { peer.slot() }

    long getFramesReceived() { peer.framesReceived() }

    long getFramesSent() { peer.framesSent() }

    /** Sends a frame of 14 to 1514 bytes to everyone it is for. @return how many that are */
    int send(byte[] frame) { peer.send(frame) }

    /** Stays on the net for some time of the host, for guests of other processes: those of this script run while it waits for them. */
    void listen(Duration time) { closed.await(time.toNanos(), TimeUnit.NANOSECONDS) }

    @Override
    void close() {
        if (closed.count > 0) {
            closed.countDown()
            peer.close()
        }
    }

    @Override
    String toString() { "peer in slot ${slot}: ${framesReceived} frames received, ${framesSent} sent" }
}
