package lguest.interp;

import lguest.emit.Op;
import lguest.translate.Region;

/** Instructions that run one after the other, decoded from one physical place. */
final class Block {
    private static final int MANY_MISSES = 64;

    /** The last one may transfer control, the others fall through. Replaced by {@link Overwritten} operations when overwritten. */
    final Op[] ops;
    final int lengthBytes;
    /** What the decoding assumed ({@link Mode}). */
    final int mode;
    /** EIP is set by the last instruction; otherwise it falls through. */
    final boolean setsEip;
    /** The last instruction may have changed segments, privilege or control registers. */
    final boolean changesMode;
    final int physical;
    /** Where the part beyond a page boundary came from; -1 for the many blocks that stay on their page. */
    final int secondPage;
    final PageCode page;
    /** The last one is an indirect jump. */
    final boolean jumpsIndirectly;
    /** What to execute instead; null if there is no translation. */
    Region region;
    /** How often it will be executed until it is found hot. */
    int heat;
    /** It has been hot before, but is in a region that begins elsewhere. */
    boolean foundInside;
    /** How often translated code has left its first instruction to the interpreter, since when. */
    private int misses;
    private long missesSince;

    /** Where execution went from here the last two times, valid while {@code version} stays what it was. */
    private Block next;
    private int nextEip;
    private int nextVersion;
    private Block other;
    private int otherEip;
    private int otherVersion;

    Block(Op[] ops, int lengthBytes, int mode, boolean setsEip, boolean changesMode, int physical, int secondPage,
            PageCode page, boolean jumpsIndirectly) {
        this.ops = ops;
        this.lengthBytes = lengthBytes;
        this.mode = mode;
        this.setsEip = setsEip;
        this.changesMode = changesMode;
        this.physical = physical;
        this.secondPage = secondPage;
        this.page = page;
        this.jumpsIndirectly = jumpsIndirectly;
    }

    /**
     * Translated code has left its first instruction to the interpreter.
     *
     * @param instructions executed so far
     * @return how many are executed from one such time to the next; -1 if that is not to be said yet
     */
    long missed(long instructions) {
        if (misses++ == 0) {
            missesSince = instructions;
        }
        if (misses < MANY_MISSES) {
            return -1;
        }
        misses = 0;
        return (instructions - missesSince) / MANY_MISSES;
    }

    /** The block at {@code eip} if it is known to follow this one, else null. */
    Block follow(int eip, int version) {
        if (eip == nextEip && version == nextVersion) {
            return next;
        }
        return eip == otherEip && version == otherVersion ? other : null;
    }

    /** Execution has gone from here to a block that {@link #follow} did not know of. */
    void leadTo(Block block, int eip, int version) {
        other = next;
        otherEip = nextEip;
        otherVersion = nextVersion;
        next = block;
        nextEip = eip;
        nextVersion = version;
        if (jumpsIndirectly && page == block.page) {
            page.indirectTargets.set(eip & 0xFFF);
        }
    }

    /** Makes the block leave at its next instruction, wherever it is executing now. */
    void retire() {
        for (int i = 0; i < ops.length; i++) {
            ops[i] = new Overwritten(ops[i]);
        }
        next = null;
        other = null;
    }

    /** Whether a range of physical memory, within a page, holds bytes of it; its two pages may be the same one. */
    boolean overlaps(int from, int end) {
        int onFirst = Math.min(lengthBytes, 0x1000 - (physical & 0xFFF));
        return physical < end && from < physical + onFirst
            || secondPage >= 0 && secondPage < end && from < secondPage + lengthBytes - onFirst;
    }
}
