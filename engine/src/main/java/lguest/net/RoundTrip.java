package lguest.net;

/**
 * How long to wait for an acknowledgment (RFC 6298), in nanoseconds. One at a time is measured, and none of what was sent twice: nobody
 * could tell which of both it is for.
 */
final class RoundTrip {
    private static final long SHORTEST = 200_000_000L;
    private static final long FIRST = 1_000_000_000L;
    private static final long LONGEST = 60_000_000_000L;

    private long smoothed = -1;
    private long variance;
    private long timeout = FIRST;
    private boolean measuring;
    private int upTo;
    private long since;

    /** Something is sent for the first time, up to a sequence. */
    void sent(int sequence, long now) {
        if (!measuring) {
            measuring = true;
            upTo = sequence;
            since = now;
        }
    }

    /** Something is sent again. */
    void sentAgain() {
        measuring = false;
    }

    void acknowledged(int sequence, long now) {
        if (measuring && sequence - upTo >= 0) {
            measured(now - since);
            measuring = false;
        }
    }

    private void measured(long nanos) {
        if (smoothed < 0) {
            smoothed = nanos;
            variance = nanos / 2;
        } else {
            variance += (Math.abs(smoothed - nanos) - variance) / 4;
            smoothed += (nanos - smoothed) / 8;
        }
        timeout = clamped(smoothed + 4 * variance);
    }

    long timeout() {
        return timeout;
    }

    /** Nothing has come in that time: next time it is twice as long. */
    void backOff() {
        timeout = clamped(timeout * 2);
    }

    private static long clamped(long nanos) {
        return Math.max(SHORTEST, Math.min(LONGEST, nanos));
    }
}
