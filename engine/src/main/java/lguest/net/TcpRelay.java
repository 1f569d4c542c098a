package lguest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;

/** A TCP connection of the guest that goes on as one of the host. Each direction ends when it ends on the other side. */
final class TcpRelay implements TcpApplication {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final HostSockets sockets;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
    private TcpConnection connection;
    private boolean opened;
    private boolean hostEnded;
    private boolean guestEnded;

    private TcpRelay(HostSockets sockets, SocketChannel channel) throws IOException {
        this.sockets = sockets;
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = sockets.register(channel, this::ready);
    }

    /** The guest wants to connect to a program of the host, or beyond. @return null if that cannot be */
    static TcpTable.Endpoint outward(HostSockets sockets, InetSocketAddress to) {
        try {
            TcpRelay relay = new TcpRelay(sockets, SocketChannel.open());
            return new TcpTable.Endpoint(relay, connection -> relay.connect(connection, to));
        } catch (IOException none) {
            return null;
        }
    }

    /** A program of the host has connected to a port that leads to the guest. */
    static TcpRelay inward(HostSockets sockets, SocketChannel from) throws IOException {
        return new TcpRelay(sockets, from);
    }

    /** Which connection of the guest it belongs to; null ends it. */
    void belongsTo(TcpConnection guests) {
        connection = guests;
        if (guests == null) {
            gone(true);
        }
    }

    private void connect(TcpConnection guests, InetSocketAddress to) {
        connection = guests;
        try {
            if (channel.connect(to)) {
                connection.accept();
            } else {
                sockets.want(key, SelectionKey.OP_CONNECT);
            }
        } catch (IOException | UnresolvedAddressException refused) {
            connection.reset();
        }
    }

    private void ready() {
        if (connection == null || !channel.isOpen()) {
            return;
        }
        try {
            if (channel.isConnectionPending()) {
                if (channel.finishConnect()) {
                    connection.accept();
                } else {
                    sockets.want(key, SelectionKey.OP_CONNECT);
                }
                return;
            }
            toHost();
            fromHost();
        } catch (IOException broken) {
            connection.reset();
        }
    }

    private void fromHost() throws IOException {
        while (opened && !hostEnded && channel.isOpen() && connection.room() > 0) {
            int bytes = channel.read(buffer.clear().limit(Math.min(CHUNK_BYTES, connection.room())));
            if (bytes < 0) {
                hostEnded = true;
                connection.finish();
            } else if (bytes == 0) {
                sockets.want(key, SelectionKey.OP_READ);
                return;
            } else {
                connection.write(buffer.array(), 0, bytes);
            }
        }
    }

    private void toHost() throws IOException {
        ByteQueue in = connection.read();
        while (in.size() > 0) {
            byte[] chunk = in.copy(0, Math.min(in.size(), CHUNK_BYTES));
            int bytes = channel.write(ByteBuffer.wrap(chunk));
            connection.consumed(bytes);
            if (bytes < chunk.length) {
                sockets.want(key, SelectionKey.OP_WRITE);
                return;
            }
        }
        if (connection.drained() && !guestEnded) {
            guestEnded = true;
            channel.shutdownOutput();
        }
    }

    private void move(boolean out) {
        try {
            if (out) {
                toHost();
            } else {
                fromHost();
            }
        } catch (IOException broken) {
            connection.reset();
        }
    }

    @Override
    public void opened() {
        opened = true;
        move(false);
    }

    @Override
    public void readable() {
        move(true);
    }

    @Override
    public void writable() {
        move(false);
    }

    @Override
    public void ended() {
        move(true);
    }

    @Override
    public void gone(boolean broken) {
        try {
            if (broken && channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
    }
}
