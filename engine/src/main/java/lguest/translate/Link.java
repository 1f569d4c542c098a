package lguest.translate;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/** A way out of a region, which remembers the region it last led to. */
public final class Link {
    /** The way out of a region that has met something for the interpreter, which is to execute what comes next. */
    public static final Link INTERPRET = new Link();

    private Region region;
    private int eip;
    private int version;

    /**
     * The region to go on with at {@code cpu.eip}.
     *
     * @return null if it is not known, or must not be entered now
     */
    public Region ready(CpuState cpu, LinearMemory mem, int depth) {
        Region known = region;
        return known != null && eip == cpu.eip && version == mem.version() && cpu.budget >= known.longest() && depth > 0 ? known : null;
    }

    /** From now on it leads there, as long as no translation changes. */
    public void lead(Region to, int atEip, int atVersion) {
        region = to;
        eip = atEip;
        version = atVersion;
    }
}
