package lguest.carrier;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a console can be found, or what keeps it: {@code tcp:127.0.0.1:4555}, {@code tcp:4555}, {@code unix:PATH}, {@code pty},
 * {@code log:FILE}.
 *
 * @param where what stands behind the colon; of a pseudo-terminal its device, empty as long as there is none
 */
public record ConsoleAddress(Kind kind, String where) {
    /** What carries it. */
    public enum Kind {
        /** A port of this machine; 0 is any that is free. There is no password, so it cannot be reached from elsewhere. */
        TCP,
        /** A socket in the file system. */
        UNIX,
        /** A pseudo-terminal of the system's choice: a device like {@code /dev/pts/3}, of this user alone. */
        PTY,
        /** A file, each line with the guest's time; it is output only. */
        LOG
    }

    private static final int MOST_PORT = 0xFFFF;

    /** @return null if the text begins like none of them */
    public static ConsoleAddress parse(String text) {
        if (text.equals("pty")) {
            return new ConsoleAddress(Kind.PTY, "");
        }
        for (Kind kind : Kind.values()) {
            String prefix = kind.name().toLowerCase(Locale.ROOT) + ":";
            if (text.startsWith(prefix)) {
                ConsoleAddress address = new ConsoleAddress(kind, text.substring(prefix.length()));
                address.check();
                return address;
            }
        }
        return null;
    }

    private void check() {
        if (kind == Kind.PTY) {
            throw new IllegalArgumentException("console " + this + ": the system names pseudo-terminals, say pty alone");
        }
        if (where.isEmpty()) {
            throw new IllegalArgumentException("console " + this + ": nothing behind the colon");
        }
        if (kind == Kind.TCP) {
            socket();
        }
    }

    /** Whether something can be typed there. */
    public boolean twoWay() {
        return kind != Kind.LOG;
    }

    /** Whether it has a {@link #path} that somebody has chosen. */
    public boolean inFiles() {
        return kind == Kind.UNIX || kind == Kind.LOG;
    }

    public Path path() {
        return Path.of(where);
    }

    /** The same, elsewhere. */
    public ConsoleAddress at(Path path) {
        return new ConsoleAddress(kind, path.toString());
    }

    /** @throws IllegalArgumentException if it is no port of this machine */
    SocketAddress socket() {
        if (kind == Kind.UNIX) {
            return UnixDomainSocketAddress.of(path());
        }
        int colon = where.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : where.substring(0, colon);
        String port = where.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST_PORT) {
            throw new IllegalArgumentException("console " + this + ": port " + port + ", must be 0 to " + MOST_PORT);
        }
        // Only numbers: a name would be asked for in the network.
        if (!host.equals("localhost") && !host.matches("127\\.\\d+\\.\\d+\\.\\d+") && !host.equals("[::1]")) {
            throw new IllegalArgumentException("console " + this + ": " + host + " is not this machine alone: 127.0.0.1 is");
        }
        return new InetSocketAddress(host.equals("localhost") ? InetAddress.getLoopbackAddress() : new InetSocketAddress(host, 0).getAddress(),
            Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (where.isEmpty() && kind == Kind.PTY ? "" : ":" + where);
    }
}
