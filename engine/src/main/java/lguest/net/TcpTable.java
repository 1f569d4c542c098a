package lguest.net;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The TCP connections of one host. */
final class TcpTable {
    /** One more is refused. */
    static final int MOST = 4096;

    private static final int FIRST_PORT = 49152;

    private final Timers timers;
    private final BiConsumer<TcpConnection.Ends, Segment> out;
    private final Map<TcpConnection.Ends, TcpConnection> connections = new HashMap<>();
    private int lastPort = FIRST_PORT;

    /** @param out sends a segment to the peer of these ends */
    TcpTable(Timers timers, BiConsumer<TcpConnection.Ends, Segment> out) {
        this.timers = timers;
        this.out = out;
    }

    /** Decides what to do about somebody who wants to connect: sooner or later it accepts, or resets. */
    @FunctionalInterface
    interface Listener {
        /** @return null if nobody listens there */
        Endpoint asked(TcpConnection.Ends ends);
    }

    /** An application to be, and what it does about its connection as soon as there is one. */
    record Endpoint(TcpApplication application, Consumer<TcpConnection> start) {
    }

    int size() {
        return connections.size();
    }

    void receive(IpPacket packet, Listener listener) {
        Segment segment = Segment.parse(packet);
        if (segment == null) {
            return;
        }
        TcpConnection.Ends ends = new TcpConnection.Ends(packet.destination(), segment.destinationPort(), packet.source(),
            segment.sourcePort());
        TcpConnection connection = connections.get(ends);
        boolean asks = segment.has(Segment.SYN) && !segment.has(Segment.ACK);
        if (connection != null && connection.phase() == TcpConnection.Phase.TIME_WAIT && asks) {
            // The same ends, once more: the peer knows that the old connection is over.
            connection.forget();
            connection = null;
        }
        if (connection != null) {
            connection.segment(segment);
        } else if (!segment.has(Segment.RST) && !(asks && ask(ends, segment, listener))) {
            refuse(ends, segment);
        }
    }

    private boolean ask(TcpConnection.Ends ends, Segment syn, Listener listener) {
        Endpoint endpoint = connections.size() < MOST ? listener.asked(ends) : null;
        if (endpoint == null) {
            return false;
        }
        TcpConnection connection = TcpConnection.asked(ends, timers, carrier(ends), endpoint.application(), syn);
        connections.put(ends, connection);
        endpoint.start().accept(connection);
        return true;
    }

    /** @return null if there are too many */
    TcpConnection connect(int address, int peerAddress, int peerPort, TcpApplication application) {
        if (connections.size() >= MOST) {
            return null;
        }
        TcpConnection.Ends ends;
        do {
            lastPort = lastPort == 0xFFFF ? FIRST_PORT : lastPort + 1;
            ends = new TcpConnection.Ends(address, lastPort, peerAddress, peerPort);
        } while (connections.containsKey(ends));
        TcpConnection connection = TcpConnection.connect(ends, timers, carrier(ends), application);
        connections.put(ends, connection);
        return connection;
    }

    private TcpConnection.Carrier carrier(TcpConnection.Ends ends) {
        return new TcpConnection.Carrier() {
            @Override
            public void carry(Segment segment) {
                out.accept(ends, segment);
            }

            @Override
            public void forget(TcpConnection connection) {
                connections.remove(ends, connection);
            }
        };
    }

    /** There is no such connection. */
    private void refuse(TcpConnection.Ends ends, Segment segment) {
        boolean acknowledges = segment.has(Segment.ACK);
        out.accept(ends, new Segment(ends.port(), ends.peerPort(), acknowledges ? segment.acknowledgment() : 0,
            acknowledges ? 0 : segment.sequence() + segment.length(), acknowledges ? Segment.RST : Segment.RST | Segment.ACK, 0, 0,
            Segment.UNSAID, Segment.NO_BYTES));
    }
}
