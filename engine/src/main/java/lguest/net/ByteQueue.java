package lguest.net;

import java.util.Arrays;

/** Bytes that wait, in order; takes as much memory as it has to. */
final class ByteQueue {
    private static final int FIRST_BYTES = 2048;

    private byte[] ring = new byte[0];
    private int start;
    private int size;

    int size() {
        return size;
    }

    void add(byte[] bytes, int offset, int count) {
        if (size + count > ring.length) {
            grow(size + count);
        }
        int end = (start + size) % Math.max(1, ring.length);
        int first = Math.min(count, ring.length - end);
        System.arraycopy(bytes, offset, ring, end, first);
        System.arraycopy(bytes, offset + first, ring, 0, count - first);
        size += count;
    }

    private void grow(int bytes) {
        byte[] larger = Arrays.copyOf(copy(0, size), Math.max(bytes, Math.max(FIRST_BYTES, ring.length * 2)));
        ring = larger;
        start = 0;
    }

    /** Bytes from somewhere on, which stay. */
    byte[] copy(int offset, int count) {
        byte[] bytes = new byte[count];
        if (count > 0) {
            int from = (start + offset) % ring.length;
            int first = Math.min(count, ring.length - from);
            System.arraycopy(ring, from, bytes, 0, first);
            System.arraycopy(ring, 0, bytes, first, count - first);
        }
        return bytes;
    }

    /** Forgets the first ones. */
    void drop(int count) {
        size -= count;
        start = size == 0 ? 0 : (start + count) % ring.length;
        if (size == 0 && ring.length > FIRST_BYTES) {
            ring = new byte[0];
        }
    }
}
