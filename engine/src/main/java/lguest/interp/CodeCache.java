package lguest.interp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import jdk.jfr.FlightRecorder;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;
import lguest.translate.HotPlaces;
import lguest.translate.Source;
import lguest.translate.Translation;
import lguest.translate.Tuning;

/**
 * All decoded blocks by physical page, kept honest by the marks of {@link PhysicalMemory}: a page with blocks is marked as code,
 * every write to it is reported here, and blocks whose bytes change are retired at once.
 */
final class CodeCache {
    /**
     * How many operations are kept at most, some 60 bytes each: a guest that executes everything must not fill the host's memory.
     */
    private static final int MAX_OPS = 1 << 21;
    /** What the table of a page costs, in operations. */
    private static final int PAGE_OPS = 300;
    /** What a translated instruction costs, class file and machine code, in operations. */
    private static final int TRANSLATED_OPS = 5;
    /** How often a block is executed until it is hot if it is known to be worth a translation. */
    private static final int HOT_BEFORE = 50;
    /** And how much oftener if an earlier run knew its page, but did not find that. */
    private static final int COLD_BEFORE_FACTOR = 4;
    /** The threshold doubles with each translation of a page that is overwritten, up to so many times. */
    private static final int MAX_REWRITES = 12;

    private final LinearMemory mem;
    private final PhysicalMemory physical;
    private final PageCode[] pages;
    private int keptOps;
    private int epoch;
    /** How often a block is executed until it is hot. */
    private int threshold = Integer.MAX_VALUE;
    private HotPlaces earlier = HotPlaces.NONE;
    private final Statistics statistics;

    CodeCache(LinearMemory mem, Statistics statistics) {
        this.mem = mem;
        this.statistics = statistics;
        this.physical = mem.physical();
        this.pages = new PageCode[physical.size() >>> PhysicalMemory.PAGE_SHIFT];
        physical.watchCode(this::written);
    }

    /** @param tuning how often a block is executed until it is hot, in a page that has never been overwritten, and where sooner */
    void tuning(Tuning tuning) {
        threshold = tuning.threshold();
        earlier = tuning.earlier();
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
            if (earlier.remembers()) {
                recall(page, physicalAddress & -PhysicalMemory.PAGE_BYTES);
            }
        }
        return page;
    }

    private void recall(PageCode page, int physicalPage) {
        byte[] content = new byte[PhysicalMemory.PAGE_BYTES];
        physical.read(physicalPage, content, 0, content.length);
        page.key = HotPlaces.key(content);
        page.earlier = earlier.of(page.key);
    }

    /** The block at an address, null if there is none. */
    Block known(int physicalAddress) {
        PageCode page = pages[physicalAddress >>> PhysicalMemory.PAGE_SHIFT];
        return page == null ? null : page.byOffset[physicalAddress & 0xFFF];
    }

    /** All that is translated, in the order of physical pages. */
    List<Translation> translations() {
        return Arrays.stream(pages).filter(Objects::nonNull).flatMap(page -> page.translations().stream()).toList();
    }

    /** To be called before looking for a block: forgets everything if there is too much of it. */
    void makeRoom() {
        if (keptOps > MAX_OPS) {
            clear();
        }
    }

    void add(Block block) {
        statistics.blocks++;
        keptOps += block.ops.length;
        int offset = block.physical & 0xFFF;
        block.page.byOffset[offset] = block;
        block.region = block.page.region(block);
        block.heat = heat(block.page, offset);
        block.page.add(block, offset, Math.min(block.lengthBytes, 0x1000 - offset));
        if (block.secondPage >= 0) {
            page(block.secondPage).add(block, 0, block.lengthBytes - (0x1000 - offset));
        }
    }

    /** How often what begins at an offset is executed until it is hot. */
    private int heat(PageCode page, int offset) {
        return (int) Math.min(executions(page, offset) << page.rewrites, Integer.MAX_VALUE);
    }

    /** What begins at an offset has been translated for nothing: it may become hot once more. */
    private void cool(PageCode page, int offset) {
        Block block = page.byOffset[offset];
        if (block != null) {
            block.heat = heat(page, offset);
            block.foundInside = false;
        }
    }

    /** As {@link #heat}, if the page has never been overwritten. */
    private long executions(PageCode page, int offset) {
        if (page.wasWorthwhile(offset)) {
            return Math.min(threshold, HOT_BEFORE);
        }
        return page.knownBefore() ? (long) threshold * COLD_BEFORE_FACTOR : threshold;
    }

    /** Changes whenever everything has been forgotten. */
    int epoch() {
        return epoch;
    }

    /** Puts a translation to use, if its code is still there and it is not outdated. */
    void install(Translation translation) {
        Source source = translation.source();
        PageCode page = pages[source.physicalPage() >>> PhysicalMemory.PAGE_SHIFT];
        if (source.epoch() != epoch || page == null) {
            return;
        }
        page.pending = false;
        if (translation.region() != null && isThere(translation, page)) {
            page.replaced(source.entry(), source.userMode()).ifPresent(this::retire);
            page(source.physicalPage()).add(translation);
            keptOps += translation.instructions() * TRANSLATED_OPS;
            if (source.optimized()) {
                earlier.note(page.key, source);
            } else {
                // It has yet to pay.
                earlier.met(page.key);
            }
            statistics.regions++;
            statistics.secondGeneration += source.optimized() ? 1 : 0;
            if (FlightRecorder.isInitialized()) {
                RegionTranslated.record(translation);
            }
            statistics.installedInstructions += translation.instructions();
            statistics.codeBytes += translation.codeBytes();
        } else if (translation.region() != null) {
            cool(page, source.entry());
        }
    }

    /** A translation of the first generation that is in use has paid: it shall be made sooner in later runs. */
    void worthwhile(Source source) {
        earlier.note(pages[source.physicalPage() >>> PhysicalMemory.PAGE_SHIFT].key, source);
    }

    private boolean isThere(Translation translation, PageCode page) {
        Source source = translation.source();
        Block block = page.byOffset[source.entry()];
        // Writes to a second page are known to concern it through its block.
        return (source.secondPage() < 0 || block != null && block.secondPage == source.secondPage()) && isUnchanged(translation);
    }

    private boolean isUnchanged(Translation translation) {
        Source source = translation.source();
        BitSet code = translation.code();
        for (int i = code.nextSetBit(0); i >= 0; i = code.nextSetBit(i + 1)) {
            int address = i < PhysicalMemory.PAGE_BYTES ? source.physicalPage() + i : source.secondPage() + i - PhysicalMemory.PAGE_BYTES;
            if ((byte) physical.look8(address) != source.bytes()[i]) {
                return false;
            }
        }
        return true;
    }

    /** Forgets everything: breakpoints moved, the processor changed, or there is no room. */
    void clear() {
        mem.forgetPlace();
        for (int number = 0; number < pages.length; number++) {
            if (pages[number] != null) {
                pages[number].blocks().forEach(Block::retire);
                statistics.retired += pages[number].translations().size();
                pages[number].translations().forEach(CodeCache::recordRetired);
                pages[number].clear();
                pages[number] = null;
                physical.unmark(number << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.CODE);
            }
        }
        keptOps = 0;
        epoch++;
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
                block.page.translations().stream().filter(it -> it.source().secondPage() >= 0
                    && it.source().entry() == (block.physical & 0xFFF)).toList().forEach(this::retire);
            }
        }
    }

    private void retire(Translation translation) {
        mem.forgetPlace();
        pages[translation.source().physicalPage() >>> PhysicalMemory.PAGE_SHIFT].remove(translation);
        keptOps -= translation.instructions() * TRANSLATED_OPS;
        statistics.retired++;
        recordRetired(translation);
    }

    private static void recordRetired(Translation translation) {
        if (FlightRecorder.isInitialized()) {
            RegionRetired.record(translation);
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
        statistics.overwritten += hit.size();
        for (Translation translation : List.copyOf(page.translations())) {
            if (translation.covers(address & 0xFFF, length)) {
                retire(translation);
                page.rewrites = Math.min(page.rewrites + 1, MAX_REWRITES);
                cool(page, translation.source().entry());
            }
        }
        if (page.isEmpty()) {
            page.clear();
            physical.unmark(address, PhysicalMemory.CODE);
        }
    }
}
