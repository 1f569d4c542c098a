package lguest.translate;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/** A way out of a region, which remembers the region it last led to. */
public final class Link {
    /** The way out of a region that has met something for the interpreter, which is to execute what comes next. */
    public static final Link INTERPRET = new Link(null, null, null, false);
    /** The way out of a region in which an instruction has faulted: {@link CpuState#fault()} says how. */
    public static final Link FAULT = new Link(null, null, null, false);
    /** What a CALL has for a way when execution has come back from it. */
    static final Link RETURNED = new Link(Regions.NONE, null, null, false);

    /** What {@link Region#call} has it lead on with; null if it leads to no region. */
    final CpuState cpu;
    final LinearMemory mem;
    final Regions regions;
    private final boolean crosses;
    private Region region;
    private int eip;
    private int version;
    private int mode;
    private Link behind;

    /**
     * @param regions asked where it leads when it does not remember
     * @param crosses it is the way out of INT or IRET, after which privilege and segments may be others
     */
    Link(Regions regions, CpuState cpu, LinearMemory mem, boolean crosses) {
        this.regions = regions;
        this.cpu = cpu;
        this.mem = mem;
        this.crosses = crosses;
    }

    /**
     * The region to go on with at {@code cpu.eip}.
     *
     * @return null if there is none, or if it must not be entered now
     */
    public Region ready(CpuState cpu, LinearMemory mem, int depth) {
        if ((eip != cpu.eip || version != mem.version() || crosses) && !leadsOn(cpu, mem)) {
            return null;
        }
        Region known = region;
        return known != null && cpu.budget >= known.longest() && depth > 0 ? known : null;
    }

    /** Where this is the way of a CALL: that of what is behind it, to take when execution has come back but the caller cannot go on. */
    Link behind() {
        if (behind == null) {
            behind = new Link(regions, cpu, mem, false);
        }
        return behind;
    }

    /** Finds out where it leads now, if that may be another region than last time. @return false if it leads to none that may be entered */
    private boolean leadsOn(CpuState cpu, LinearMemory mem) {
        if (regions == null || crosses && !cpu.goesOn()) {
            return false;
        }
        int now = crosses ? regions.mode() : mode;
        if (eip != cpu.eip || version != mem.version() || mode != now) {
            mode = now;
            remember(cpu, mem);
        }
        return true;
    }

    private void remember(CpuState cpu, LinearMemory mem) {
        region = regions.atEip();
        eip = cpu.eip;
        // Where there is none yet there may be one soon.
        version = region == null ? mem.version() - 1 : mem.version();
    }
}
