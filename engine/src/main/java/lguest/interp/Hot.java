package lguest.interp;

import java.util.BitSet;
import lguest.cpu.CpuModel;
import lguest.mem.PhysicalMemory;
import lguest.translate.Source;
import lguest.translate.Translation;
import lguest.translate.Translator;
import lguest.translate.Tuning;

/** Has hot blocks translated. */
final class Hot {
    private final Translator translator;
    private final Tuning tuning;
    private final CodeCache cache;
    private final PhysicalMemory physical;
    private final Breakpoints breakpoints;
    private final Statistics statistics;

    /** A block that is in a region already must be that much hotter to begin one of its own. */
    private static final int INSIDE_FACTOR = 4;
    /** And its region need not repeat all of the other: execution only has to get back to where that begins. */
    private static final int INSIDE_INSTRUCTIONS = 30;

    Hot(Translator translator, CodeCache cache, PhysicalMemory physical, Breakpoints breakpoints,
            Statistics statistics) {
        this.translator = translator;
        this.tuning = translator.tuning();
        this.cache = cache;
        this.physical = physical;
        this.breakpoints = breakpoints;
        this.statistics = statistics;
        cache.threshold(tuning.threshold());
    }

    /** A block has been executed often enough. */
    void found(Block block, CpuModel model) {
        int offset = block.physical & 0xFFF;
        if (block.secondPage >= 0 || !Mode.translates(block.mode)) {
            block.heat = Integer.MAX_VALUE;
            return;
        }
        if (block.page.pending) {
            // Perhaps it is in what is being translated.
            block.heat = tuning.threshold();
            return;
        }
        if (!block.foundInside && block.page.translations().stream().anyMatch(it -> it.covers(offset, 1))) {
            block.foundInside = true;
            block.heat = (int) Math.min((long) tuning.threshold() * INSIDE_FACTOR, Integer.MAX_VALUE);
            return;
        }
        block.heat = Integer.MAX_VALUE;
        byte[] bytes = new byte[PhysicalMemory.PAGE_BYTES];
        int page = block.physical & -PhysicalMemory.PAGE_BYTES;
        physical.read(page, bytes, 0, bytes.length);
        BitSet starts = new BitSet();
        if (tuning.everything()) {
            starts.set(0, bytes.length);
        } else {
            block.page.blocks().forEach(other -> starts.set(other.physical & 0xFFF));
        }
        boolean asked = translator.request(new Source(bytes, page, offset, (block.mode & Mode.USER) != 0, model, starts,
            (BitSet) block.page.indirectTargets.clone(), breakpoints.offsets(),
            block.foundInside ? Math.min(INSIDE_INSTRUCTIONS, tuning.instructions()) : tuning.instructions(), cache.epoch()));
        block.page.pending = asked;
        statistics.requests++;
        if (!asked) {
            block.heat = tuning.threshold();
        }
        install();
    }

    /** Puts to use what has been translated meanwhile. */
    void install() {
        for (Translation translation = translator.next(); translation != null; translation = translator.next()) {
            cache.install(translation);
        }
    }
}
