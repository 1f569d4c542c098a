package lguest.cpu;

/**
 * Segments that were loaded before. Whether a selector may be loaded depends on what for, on the privilege level and on the
 * descriptor; where all of these are the same again, so is what comes of it. The descriptor is always read, so nobody has to tell of
 * tables that change.
 */
public final class KnownSegments {
    /** Into ES, DS, FS or GS. */
    public static final int DATA = 0;
    /** Into SS. */
    public static final int STACK = 1;
    /** Into CS, by a jump or call that names it. */
    public static final int DIRECT = 2;
    /** Into CS, through a gate. */
    public static final int GATED = 3;
    /** Into CS, by a return. */
    public static final int RETURNED = 4;

    private static final int USES = 8;
    private static final int SIZE = 128;

    private record Known(int key, long descriptor, Segment segment) {
    }

    private final Known[] known = new Known[SIZE];

    /**
     * A segment that was loaded in the same way.
     *
     * @param selector 16 bits
     * @return not to be altered; null if there was none, or it is remembered no more
     */
    public Segment find(int use, int selector, int cpl, long descriptor) {
        Known candidate = known[slot(use, selector)];
        return candidate != null && candidate.key == key(use, selector, cpl) && candidate.descriptor == descriptor ? candidate.segment : null;
    }

    /**
     * Remembers one that may be loaded.
     *
     * @param descriptor with its accessed bit
     * @return the segment, not to be altered
     */
    public Segment note(int use, int selector, int cpl, long descriptor) {
        Segment segment = new Segment();
        segment.load(selector, (int) descriptor, (int) (descriptor >>> 32));
        known[slot(use, selector)] = new Known(key(use, selector, cpl), descriptor, segment);
        return segment;
    }

    private static int slot(int use, int selector) {
        return (selector >>> 3) * USES + use & SIZE - 1;
    }

    private static int key(int use, int selector, int cpl) {
        return selector << 5 | cpl << 3 | use;
    }
}
