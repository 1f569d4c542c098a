package lguest.translate;

/**
 * How much of the code that can be reached a region has.
 *
 * @param own instructions at most, without those of functions
 * @param further instructions at most of functions that it calls
 */
public record Extent(int own, int further) {
    private static final int FURTHER = 100;
    private static final int FEW = 25;

    /** The first to try: functions are followed where it is worth the time, not in the first of two generations. */
    static Extent of(Source source) {
        return new Extent(source.limit(), source.optimized() ? FURTHER : 0);
    }

    /** What to try if that was too much. */
    Extent smaller() {
        return further > 0 ? new Extent(own, further > FEW ? FEW : 0) : new Extent(own / 2, 0);
    }
}
