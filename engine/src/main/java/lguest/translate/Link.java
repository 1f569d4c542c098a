package lguest.translate;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/** A way out of a region, which remembers the region it last led to. */
public final class Link {
    /** The way out of a region that has met something for the interpreter, which is to execute what comes next. */
    public static final Link INTERPRET = new Link(() -> null);

    private final Regions regions;
    private Region region;
    private int eip;
    private int version;

    /** @param regions asked where it leads when it does not remember */
    Link(Regions regions) {
        this.regions = regions;
    }

    /**
     * The region to go on with at {@code cpu.eip}.
     *
     * @return null if there is none, or if it must not be entered now
     */
    public Region ready(CpuState cpu, LinearMemory mem, int depth) {
        if (this == INTERPRET) {
            return null;
        }
        if (eip != cpu.eip || version != mem.version()) {
            remember(cpu, mem);
        }
        Region known = region;
        return known != null && cpu.budget >= known.longest() && depth > 0 ? known : null;
    }

    private void remember(CpuState cpu, LinearMemory mem) {
        region = regions.atEip();
        eip = cpu.eip;
        // Where there is none yet there may be one soon.
        version = region == null ? mem.version() - 1 : mem.version();
    }
}
