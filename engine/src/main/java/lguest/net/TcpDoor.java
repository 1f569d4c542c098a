package lguest.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A {@link Door} for connections: each goes on as one to the guest. */
final class TcpDoor extends Door<ServerSocketChannel> {
    private final int to;

    TcpDoor(int port, int to) throws IOException {
        super(ServerSocketChannel.open(), port);
        this.to = to;
    }

    @Override
    void listen(HostSockets sockets, UserNet net) throws IOException {
        whenever(sockets, SelectionKey.OP_ACCEPT, () -> accept(sockets, net));
    }

    private void accept(HostSockets sockets, UserNet net) {
        try {
            for (SocketChannel from; (from = channel().accept()) != null;) {
                TcpRelay relay = TcpRelay.inward(sockets, from);
                relay.belongsTo(net.connectToGuest(to, relay));
            }
        } catch (IOException lost) {
            // Who came has gone again, or there are too many files open: the next one may have more luck.
            return;
        }
    }
}
