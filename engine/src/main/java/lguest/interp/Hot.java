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

    Hot(Translator translator, CodeCache cache, PhysicalMemory physical, Breakpoints breakpoints) {
        this.translator = translator;
        this.tuning = translator.tuning();
        this.cache = cache;
        this.physical = physical;
        this.breakpoints = breakpoints;
        cache.threshold(tuning.threshold());
    }

    /** A block has been executed often enough. */
    void found(Block block, CpuModel model) {
        block.heat = Integer.MAX_VALUE;
        if (block.secondPage >= 0 || !Mode.translates(block.mode)) {
            return;
        }
        byte[] bytes = new byte[PhysicalMemory.PAGE_BYTES];
        int page = block.physical & -PhysicalMemory.PAGE_BYTES;
        physical.read(page, bytes, 0, bytes.length);
        BitSet starts = new BitSet();
        if (tuning.everything()) {
            starts.set(0, bytes.length);
        } else {
            block.page.blocks().forEach(other -> starts.set(other.physical & 0xFFF));
        }
        boolean asked = translator.request(new Source(bytes, page, block.physical & 0xFFF, (block.mode & Mode.USER) != 0, model, starts,
            (BitSet) block.page.indirectTargets.clone(), breakpoints.offsets(), cache.epoch()));
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
