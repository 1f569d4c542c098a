package lguest.translate;

import java.util.BitSet;

/**
 * Instructions of a page, by offset, whose memory translated code has not found where it looked, time and again: devices, code that is
 * data as well, pages that somebody watches, a stack across two pages that are not neighbours. The first time they are to be looked for
 * on their own, the second time there is no hope.
 */
public final class Misses {
    private final BitSet once;
    private final BitSet twice;

    private Misses(BitSet once, BitSet twice) {
        this.once = once;
        this.twice = twice;
    }

    /** None. */
    public Misses() {
        this(new BitSet(), new BitSet());
    }

    public Misses copy() {
        return new Misses((BitSet) once.clone(), (BitSet) twice.clone());
    }

    /** @return false if that is known already and did not help */
    public boolean add(int offset) {
        BitSet grows = once.get(offset) ? twice : once;
        boolean known = grows.get(offset);
        grows.set(offset);
        return !known;
    }

    public void clear() {
        once.clear();
        twice.clear();
    }

    /** Whether it has to be looked for on its own. */
    public boolean apart(int offset) {
        return once.get(offset);
    }

    boolean careful(int offset) {
        return twice.get(offset);
    }
}
