package lguest.net;

/** How long to wait for an acknowledgment (RFC 6298), in nanoseconds. */
final class RoundTrip {
    private static final long SHORTEST = 200_000_000L;
    private static final long FIRST = 1_000_000_000L;
    private static final long LONGEST = 60_000_000_000L;

    private long smoothed = -1;
    private long variance;
    private long timeout = FIRST;

    /** What one acknowledgment took. */
    void measured(long nanos) {
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
