package lguest.net;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the cable of a network card leads to. Except where noted everything happens on the thread that runs the guest, so that a
 * wire acts at exact points of its run.
 */
public interface Wire extends AutoCloseable {
    /** {@link #send}: the frame could not be sent. */
    int FAILED = -1;

    /** For recordings and messages. */
    String name();

    /** What {@code --verbose} says of it: {@code tun net 192.168.19.1}; a line each. */
    List<String> description();

    /** What nobody could know who made it, and has to be told: ports that were chosen; a line each. */
    default List<String> news() {
        return List.of();
    }

    /** Ports of this machine that lead to the guest, in the order in which they were asked for. */
    default List<Integer> ports() {
        return List.of();
    }

    /** The address of what is at the far end: six bytes. */
    byte[] mac();

    /**
     * Connects the card, before the guest runs.
     *
     * @param arrived to be called, on any thread, whenever there is something to {@link #receive}
     * @param nanos the guest's time
     */
    void plug(Runnable arrived, LongSupplier nanos);

    /**
     * Takes a frame from the guest.
     *
     * @param frame whatever the guest calls one
     * @return bytes sent, or {@link #FAILED}
     */
    int send(byte[] frame);

    /** Whether {@link #receive} has something to do. Any thread; cheap. */
    boolean pending();

    /**
     * @return the next frame for the guest; null if there is none
     * @throws IOException if there will be none any more, ever
     */
    byte[] receive() throws IOException;

    /** The guest's time, in nanoseconds, at which {@link #expire} is due; {@link Long#MAX_VALUE} if never. */
    default long deadline() {
        return Long.MAX_VALUE;
    }

    /** It is {@link #deadline} or later: what was to be done by then is done, and the deadline is another one. */
    default void expire() {
    }

    /** Lets go of whatever is outside. */
    @Override
    void close();
}
