package lguest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** A port of the host's loopback interface that leads to one of the guest. To the guest everybody who comes that way is its router. */
abstract class Door<C extends SelectableChannel & NetworkChannel> implements AutoCloseable {
    private final C channel;

    /** @param channel to be bound, or closed if it cannot be */
    Door(C channel, int port) throws IOException {
        this.channel = channel;
        try {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            channel.close();
            throw taken;
        }
    }

    /** @throws IOException {@code forward 8022:22: Address already in use} */
    static Door<?> open(UserNetPlan.Forward forward) throws IOException {
        try {
            return forward.transport() == Transport.UDP ? new UdpDoor(forward.port(), forward.to()) : new TcpDoor(forward.port(), forward.to());
        } catch (IOException taken) {
            throw new IOException("forward " + forward + ": " + taken.getMessage(), taken);
        }
    }

    final C channel() {
        return channel;
    }

    /** The port of the host. */
    final int port() {
        try {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Lets in who comes, from now on. */
    abstract void listen(HostSockets sockets, UserNet net) throws IOException;

    /** Does something, on the guest's thread, whenever somebody is there. */
    final void whenever(HostSockets sockets, int operation, Runnable action) throws IOException {
        SelectionKey[] key = new SelectionKey[1];
        key[0] = sockets.register(channel, () -> {
            action.run();
            sockets.want(key[0], operation);
        });
        sockets.want(key[0], operation);
    }

    /** @return whether it is the guest's answer to somebody who came this way, who has got it */
    boolean answered(UdpDatagram datagram) {
        return false;
    }

    @Override
    public final void close() {
        try {
            channel.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
    }
}
