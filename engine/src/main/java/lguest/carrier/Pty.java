package lguest.carrier;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import lguest.libc.Libc;

/**
 * A pseudo-terminal: this end of it, and a device for somebody at the other. It is raw, so that every byte goes through as it is. The
 * device is open here, too: the system keeps what has not been read there, some KiB, for whoever opens it next.
 */
final class Pty implements AutoCloseable {
    private static final int NAME_BYTES = 128;
    /** More than any system's. */
    private static final int TERMIOS_BYTES = 256;
    private static final int EVENTS_BYTES = 4096;
    private static final byte[] ONE = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();

    private final int here;
    private final Path device;
    private final int stop;
    private int there;

    private Pty(int here, Path device, int there) {
        this.here = here;
        this.device = device;
        this.there = there;
        stop = Libc.eventfd(0, 0);
    }

    /** Makes one for this user alone. */
    static Pty open() throws IOException {
        if (!Platform.isLinux()) {
            throw new IOException("only on Linux");
        }
        try {
            int here = Libc.posix_openpt(Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK);
            try {
                Path device = device(here);
                Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-------"));
                return new Pty(here, device, Libc.open(device.toString(), Libc.O_RDWR | Libc.O_NOCTTY));
            } catch (IOException | LastErrorException failed) {
                Libc.close(here);
                throw failed;
            }
        } catch (LastErrorException refused) {
            throw Libc.failure("no pseudo-terminal", refused);
        }
    }

    private static Path device(int here) throws IOException {
        Libc.grantpt(here);
        Libc.unlockpt(here);
        byte[] settings = new byte[TERMIOS_BYTES];
        Libc.tcgetattr(here, settings);
        Libc.cfmakeraw(settings);
        Libc.tcsetattr(here, Libc.TCSANOW, settings);
        byte[] name = new byte[NAME_BYTES];
        if (Libc.ptsname_r(here, name, new NativeLong(NAME_BYTES)) != 0) {
            throw new IOException("a pseudo-terminal without a name");
        }
        int end = 0;
        while (name[end] != 0) {
            end++;
        }
        return Path.of(new String(name, 0, end, StandardCharsets.UTF_8));
    }

    /** {@code /dev/pts/3}. */
    Path device() {
        return device;
    }

    /** Waits for what is typed. @return bytes read; 0 once it is {@linkplain #stop stopped}, or all have closed the device */
    int read(ByteBuffer to) {
        return await(here, Libc.POLLIN, -1) ? Libc.read(here, to, new NativeLong(to.capacity())).intValue() : 0;
    }

    /** Waits until all has room. @throws InterruptedException once it is {@linkplain #stop stopped}, or all have closed the device */
    void write(byte[] bytes) throws InterruptedException {
        for (int done = 0; done < bytes.length;) {
            if (!await(here, Libc.POLLOUT, -1)) {
                throw new InterruptedException();
            }
            byte[] rest = new byte[bytes.length - done];
            System.arraycopy(bytes, done, rest, 0, rest.length);
            done += writeSome(rest);
        }
    }

    private int writeSome(byte[] bytes) {
        try {
            return Libc.write(here, bytes, new NativeLong(bytes.length)).intValue();
        } catch (LastErrorException full) {
            if (full.getErrorCode() == Libc.EAGAIN) {
                return 0;
            }
            throw full;
        }
    }

    /** @param timeoutMillis -1: for ever @return false if time is over, nobody is at the other end any more, or it is stopped */
    private boolean await(int descriptor, short what, int timeoutMillis) {
        ByteBuffer polls = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        polls.putInt(0, descriptor).putShort(4, what).putInt(8, stop).putShort(12, Libc.POLLIN);
        Libc.poll(polls, new NativeLong(2), timeoutMillis);
        return polls.getShort(14) == 0 && (polls.getShort(6) & what) != 0;
    }

    /** Whether anybody else has the device open. */
    boolean attended() {
        Libc.close(there);
        ByteBuffer poll = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).putInt(0, here);
        Libc.poll(poll, new NativeLong(1), 0);
        boolean attended = (poll.getShort(6) & Libc.POLLHUP) == 0;
        there = Libc.open(device.toString(), Libc.O_RDWR | Libc.O_NOCTTY);
        return attended;
    }

    /** Waits until somebody has read all that is written, or closes the device. */
    void awaitRead(long timeoutMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        int events = Libc.inotify_init1(0);
        try {
            Libc.inotify_add_watch(events, device.toString(), Libc.IN_ACCESS | Libc.IN_CLOSE_WRITE);
            ByteBuffer seen = ByteBuffer.allocateDirect(EVENTS_BYTES);
            while (await(there, Libc.POLLIN, 0)
                && await(events, Libc.POLLIN, (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())))) {
                Libc.read(events, seen, new NativeLong(EVENTS_BYTES));
            }
        } finally {
            Libc.close(events);
        }
    }

    /** Nobody waits here any longer. */
    void stop() {
        Libc.write(stop, ONE, new NativeLong(ONE.length));
    }

    /** Once, when it is {@linkplain #stop stopped} and nobody is in it. */
    @Override
    public void close() {
        Libc.close(there);
        Libc.close(here);
        Libc.close(stop);
    }
}
