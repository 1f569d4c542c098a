package lguest.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import lguest.libc.Libc;

/**
 * A wire to a TAP interface of the host ({@code --tunnet}): with an address of its own, or on a bridge. A thread reads what the host
 * sends and lets the guest take it when it likes; while the guest does not, the host's queue fills. The interface is there until
 * {@link #close}, or until the process ends.
 */
public final class Tap implements Wire {
    /** What {@code --tunnet} has in front of the name of a bridge. */
    public static final String BRIDGE = "bridge:";

    private static final int MOST_WAITING = 256;
    /** As much as one read can bring. */
    private static final int FRAME_BYTES = 1 << 16;
    private static final byte[] ONE = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();

    private final String name;
    private final List<String> description;
    private final byte[] mac;
    private final int descriptor;
    private final int stop;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread reader = new Thread(this::read, "tap reader");
    private Runnable arrived;
    private volatile IOException failure;
    private boolean closed;

    private Tap(TapInterface tap, List<String> description, byte[] mac) {
        this.name = tap.name();
        this.description = description;
        this.mac = mac;
        descriptor = tap.descriptor();
        stop = Libc.eventfd(0, 0);
    }

    /**
     * Makes an interface.
     *
     * @param where its address, {@code 192.168.19.1}, or {@code bridge:br0}
     * @throws IllegalArgumentException if it is neither
     * @throws IOException with the launcher's message, if the host refuses
     */
    public static Tap open(String where) throws IOException {
        String bridge = where.startsWith(BRIDGE) ? where.substring(BRIDGE.length()) : null;
        if (bridge != null && bridge.isEmpty()) {
            throw new IllegalArgumentException("must specify bridge name");
        }
        int address = bridge == null ? address(where) : 0;
        TapInterface tap = TapInterface.create();
        try {
            tap.trustChecksums();
            byte[] mac = tap.configure(address, bridge);
            String net = "tun net " + Ipv4.text(address);
            return new Tap(tap, bridge == null ? List.of(net) : List.of(net, "attached to bridge: " + bridge), mac);
        } catch (IOException | LastErrorException failed) {
            Libc.close(tap.descriptor());
            throw failed;
        }
    }

    private static int address(String where) {
        try {
            return Ipv4.parse(where);
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException("tunnet " + none.getMessage() + ", or bridge:NAME", none);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> description() {
        return description;
    }

    @Override
    public byte[] mac() {
        return mac.clone();
    }

    @Override
    public void plug(Runnable arrived, LongSupplier nanos) {
        this.arrived = arrived;
        reader.setDaemon(true);
        reader.start();
    }

    /** The host's interface takes it at once, or not at all. */
    @Override
    public int send(byte[] frame) {
        try {
            return Libc.write(descriptor, frame, new NativeLong(frame.length)).intValue();
        } catch (LastErrorException refused) {
            return FAILED;
        }
    }

    @Override
    public boolean pending() {
        return !waiting.isEmpty() || failure != null;
    }

    @Override
    public byte[] receive() throws IOException {
        byte[] frame = waiting.poll();
        if (frame == null && failure != null) {
            throw failure;
        }
        return frame;
    }

    // ---- the reader's thread

    private void read() {
        ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES);
        ByteBuffer polls = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        polls.putInt(0, descriptor).putShort(4, Libc.POLLIN).putInt(8, stop).putShort(12, Libc.POLLIN);
        try {
            while (true) {
                Libc.poll(polls, new NativeLong(2), -1);
                if (polls.getShort(14) != 0) {
                    return;
                }
                int bytes = Libc.read(descriptor, frame, new NativeLong(FRAME_BYTES)).intValue();
                if (bytes == 0) {
                    throw new IOException("Success");
                }
                byte[] copy = new byte[bytes];
                frame.get(0, copy);
                waiting.put(copy);
                arrived.run();
            }
        } catch (LastErrorException gone) {
            failed(Libc.failure("reading network", gone));
        } catch (IOException end) {
            failed(end);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(IOException why) {
        failure = why;
        arrived.run();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Libc.write(stop, ONE, new NativeLong(ONE.length));
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException hurry) {
                interrupted = true;
            }
        }
        Libc.close(descriptor);
        Libc.close(stop);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
