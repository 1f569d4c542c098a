package lguest.interp;

import java.util.Arrays;

/** Linear addresses at which execution stops before the instruction there. Blocks are cut so that each begins one. */
final class Breakpoints {
    private int[] addresses = {};

    boolean contains(int linear) {
        return addresses.length != 0 && Arrays.binarySearch(addresses, linear) >= 0;
    }

    boolean isEmpty() {
        return addresses.length == 0;
    }

    void set(int[] linear) {
        addresses = linear.clone();
        Arrays.sort(addresses);
    }
}
