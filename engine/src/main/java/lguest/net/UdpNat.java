package lguest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** UDP of the guest that goes on as the host's: a socket for each pair of ends, as long as they talk. */
final class UdpNat {
    /** One more, and the one that was silent longest is forgotten. */
    private static final int MOST = 512;
    private static final long SILENCE_NANOS = 120_000_000_000L;

    private final HostSockets sockets;
    private final Timers timers;
    private final Consumer<IpPacket> toGuest;
    private final Map<Ends, Flow> flows = new LinkedHashMap<>(16, 0.75F, true);
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private record Ends(int guest, int guestPort, int peer, int peerPort) {
    }

    UdpNat(HostSockets sockets, Timers timers, Consumer<IpPacket> toGuest) {
        this.sockets = sockets;
        this.timers = timers;
        this.toGuest = toGuest;
    }

    private final class Flow {
        private final Ends ends;
        private final DatagramChannel channel;
        private final SelectionKey key;
        private final Timers.Timer silence;

        Flow(Ends ends, InetSocketAddress to) throws IOException {
            this.ends = ends;
            channel = DatagramChannel.open().connect(to);
            key = sockets.register(channel, this::receive);
            silence = timers.timer(this::close);
            sockets.want(key, SelectionKey.OP_READ);
        }

        void send(byte[] payload) {
            silence.in(SILENCE_NANOS);
            try {
                channel.write(ByteBuffer.wrap(payload));
            } catch (IOException lost) {
                // Nobody there, or no way there: what UDP sends may get lost.
                return;
            }
        }

        private void receive() {
            try {
                while (channel.isOpen() && channel.read(buffer.clear()) >= 0 && buffer.flip().hasRemaining()) {
                    byte[] payload = new byte[buffer.remaining()];
                    buffer.get(payload);
                    silence.in(SILENCE_NANOS);
                    if (payload.length <= UdpDatagram.MOST_BYTES) {
                        toGuest.accept(new UdpDatagram(ends.peerPort(), ends.guestPort(), payload).from(ends.peer(), ends.guest()));
                    }
                }
            } catch (IOException refused) {
                // The answer to something sent: nobody listens there. UDP says nothing of it.
                sockets.want(key, SelectionKey.OP_READ);
                return;
            }
            sockets.want(key, SelectionKey.OP_READ);
        }

        void close() {
            silence.cancel();
            flows.remove(ends);
            try {
                channel.close();
            } catch (IOException unclosed) {
                throw new UncheckedIOException(unclosed);
            }
        }
    }

    /** @param to where the host sends what the guest sends to the packet's destination */
    void send(IpPacket packet, UdpDatagram datagram, InetSocketAddress to) {
        Ends ends = new Ends(packet.source(), datagram.sourcePort(), packet.destination(), datagram.destinationPort());
        Flow flow = flows.get(ends);
        if (flow == null) {
            try {
                flow = new Flow(ends, to);
            } catch (IOException none) {
                return;
            }
            flows.put(ends, flow);
            if (flows.size() > MOST) {
                flows.values().iterator().next().close();
            }
        }
        flow.send(datagram.payload());
    }
}
