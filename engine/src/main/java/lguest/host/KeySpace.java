package lguest.host;

import lguest.device.Parcel;

/**
 * What lies under a DMA key. A key is a physical address; two keys are the same if they are the same word of memory, be
 * it this guest's own or a file that several guests map.
 */
@FunctionalInterface
public interface KeySpace {
    /** Every key is this guest's own. */
    KeySpace PRIVATE = key -> key & 0xFFFFFFFFL;

    /**
     * Equal for keys that are the same word: below 2^32 the address of a private word; otherwise a word that other
     * guests of this machine can name too, upper half a number for the file, lower half the offset in it.
     *
     * @param key 4-byte aligned, inside the guest
     */
    long identity(int key);

    /** The guest has bound a key. @param index which of its bindings, 0 to 31 */
    default void bound(int index, int key) {
    }

    /** The opposite of {@link #bound}. */
    default void unbound(int index, int key) {
    }

    /**
     * Sends to the guest that bound a shared key last.
     *
     * @return bytes transferred, or a constant of {@link Parcel}
     */
    default int send(int key, Parcel parcel) {
        return Parcel.NOBODY;
    }

    /** Whether other guests can name the word. */
    static boolean isShared(long identity) {
        return identity >>> 32 != 0;
    }
}
