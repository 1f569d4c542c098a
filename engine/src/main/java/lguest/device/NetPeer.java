package lguest.device;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A program on a shared net: it has a slot and a MAC address like a guest's card, and neither processor nor memory. */
public final class NetPeer implements AutoCloseable {
    public static final int MAC_BYTES = 6;
    /** The shortest frame, addresses and type; and the longest, without checksum. */
    public static final int SHORTEST = 14;
    public static final int LONGEST = 1514;

    private final SharedFile file;
    private final Station station;
    private final Consumer<byte[]> received;
    private final ReentrantLock taking = new ReentrantLock();
    private final AtomicLong framesReceived = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();

    private NetPeer(SharedFile file, Path path, Consumer<byte[]> received) {
        this.file = file;
        this.received = received;
        station = file.takeSlot(path, this::take);
    }

    /**
     * Takes the lowest free slot of a net until {@link #close}.
     *
     * @param mac six bytes; bit 0 of the first means that it wants to hear every frame, whoever it is for
     * @param received gets each frame, 14 to 1514 bytes, one after the other, on the thread that sends it: a guest's, or one that
     *     serves another process. Whoever sent it has gone on
     * @throws LauncherExit as for {@link SharedNet#open}
     */
    public static NetPeer join(Path path, byte[] mac, Consumer<byte[]> received) {
        if (mac.length != MAC_BYTES || mac[0] == 0) {
            throw new IllegalArgumentException("a MAC address has six bytes, the first one not 0");
        }
        NetPeer peer = new NetPeer(SharedFile.open(path), path, received);
        peer.station.bind(0, peer.slot() * Integer.BYTES);
        // The first byte last: it says that somebody is here.
        for (int i = MAC_BYTES - 1; i >= 0; i--) {
            peer.file.page().put(peer.slot() * MAC_BYTES + i, mac[i]);
        }
        return peer;
    }

    /** 0 to 681. */
    public int slot() {
        return station.slot();
    }

    public long framesReceived() {
        return framesReceived.get();
    }

    public long framesSent() {
        return framesSent.get();
    }

    /**
     * Sends a frame to everyone it is for, as a guest's driver would: to all if it is a broadcast or multicast, else to who has the
     * address, and in any case to those who want to hear everything. Waits for nobody: who has no free buffer misses it.
     *
     * @param frame 14 to 1514 bytes: destination, source, type, payload
     * @return how many it was for
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public int send(byte[] frame) {
        if (frame.length < SHORTEST || frame.length > LONGEST) {
            throw new IllegalArgumentException("a frame of " + frame.length + " bytes: must be " + SHORTEST + " to " + LONGEST);
        }
        int recipients = 0;
        for (int slot = 0; slot < SharedFile.SLOTS; slot++) {
            if (slot != slot() && isFor(slot, frame)) {
                station.send(new Delivery(slot * Integer.BYTES, new Parcel(frame.clone(), true), () -> { }));
                recipients++;
            }
        }
        framesSent.incrementAndGet();
        return recipients;
    }

    private boolean isFor(int slot, byte[] frame) {
        ByteBuffer page = file.page();
        int first = page.get(slot * MAC_BYTES);
        if (first == 0) {
            return false;
        }
        if (((frame[0] | first) & 1) != 0) {
            return true;
        }
        for (int i = 0; i < MAC_BYTES; i++) {
            if (page.get(slot * MAC_BYTES + i) != frame[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whoever finds somebody at it already leaves its frame to that one. */
    private void take() {
        while (station.hasPost() && !taking.isHeldByCurrentThread() && taking.tryLock()) {
            try {
                for (Delivery next; (next = station.next()) != null;) {
                    byte[] bytes = next.parcel().bytes();
                    station.done(next, next.parcel().sound() ? bytes.length : Parcel.UNSOUND);
                    if (next.parcel().sound() && bytes.length >= SHORTEST && bytes.length <= LONGEST) {
                        framesReceived.incrementAndGet();
                        received.accept(bytes);
                    }
                }
            } finally {
                taking.unlock();
            }
        }
    }

    /** Leaves the net: its MAC address goes, too. */
    @Override
    public void close() {
        for (int i = 0; i < MAC_BYTES; i++) {
            file.page().put(slot() * MAC_BYTES + i, (byte) 0);
        }
        station.close();
    }
}
