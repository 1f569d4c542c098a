package lguest.interp;

import java.util.Arrays;
import java.util.BitSet;

/** Linear addresses at which execution stops before the instruction there. Blocks are cut so that each begins one. */
final class Breakpoints {
    private int[] addresses = {};

    boolean contains(int linear) {
        return addresses.length != 0 && Arrays.binarySearch(addresses, linear) >= 0;
    }

    boolean isEmpty() {
        return addresses.length == 0;
    }

    /** Their offsets in whatever page. */
    BitSet offsets() {
        BitSet offsets = new BitSet();
        for (int linear : addresses) {
            offsets.set(linear & 0xFFF);
        }
        return offsets;
    }

    void set(int[] linear) {
        addresses = linear.clone();
        Arrays.sort(addresses);
    }
}
