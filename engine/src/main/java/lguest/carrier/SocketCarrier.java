package lguest.carrier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.LauncherExit;

/**
 * A console at a socket, for one caller at a time. The first caller gets everything from the start, the next goes on where the one
 * before stopped; what was under way to one who vanished is lost with him. What the caller types is the guest's, three ^C and all.
 *
 * <p>The guest never waits for a caller. One who is slower than the transcript forgets (8 MiB, at least) is told how much is missing.
 * At the end a caller has two seconds to take the rest.
 */
final class SocketCarrier implements Carrier {
    private static final int CHUNK_BYTES = 4096;
    private static final long FAREWELL_MILLIS = TimeUnit.SECONDS.toMillis(2);
    private static final String BUSY = "lguest: somebody else is at this console\r\n";

    private final ConsoleAddress address;
    private final ServerSocketChannel server;
    private final ConsoleTranscript transcript;
    private final Console console;
    private Thread acceptor;
    private Caller caller;
    private volatile boolean closing;
    /** Where the next caller goes on. */
    private final Bookmark bookmark;

    private SocketCarrier(ConsoleAddress address, ServerSocketChannel server, ConsoleTranscript transcript, Console console) {
        this.address = address;
        this.server = server;
        this.transcript = transcript;
        this.bookmark = new Bookmark(transcript);
        this.console = console;
    }

    /**
     * Opens a console there.
     *
     * @throws LauncherExit {@code console <address>: <why>}
     */
    static SocketCarrier listen(ConsoleAddress address, ConsoleTranscript transcript, Console console) {
        try {
            SocketCarrier carrier = new SocketCarrier(address, bind(address), transcript, console);
            carrier.acceptor = start(carrier::accept, "console " + address);
            return carrier;
        } catch (IOException e) {
            throw new LauncherExit(e, "console %s", address);
        }
    }

    private static ServerSocketChannel bind(ConsoleAddress address) throws IOException {
        boolean unix = address.kind() == ConsoleAddress.Kind.UNIX;
        if (unix) {
            removeDead(address.path());
        }
        ServerSocketChannel server = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            return server.bind(address.socket());
        } catch (IOException | RuntimeException refused) {
            server.close();
            throw refused;
        }
    }

    /** A socket that nobody listens at is what a launcher that was killed has left; anything else stays. */
    private static void removeDead(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
            && Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther() && !answers(path)) {
            Files.delete(path);
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel call = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return call.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    private static Thread start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** With the port that was free, if any would do. */
    @Override
    public ConsoleAddress address() {
        try {
            return server.getLocalAddress() instanceof InetSocketAddress socket
                ? new ConsoleAddress(ConsoleAddress.Kind.TCP, socket.getAddress().getHostAddress() + ":" + socket.getPort()) : address;
        } catch (IOException closed) {
            return address;
        }
    }

    private void accept() {
        try {
            while (true) {
                welcome(server.accept());
            }
        } catch (IOException closed) {
            // The end of it, by close().
            return;
        }
    }

    private synchronized void welcome(SocketChannel channel) throws IOException {
        if (closing || caller != null) {
            // Some words for a socket's empty buffer: this does not wait.
            try (channel) {
                channel.write(ByteBuffer.wrap(BUSY.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException gone) {
                return;
            }
            return;
        }
        caller = new Caller(channel);
        caller.writer = start(caller::write, "console " + address + ", output");
        caller.reader = start(caller::read, "console " + address + ", input");
    }

    private synchronized void left(Caller who) {
        if (caller == who) {
            caller = null;
        }
    }

    /** Who is at it. */
    private final class Caller {
        private final SocketChannel channel;
        private Thread writer;
        private Thread reader;

        Caller(SocketChannel channel) {
            this.channel = channel;
        }

        void write() {
            try (channel) {
                while (bookmark.await(() -> closing || !channel.isOpen()) && channel.isOpen()) {
                    bookmark.deliver(this::send);
                }
            } catch (IOException gone) {
                // As good as a farewell: the next one goes on from here.
                return;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                left(this);
            }
        }

        private void send(byte[] bytes) throws IOException {
            for (ByteBuffer out = ByteBuffer.wrap(bytes); out.hasRemaining();) {
                channel.write(out);
            }
        }

        void read() {
            ByteBuffer in = ByteBuffer.allocate(CHUNK_BYTES);
            try (channel) {
                while (channel.read(in.clear()) >= 0) {
                    console.type(in.array(), 0, in.position());
                    console.awaitRoom();
                }
            } catch (IOException gone) {
                // The same as its end.
                return;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                transcript.wake();
            }
        }

        void dismiss() {
            try {
                writer.join(FAREWELL_MILLIS);
                channel.close();
                reader.interrupt();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        Caller last;
        synchronized (this) {
            closing = true;
            last = caller;
        }
        transcript.wake();
        if (last != null) {
            last.dismiss();
        }
        try {
            server.close();
            // Until it has noticed, the address is taken.
            acceptor.join(FAREWELL_MILLIS);
            if (address.kind() == ConsoleAddress.Kind.UNIX) {
                Files.deleteIfExists(address.path());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
