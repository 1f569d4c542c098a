package lguest.interp;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Linear addresses at which execution stops before the instruction there: for somebody who looks at the guest, and for the guest
 * itself, whose debug registers say so. Blocks are cut so that each begins one.
 */
final class Breakpoints {
    private int[] outside = {};
    private int[] guest = {};
    /** Both. */
    private int[] addresses = {};

    boolean contains(int linear) {
        return contains(addresses, linear);
    }

    /** Whether somebody who looks at the guest wants it to stop there. */
    boolean stops(int linear) {
        return contains(outside, linear);
    }

    private static boolean contains(int[] sorted, int linear) {
        return sorted.length != 0 && Arrays.binarySearch(sorted, linear) >= 0;
    }

    /** Their offsets in whatever page. */
    BitSet offsets() {
        BitSet offsets = new BitSet();
        for (int linear : addresses) {
            offsets.set(linear & 0xFFF);
        }
        return offsets;
    }

    void outside(int[] linear) {
        outside = IntStream.of(linear).sorted().toArray();
        merge();
    }

    /** @return whether that made a difference */
    boolean guest(int[] linear) {
        int[] sorted = IntStream.of(linear).sorted().toArray();
        boolean changed = !Arrays.equals(sorted, guest);
        guest = sorted;
        merge();
        return changed;
    }

    private void merge() {
        addresses = IntStream.concat(IntStream.of(outside), IntStream.of(guest)).distinct().sorted().toArray();
    }
}
