package lguest.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where parcels from other processes come in for a station: the other end of {@link StationLine}. */
final class StationDoor implements AutoCloseable {
    private final Path path;
    private final Station station;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** @param path of the socket; one that is there already is a dead station's */
    StationDoor(Path path, Station station) throws IOException {
        this.path = path;
        this.station = station;
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        start(this::accept, "shared net, slot " + station.slot());
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel caller = server.accept();
                open.add(caller);
                start(() -> serve(caller), "shared net, parcels for slot " + station.slot());
            }
        } catch (IOException closed) {
            close();
        }
    }

    private void serve(SocketChannel caller) {
        try (caller) {
            ByteBuffer head = ByteBuffer.allocate(StationLine.HEAD_BYTES);
            while (StationLine.filled(caller, head.clear())) {
                int length = head.getInt(8);
                if (length < 0 || length > StationLine.MOST_BYTES || (head.getInt(0) & 0xFFFFF003) != 0) {
                    return;
                }
                ByteBuffer bytes = ByteBuffer.allocate(length);
                if (!StationLine.filled(caller, bytes)) {
                    return;
                }
                Delivery[] made = new Delivery[1];
                made[0] = new Delivery(head.getInt(0), new Parcel(bytes.array(), head.getInt(4) == 1), () -> answer(caller, made[0]));
                if (!station.accept(made[0])) {
                    made[0].answer(Parcel.NOBODY);
                }
            }
        } catch (IOException gone) {
            // The caller has died; what it sent may still arrive, as on any wire.
        } finally {
            open.remove(caller);
        }
    }

    private void answer(SocketChannel caller, Delivery delivery) {
        try {
            synchronized (caller) {
                caller.write(ByteBuffer.allocate(4).putInt(0, delivery.outcome()));
            }
        } catch (IOException gone) {
            open.remove(caller);
        }
    }

    @Override
    public void close() {
        try {
            if (server.isOpen()) {
                server.close();
                Files.deleteIfExists(path);
            }
            for (SocketChannel caller : open) {
                caller.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
