package lguest.net;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What arrives of a stream, put in order. Positions count from its first byte. */
final class Arrivals {
    /** Segments that are too early; more than fit into the window if they are full. */
    private static final int MOST_EARLY = 256;

    private final ByteQueue inOrder = new ByteQueue();
    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private final int capacity;
    private long expected;

    Arrivals(int capacityBytes) {
        capacity = capacityBytes;
    }

    /** The position of the next byte. */
    long expected() {
        return expected;
    }

    /** What is there to be read. */
    ByteQueue inOrder() {
        return inOrder;
    }

    /** How many more may come. */
    int room() {
        return capacity - inOrder.size();
    }

    /** @param bytes what is already there, or finds no room, is ignored */
    void add(long position, byte[] bytes) {
        int skip = (int) Math.max(0, expected - position);
        int take = (int) Math.min(bytes.length, expected + room() - position);
        if (take <= skip) {
            return;
        }
        if (position > expected) {
            byte[] known = early.get(position);
            if (known == null ? early.size() < MOST_EARLY : known.length < take) {
                early.put(position, Arrays.copyOf(bytes, take));
            }
            return;
        }
        inOrder.add(bytes, skip, take - skip);
        expected += take - skip;
        for (Map.Entry<Long, byte[]> next; (next = early.firstEntry()) != null && next.getKey() <= expected;) {
            early.remove(next.getKey());
            byte[] more = next.getValue();
            int old = (int) (expected - next.getKey());
            if (more.length > old) {
                inOrder.add(more, old, more.length - old);
                expected += more.length - old;
            }
        }
    }
}
