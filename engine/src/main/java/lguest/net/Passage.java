package lguest.net;

import java.time.Duration;
import java.util.SplittableRandom;

/** A frame on its way along a wire, in the hands of somebody who may change, delay, double or drop it. */
public final class Passage {
    private final boolean outbound;
    private final long number;
    private final long nanos;
    private final SplittableRandom random;
    private byte[] bytes;
    private long delayNanos;
    private int copies = 1;

    Passage(boolean outbound, long number, long nanos, SplittableRandom random, byte[] bytes) {
        this.outbound = outbound;
        this.number = number;
        this.nanos = nanos;
        this.random = random;
        this.bytes = bytes;
    }

    /** Whether it comes from the guest; otherwise it is for it. */
    public boolean isOutbound() {
        return outbound;
    }

    /** Counts the frames of both directions, from 1. */
    public long getNumber() {
        return number;
    }

    /** The guest's time, in nanoseconds. */
    public long getNanos() {
        return nanos;
    }

    /** Destination, source, type, payload: to be changed, or replaced by {@link #setBytes}. */
    public byte[] getBytes() {
        return bytes;
    }

    public void setBytes(byte[] other) {
        bytes = other.clone();
    }

    public int getLength() {
        return bytes.length;
    }

    /** Whether something happens that does so with a probability of 0 to 1: the same in every run of a guest. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** It does not arrive. */
    public void drop() {
        copies = 0;
    }

    /** It arrives once more often. */
    public void duplicate() {
        copies++;
    }

    /** It arrives later by some of the guest's time; others may overtake it. */
    public void delayNanos(long more) {
        if (more < 0) {
            throw new IllegalArgumentException("a delay of " + more + " ns");
        }
        delayNanos += more;
    }

    public void delay(Duration more) {
        delayNanos(more.toNanos());
    }

    /** Flips a bit somewhere behind the addresses: checksums should notice. */
    public void corrupt() {
        int from = Math.min(2 * Ethernet.MAC_BYTES, bytes.length - 1);
        bytes[from + random.nextInt(bytes.length - from)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }

    int copies() {
        return copies;
    }

    long delay() {
        return delayNanos;
    }

    @Override
    public String toString() {
        return (outbound ? "outbound" : "inbound") + " frame " + number + " of " + bytes.length + " bytes";
    }
}
