package lguest.net;

/** The Internet's checksum (RFC 1071). */
final class Checksum {
    private Checksum() {
    }

    /** Adds up words, high byte first. @param sum of what was before, an even number of bytes */
    static int sum(int sum, byte[] bytes, int offset, int count) {
        long total = sum & 0xFFFFFFFFL;
        int end = offset + count;
        int at = offset;
        for (; at + 1 < end; at += 2) {
            total += (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
        }
        if (at < end) {
            total += (bytes[at] & 0xFF) << 8;
        }
        return (int) ((total & 0xFFFF) + (total >>> 16 & 0xFFFF) + (total >>> 32));
    }

    /** The checksum itself: 0 for bytes that have the right one in them. */
    static int fold(int sum) {
        int folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return ~folded & 0xFFFF;
    }

    /** What TCP and UDP have in front of themselves, in thought. */
    static int pseudoHeader(int source, int destination, int protocol, int bytes) {
        return (source >>> 16) + (source & 0xFFFF) + (destination >>> 16) + (destination & 0xFFFF) + protocol + bytes;
    }
}
