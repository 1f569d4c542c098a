package lguest.load;

import lguest.mem.PhysicalMemory;

/**
 * The RAM of a guest while it is being loaded: what lies above, descriptors and device pages, is not for images.
 *
 * @param sizeBytes at most the size of the memory
 */
record Ram(PhysicalMemory memory, int sizeBytes) {
    private static final int CHUNK_BYTES = 1 << 16;

    /** @param what for the message, e.g. {@code Section 0} */
    void require(String what, long physical, long lengthBytes) {
        if (physical < 0 || physical + lengthBytes > sizeBytes) {
            throw new LoadException("%s does not fit: %d bytes at 0x%x, memory has %d bytes", what,
                lengthBytes, physical, sizeBytes);
        }
    }

    /**
     * Looks for bytes that begin in [from, end).
     *
     * @return physical address of the first ones, -1 if there are none
     */
    int find(byte[] wanted, long from, long end) {
        byte[] window = new byte[CHUNK_BYTES];
        for (long at = from; at < end; at += CHUNK_BYTES - wanted.length + 1) {
            int bytes = (int) Math.min(CHUNK_BYTES, Math.min(end + wanted.length - 1, sizeBytes) - at);
            memory.read((int) at, window, 0, Math.max(bytes, 0));
            for (int i = 0; i + wanted.length <= bytes; i++) {
                if (window[i] == wanted[0] && matches(window, i, wanted)) {
                    return (int) at + i;
                }
            }
        }
        return -1;
    }

    private static boolean matches(byte[] window, int at, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (window[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
