package lguest.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@link Door} for datagrams. The guest sees them come from the port that they were sent from, and what it sends back there arrives. */
final class UdpDoor extends Door<DatagramChannel> {
    /** One more, and the one that was silent longest gets no answers any more. */
    private static final int MOST_CALLERS = 512;

    private final int to;
    private final Map<Integer, SocketAddress> callers = new LinkedHashMap<>(16, 0.75F, true);
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    UdpDoor(int port, int to) throws IOException {
        super(DatagramChannel.open(), port);
        this.to = to;
    }

    @Override
    void listen(HostSockets sockets, UserNet net) throws IOException {
        whenever(sockets, SelectionKey.OP_READ, () -> receive(net));
    }

    private void receive(UserNet net) {
        try {
            for (SocketAddress from; (from = channel().receive(buffer.clear())) != null;) {
                byte[] payload = new byte[buffer.flip().remaining()];
                buffer.get(payload);
                int port = ((InetSocketAddress) from).getPort();
                callers.put(port, from);
                if (callers.size() > MOST_CALLERS) {
                    callers.remove(callers.keySet().iterator().next());
                }
                if (payload.length <= UdpDatagram.MOST_BYTES) {
                    net.sendToGuest(new UdpDatagram(port, to, payload));
                }
            }
        } catch (IOException refused) {
            // An answer came too late for somebody: that says nothing about who comes next.
            return;
        }
    }

    @Override
    boolean answered(UdpDatagram datagram) {
        SocketAddress caller = datagram.sourcePort() == to ? callers.get(datagram.destinationPort()) : null;
        if (caller == null) {
            return false;
        }
        try {
            channel().send(ByteBuffer.wrap(datagram.payload()), caller);
        } catch (IOException lost) {
            // What UDP sends may get lost.
            return true;
        }
        return true;
    }
}
