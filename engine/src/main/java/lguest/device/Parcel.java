package lguest.device;

/**
 * What one guest sends another: the bytes of all sections of its {@code struct lguest_dma}.
 *
 * @param bytes at most 16 sections of a page
 * @param sound whether the sender's list is one the Host accepts; if not, the bytes are none and the receiver gets nothing
 */
public record Parcel(byte[] bytes, boolean sound) {
    /** Outcome of a send, where 0 and more are bytes transferred: nobody else has bound the key. */
    public static final int NOBODY = -1;
    /** Outcome: every buffer of the receiver is full; it was interrupted all the same. */
    public static final int FULL = -2;
    /** Outcome: there was a free buffer, but the sender's list is not {@link #sound}. */
    public static final int UNSOUND = -3;
}
