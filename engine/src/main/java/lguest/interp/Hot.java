package lguest.interp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import lguest.cpu.CpuState;
import lguest.isa.Decoder;
import lguest.mem.PhysicalMemory;
import lguest.translate.Misses;
import lguest.translate.Region;
import lguest.translate.Source;
import lguest.translate.Translation;
import lguest.translate.Translator;
import lguest.translate.Tuning;

/** Has hot blocks translated, the hottest first, and what turns out to be hotter still once more. */
final class Hot {
    /** How many hot blocks wait at most; others have to become hot again. */
    private static final int MAX_WAITING = 2048;
    /** Translations asked for at a time: enough to be busy until somebody looks. Later it is known better which to ask for. */
    private static final int AHEAD = 8;
    /** A block that is in a region already must be that much hotter to begin one of its own. */
    private static final int INSIDE_FACTOR = 2;
    /** And its region need not repeat the other: it ends where that begins. */
    private static final int INSIDE_INSTRUCTIONS = 30;
    /**
     * A region of the first generation ends where another of so many instructions begins: nearly half of what a kernel has translated would
     * be there more than once otherwise, as a loop is hot before what leads to it. With less than that it is quicker in one piece.
     */
    private static final int NOT_REPEATED = 32;

    /**
     * Leaving translated code and coming back takes as long as some hundred instructions in it. More rarely than once in so many
     * it may go on, where the other way would be a call each time.
     */
    private static final int RARE_MISS = 500;
    /** And where the other way is to look for places one by one that have been looked for together. */
    private static final int RARE_MISS_TOGETHER = 4000;

    private final Translator translator;
    private final Tuning tuning;
    private final CodeCache cache;
    private final CpuState cpu;
    private final PhysicalMemory physical;
    private final Breakpoints breakpoints;
    private final Statistics statistics;
    /** In no order. Their heat goes on falling below 0 while they wait. */
    private final List<Block> waiting = new ArrayList<>();
    /** To be translated once more: something about them has turned out to be otherwise. */
    private final Deque<Region> again = new ArrayDeque<>();
    /** Translations asked for and not had yet. */
    private int asked;

    Hot(Translator translator, CodeCache cache, CpuState cpu, PhysicalMemory physical, Breakpoints breakpoints, Statistics statistics) {
        this.translator = translator;
        this.tuning = translator.tuning();
        this.cache = cache;
        this.cpu = cpu;
        this.physical = physical;
        this.breakpoints = breakpoints;
        this.statistics = statistics;
        cache.tuning(tuning);
        tuning.earlier().open();
    }

    long translatingNanos() {
        return translator.nanos();
    }

    /** A block has been executed often enough. */
    void found(Block block) {
        if (!Mode.translates(block.mode)) {
            block.heat = Integer.MAX_VALUE;
        } else if (waiting.size() == MAX_WAITING) {
            block.heat = tuning.threshold();
        } else {
            waiting.add(block);
            work();
        }
    }

    /** Puts to use what has been translated meanwhile, and asks for more. */
    void work() {
        do {
            for (Translation translation = translator.next(); translation != null; translation = translator.next()) {
                asked--;
                cache.install(translation);
            }
            // What is interpreted gains most.
        } while (asked < AHEAD && (translateHottest() || repeat() || promote()));
    }

    /**
     * Translated code has left the first instruction of a block to the interpreter.
     *
     * @param apart how many instructions are executed from one such time to the next; negative if nobody knows yet
     */
    void missed(Block block, long apart) {
        int offset = block.physical & 0xFFF;
        Misses misses = block.page.misses;
        if (apart < 0 || apart >= (misses.apart(offset) ? RARE_MISS : RARE_MISS_TOGETHER) || block.page.pending) {
            return;
        }
        List<Region> with = block.page.covering(offset).stream().map(Translation::region).toList();
        // Those that wait have not had a chance yet.
        if (Collections.disjoint(with, again) && misses.add(offset)) {
            again.addAll(with);
            work();
        }
    }

    /** @return whether a translation was asked for */
    private boolean promote() {
        Region region = translator.nextPromoted();
        while (region != null && (region.retired() || !ask(region.translation().source(), true))) {
            region = translator.nextPromoted();
        }
        return region != null;
    }

    /** @return whether a translation was asked for */
    private boolean repeat() {
        again.removeIf(Region::retired);
        Source source = again.isEmpty() ? null : again.element().translation().source();
        if (source == null || !ask(source, source.optimized())) {
            return false;
        }
        again.remove();
        return true;
    }

    private boolean ask(Source first, boolean optimized) {
        PageCode page = cache.page(first.physicalPage());
        return ask(page, first.physicalPage(), first.secondPage(), first.entry(), first.userMode(), first.inside(), optimized);
    }

    private boolean translateHottest() {
        for (Block block = hottest(); block != null; block = hottest()) {
            int offset = block.physical & 0xFFF;
            if (!block.foundInside && !block.page.covering(offset).isEmpty()) {
                block.foundInside = true;
                block.heat = (int) Math.min((long) tuning.threshold() * INSIDE_FACTOR, Integer.MAX_VALUE);
            } else {
                block.heat = Integer.MAX_VALUE;
                boolean done = ask(block.page, block.physical & -PhysicalMemory.PAGE_BYTES, block.secondPage, offset,
                    (block.mode & Mode.USER) != 0, block.foundInside, tuning.promotion() == 0);
                if (!done) {
                    block.heat = tuning.threshold();
                }
                return done;
            }
        }
        return false;
    }

    /** Takes the hottest of those that wait, and drops what need not wait any more; null if none is left that could be translated now. */
    private Block hottest() {
        int best = -1;
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Block block = waiting.get(i);
            if (block.region != null || block.page.byOffset[block.physical & 0xFFF] != block) {
                best = best == waiting.size() - 1 ? i : best;
                drop(i);
            } else if (!block.page.pending && (best < 0 || block.heat < waiting.get(best).heat)) {
                // What is being translated of its page may have it inside.
                best = i;
            }
        }
        Block hottest = best < 0 ? null : waiting.get(best);
        if (hottest != null) {
            drop(best);
        }
        return hottest;
    }

    private void drop(int index) {
        Block last = waiting.remove(waiting.size() - 1);
        if (index < waiting.size()) {
            waiting.set(index, last);
        }
    }

    private boolean ask(PageCode page, int physicalPage, int secondPage, int entry, boolean userMode, boolean inside, boolean optimized) {
        byte[] bytes = new byte[PhysicalMemory.PAGE_BYTES + (secondPage < 0 ? 0 : Decoder.MAX_LENGTH)];
        physical.read(physicalPage, bytes, 0, PhysicalMemory.PAGE_BYTES);
        if (secondPage >= 0) {
            physical.read(secondPage, bytes, PhysicalMemory.PAGE_BYTES, Decoder.MAX_LENGTH);
        }
        BitSet starts = new BitSet();
        if (tuning.everything()) {
            starts.set(0, PhysicalMemory.PAGE_BYTES);
        } else {
            page.blocks().forEach(block -> starts.set(block.physical & 0xFFF));
        }
        BitSet indirect = (BitSet) page.indirectTargets.clone();
        if (page.earlier != null) {
            starts.or(page.earlier.starts());
            indirect.or(page.earlier.indirect());
        }
        int limit = secondPage >= 0 ? 1 : inside ? Math.min(INSIDE_INSTRUCTIONS, tuning.instructions()) : tuning.instructions();
        boolean accepted = translator.request(new Source(bytes, physicalPage, secondPage, entry, userMode, cpu.model, starts,
            indirect, stops(page, entry, userMode, inside, optimized), page.misses.copy(), limit, inside, optimized, cache.epoch()));
        if (accepted) {
            page.pending = true;
            asked++;
            statistics.requests++;
        }
        return accepted;
    }

    /** Where a region has to end: at breakpoints, and where others begin that have what comes next. */
    private BitSet stops(PageCode page, int entry, boolean userMode, boolean inside, boolean optimized) {
        BitSet stops = breakpoints.offsets();
        for (Translation other : page.translations()) {
            Source source = other.source();
            if (source.userMode() == userMode && source.entry() != entry
                && (inside && other.covers(entry, 1) || !optimized && other.instructions() >= NOT_REPEATED)) {
                stops.set(source.entry());
            }
        }
        return stops;
    }
}
