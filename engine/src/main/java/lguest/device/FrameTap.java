package lguest.device;

/** Sees the frames of a guest's network card. */
@FunctionalInterface
public interface FrameTap {
    /** Looks away. */
    FrameTap NONE = (outbound, frame) -> { };

    /**
     * A frame leaves the guest, whether or not somebody gets it, or has reached it. A frame for several others is sent, and seen,
     * once for each. On the guest's thread, or on the sender's while the guest has none.
     *
     * @param frame without the checksum at its end; not to be changed
     */
    void frame(boolean outbound, byte[] frame);
}
