package lguest.interp;

import lguest.translate.Region;

/**
 * Where regions begin, by linear address, for one privilege: what indirect jumps and RETs lead to in turn is found here without
 * asking page tables and pages. Of all addresses with the same lowest bits it knows the last.
 */
final class Entrances {
    private static final int SLOTS = 1 << 13;

    /** Address, and above it the version of {@link lguest.mem.LinearMemory} for which that is so; none has version 0. */
    private final long[] places = new long[SLOTS];
    private final Region[] regions = new Region[SLOTS];

    /** Null if it is not known. */
    Region at(int linear, int version) {
        int slot = slot(linear);
        return places[slot] == place(linear, version) ? regions[slot] : null;
    }

    void note(int linear, int version, Region region) {
        int slot = slot(linear);
        places[slot] = place(linear, version);
        regions[slot] = region;
    }

    private static int slot(int linear) {
        return (linear ^ linear >>> 13) & SLOTS - 1;
    }

    private static long place(int linear, int version) {
        return (long) version << 32 | linear & 0xFFFFFFFFL;
    }
}
