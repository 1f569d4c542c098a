package lguest.carrier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.LauncherExit;

/**
 * A console at a pseudo-terminal, for programs that want a terminal: {@code screen /dev/pts/3}. The first one there gets everything
 * from the start, the next goes on where the one before has stopped reading. What is typed is the guest's, three ^C and all.
 */
final class PtyCarrier implements Carrier {
    private static final int CHUNK_BYTES = 4096;
    private static final long FAREWELL_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final Pty pty;
    private final ConsoleTranscript transcript;
    private final Bookmark bookmark;
    private final Console console;
    private final Thread writer;
    private final Thread reader;
    private volatile boolean closing;

    private PtyCarrier(Pty pty, ConsoleTranscript transcript, Console console) {
        this.pty = pty;
        this.transcript = transcript;
        this.bookmark = new Bookmark(transcript);
        this.console = console;
        writer = new Thread(this::write, "console " + address() + ", output");
        reader = new Thread(this::read, "console " + address() + ", input");
    }

    /** Opens a console there. @throws LauncherExit {@code console pty: <why>} */
    static PtyCarrier open(ConsoleAddress address, ConsoleTranscript transcript, Console console) {
        try {
            PtyCarrier carrier = new PtyCarrier(Pty.open(), transcript, console);
            for (Thread thread : new Thread[] {carrier.writer, carrier.reader}) {
                thread.setDaemon(true);
                thread.start();
            }
            return carrier;
        } catch (IOException e) {
            throw new LauncherExit(e, "console %s", address);
        }
    }

    @Override
    public ConsoleAddress address() {
        return new ConsoleAddress(ConsoleAddress.Kind.PTY, pty.device().toString());
    }

    private void write() {
        try {
            while (bookmark.await(() -> closing)) {
                bookmark.deliver(pty::write);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        ByteBuffer in = ByteBuffer.allocateDirect(CHUNK_BYTES);
        byte[] typed = new byte[CHUNK_BYTES];
        try {
            for (int bytes; (bytes = pty.read(in)) > 0;) {
                in.get(0, typed, 0, bytes);
                console.type(typed, 0, bytes);
                console.awaitRoom();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing = true;
        transcript.wake();
        try {
            if (pty.attended()) {
                long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
                writer.join(FAREWELL_MILLIS);
                pty.awaitRead(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            }
            pty.stop();
            reader.interrupt();
            writer.join();
            reader.join();
            pty.close();
        } catch (InterruptedException hurry) {
            // Left to the end of the process: the threads may still be at it.
            Thread.currentThread().interrupt();
        }
    }
}
