package lguest.net;

/** How much may be under way at once, as far as the wire is concerned (RFC 5681, RFC 6582), in bytes. */
final class Congestion {
    private static final int DUPLICATES = 3;
    private static final int FIRST_SEGMENTS = 10;
    private static final int MOST_BYTES = 1 << 20;

    private final int mss;
    private int window;
    private int threshold = MOST_BYTES;
    private int duplicates;
    private boolean recovering;
    private int recoverTo;

    Congestion(int mss) {
        this.mss = mss;
        window = FIRST_SEGMENTS * mss;
    }

    int window() {
        return window;
    }

    /**
     * Something new was acknowledged.
     *
     * @param upTo sequence
     * @return whether the segment after it is missing, too, and to be sent again
     */
    boolean acknowledged(int bytes, int upTo) {
        duplicates = 0;
        if (recovering && upTo - recoverTo < 0) {
            window = Math.max(mss, window - bytes + mss);
            return true;
        }
        if (recovering) {
            recovering = false;
            window = threshold;
        } else if (window < threshold) {
            window += Math.min(bytes, mss);
        } else {
            window += Math.max(1, mss * mss / window);
        }
        window = Math.min(window, MOST_BYTES);
        return false;
    }

    /** The same as before was acknowledged once more. @return whether that means that a segment was lost, and is to be sent again */
    boolean repeated(int inFlight, int highest) {
        duplicates++;
        if (recovering) {
            window = Math.min(window + mss, MOST_BYTES);
            return false;
        }
        if (duplicates < DUPLICATES) {
            return false;
        }
        threshold = Math.max(inFlight / 2, 2 * mss);
        window = threshold + DUPLICATES * mss;
        recovering = true;
        recoverTo = highest;
        return true;
    }

    /** Nothing was acknowledged for too long. */
    void timedOut(int inFlight) {
        threshold = Math.max(inFlight / 2, 2 * mss);
        window = mss;
        recovering = false;
        duplicates = 0;
    }
}
