package lguest.mem;

/**
 * What a memory held when it was forked, for its forks: pages that it has written since are kept here, or where it was forked the
 * next time; all others are still its own. Guarded by the lock of the family.
 */
final class Moment {
    private final PhysicalMemory owner;
    private final byte[][] kept;
    private boolean past;
    private Moment next;

    Moment(PhysicalMemory owner, int pages) {
        this.owner = owner;
        kept = new byte[pages][];
    }

    /** Whether the owner has written since. */
    boolean past() {
        return past;
    }

    /** @param later when the owner was forked the next time: pages not kept here had not been written by then */
    void next(Moment later) {
        next = later;
    }

    /** Takes what a page held, before the owner writes to it for the first time since. */
    void keep(int page, byte[] content) {
        kept[page] = content;
        past = true;
    }

    /** A later moment is nobody's any more: the one before it takes what was kept there, unless it has its own. */
    void drop(Moment later) {
        Moment last = this;
        while (last != null && last.next != later) {
            last = last.next;
        }
        if (last != null && later.next != null) {
            for (int page = 0; page < kept.length; page++) {
                if (last.kept[page] == null) {
                    last.kept[page] = later.kept[page];
                }
            }
            last.past |= later.past;
            last.next = later.next;
        }
    }

    /** Copies bytes of one page. */
    void read(int physical, byte[] to, int offset, int lengthBytes) {
        int page = physical >>> PhysicalMemory.PAGE_SHIFT;
        for (Moment at = this; at != null; at = at.next) {
            if (at.kept[page] != null) {
                System.arraycopy(at.kept[page], physical & 0xFFF, to, offset, lengthBytes);
                return;
            }
        }
        owner.look(physical, to, offset, lengthBytes);
    }
}
