package lguest.translate;

/**
 * Why C2 assumes nothing about which ways through translated code are taken. By itself it would leave out every one that has not been
 * taken while it was counted, and throw the code away when it is. Where it finds in a method, or in what it makes part of it, that such
 * assumptions have been wrong {@code PerMethodTrapLimit} times, it makes no more of them. So they are wrong here, that often, once; and
 * regions of the second generation begin with a call of this, of which nothing else is left. So does what interprets: there is always
 * something that a guest does for the first time.
 */
public final class Doubt {
    /** As {@code PerMethodTrapLimit} is in the start script, or more. */
    static final int TIMES = 10;
    /** The way that is taken while it is counted. */
    private static final int NONE = 0;

    private Doubt() {
    }

    /** What follows in a method is not left out. */
    public static void nothing() {
        take(NONE);
    }

    /** Takes one of the ways from 1 to {@link #TIMES}. C2 is wrong once at each place in the bytecode, so this is no loop. */
    static int take(int way) {
        int taken = 0;
        if (way == 1) {
            taken += 31;
        }
        if (way == 2) {
            taken ^= 37;
        }
        if (way == 3) {
            taken += 41;
        }
        if (way == 4) {
            taken ^= 43;
        }
        if (way == 5) {
            taken += 47;
        }
        if (way == 6) {
            taken ^= 53;
        }
        if (way == 7) {
            taken += 59;
        }
        if (way == 8) {
            taken ^= 61;
        }
        if (way == 9) {
            taken += 67;
        }
        if (way == 10) {
            taken ^= 71;
        }
        return taken;
    }
}
