package lguest.interp;

import java.util.ArrayList;
import java.util.List;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/**
 * All decoded blocks by physical page, kept honest by the marks of {@link PhysicalMemory}: a page with blocks is marked as code,
 * every write to it is reported here, and blocks whose bytes change are retired at once.
 */
final class CodeCache {
    /**
     * How many operations are kept at most, some 60 bytes each: a guest that executes everything must not fill the host's memory.
     */
    private static final int MAX_OPS = 1 << 20;
    /** What the table of a page costs, in operations. */
    private static final int PAGE_OPS = 300;

    private final LinearMemory mem;
    private final PhysicalMemory physical;
    private final PageCode[] pages;
    private int keptOps;
    private long decoded;

    CodeCache(LinearMemory mem) {
        this.mem = mem;
        this.physical = mem.physical();
        this.pages = new PageCode[physical.size() >>> PhysicalMemory.PAGE_SHIFT];
        physical.watchCode(this::written);
    }

    /** The blocks of a page, marked from now on; the page must be RAM. */
    PageCode page(int physicalAddress) {
        int number = physicalAddress >>> PhysicalMemory.PAGE_SHIFT;
        PageCode page = pages[number];
        if (page == null) {
            page = new PageCode();
            pages[number] = page;
            keptOps += PAGE_OPS;
        }
        if ((physical.marks(physicalAddress) & PhysicalMemory.CODE) == 0) {
            physical.mark(physicalAddress, PhysicalMemory.CODE);
            mem.forbidWrites(physicalAddress);
        }
        return page;
    }

    /** To be called before looking for a block: forgets everything if there is too much of it. */
    void makeRoom() {
        if (keptOps > MAX_OPS) {
            clear();
        }
    }

    void add(Block block) {
        decoded++;
        keptOps += block.ops.length;
        int offset = block.physical & 0xFFF;
        block.page.byOffset[offset] = block;
        block.page.add(block, offset, Math.min(block.lengthBytes, 0x1000 - offset));
        if (block.secondPage >= 0) {
            page(block.secondPage).add(block, 0, block.lengthBytes - (0x1000 - offset));
        }
    }

    /** Blocks decoded since the start. */
    long decoded() {
        return decoded;
    }

    /** Forgets everything: breakpoints moved, the processor changed, or there is no room. */
    void clear() {
        mem.forgetPlace();
        for (int number = 0; number < pages.length; number++) {
            if (pages[number] != null) {
                pages[number].blocks().forEach(Block::retire);
                pages[number].clear();
                pages[number] = null;
                physical.unmark(number << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.CODE);
            }
        }
        keptOps = 0;
    }

    private void written(int address, int lengthBytes) {
        int number = address >>> PhysicalMemory.PAGE_SHIFT;
        PageCode page = pages[number];
        int offset = address & 0xFFF;
        int length = Math.min(lengthBytes, 0x1000 - offset);
        if (page.covers(offset, length)) {
            overwrite(page, address, length);
        }
        if (length < lengthBytes) {
            written(address + length, lengthBytes - length);
        }
    }

    /** Takes a block out of use, also where it is executing now. */
    void discard(Block block) {
        mem.forgetPlace();
        block.retire();
        if (block.page.remove(block)) {
            keptOps -= block.ops.length;
            if (block.secondPage >= 0) {
                pages[block.secondPage >>> PhysicalMemory.PAGE_SHIFT].remove(block);
            }
        }
    }

    private void overwrite(PageCode page, int address, int length) {
        List<Block> hit = new ArrayList<>();
        for (Block block : page.blocks()) {
            if (block.overlaps(address, address + length)) {
                hit.add(block);
            }
        }
        hit.forEach(this::discard);
        if (page.isEmpty()) {
            page.clear();
            physical.unmark(address, PhysicalMemory.CODE);
        }
    }
}
