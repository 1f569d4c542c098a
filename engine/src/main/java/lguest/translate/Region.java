package lguest.translate;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/**
 * A piece of guest code as one Java method: the instructions that can be reached from its first one without leaving a page, as
 * far as they were hot, with their loops. Position-independent, so that all mappings of a physical page share it.
 *
 * <p>{@code cpu.eip} says where it begins and, afterwards, what comes next; {@code cpu.budget} how many instructions may be
 * executed, and afterwards how many are left. It never executes more, and less only if what comes next is not in it.
 */
public abstract class Region {
    /** A depth that makes {@link #run} come back at once, where there is no {@link HotSpot#COMPILERS}: called so often, it is compiled. */
    static final int REHEARSAL = -1;

    private Translation translation;
    private int longest;
    private boolean retired;
    private long executed;

    /**
     * Executes.
     *
     * @param depth how many regions may be nested in this one, each for a CALL of the guest; {@link #REHEARSAL} to do nothing
     * @return the way out that it took, if that remembers where it leads; else null. {@link Link#FAULT} after a fault: EIP and budget are
     *     those of the faulting instruction, which has not happened
     */
    public abstract Link run(int depth);

    final void made(Translation from, int instructions) {
        translation = from;
        longest = instructions;
    }

    /** What it was made of. */
    public final Translation translation() {
        return translation;
    }

    /** The instructions of the longest way through it without a loop; with less budget than that it cannot be entered. */
    public final int longest() {
        return longest;
    }

    /** It was entered by nobody's call, and so many instructions were executed until it came back. */
    public final void executed(int instructions) {
        executed += instructions;
    }

    /** Instructions executed by it and by what it has called, with those that were interpreted in between. */
    public final long executed() {
        return executed;
    }

    /** Its bytes have changed or breakpoints have moved: it must not be entered again. */
    public final void retire() {
        retired = true;
    }

    public final boolean retired() {
        return retired;
    }

    // ---- what generated code calls

    /** The state of affairs for whoever runs next. */
    static void leave(CpuState cpu, int eip, int budget) {
        cpu.eip = eip;
        cpu.budget = budget;
    }

    /** What was thrown by an instruction, with all else as it is to be. Faults are returned: to unwind another frame takes long. */
    static Link fault(RuntimeException thrown) {
        if (thrown instanceof CpuFault) {
            return Link.FAULT;
        }
        throw thrown;
    }

    /**
     * Runs a region, and for as long as it leads to another that one, until a RET or something for the interpreter.
     *
     * @return as {@link #run}, of the last one
     */
    public static Link follow(Region first, CpuState cpu, LinearMemory mem, int depth) {
        Region region = first;
        Link way;
        do {
            way = region.run(depth);
            region = way == null ? null : way.ready(cpu, mem, depth);
        } while (region != null);
        return way;
    }

    /**
     * Runs what a CALL leads to, if that can be entered now, and what is interpreted in between, until execution is behind the CALL.
     *
     * @param link of the CALL
     * @param eip where it leads to
     * @param budget of the caller
     * @param depth of the caller
     * @param next EIP behind the CALL
     * @param version of {@link LinearMemory} when the caller's code was known to be there
     * @param needed instructions that must be left for the caller to go on; more than a budget can be if it never does
     * @return {@link Link#RETURNED} if it may go on: execution is behind the CALL, come back or led there by the CALL itself; otherwise the
     *     way that it goes, which may be null
     */
    static Link call(Link link, int eip, int budget, int depth, int next, int version, int needed) {
        CpuState cpu = link.cpu;
        LinearMemory mem = link.mem;
        leave(cpu, eip, budget);
        int crossings = cpu.crossings;
        int stack = cpu.regs[CpuState.ESP];
        Region callee = link.ready(cpu, mem, depth);
        Link way = callee == null ? link : follow(callee, cpu, mem, depth - 1);
        boolean here = way != Link.FAULT && cpu.crossings == crossings;
        if (here && cpu.eip != next && mem.version() == version && depth > 1) {
            way = comeBack(link, way, next, stack, depth - 1);
            here = way != Link.FAULT && cpu.crossings == crossings;
        }
        // An instruction that has faulted may be behind the CALL, too: that of another call of the same function.
        if (!here || cpu.eip != next) {
            return way;
        }
        if (cpu.budget >= needed && mem.version() == version) {
            return Link.RETURNED;
        }
        // Too little budget, or the caller has been overwritten. Where somebody has seen an access, the next instruction waits.
        return cpu.goesOn() ? link.behind() : way;
    }

    /** Not to where the CALL is, if execution is in what it called no more. */
    private static Link comeBack(Link link, Link way, int next, int stack, int depth) {
        return Integer.compareUnsigned(link.cpu.regs[CpuState.ESP], stack) <= 0 ? link.regions.interpret(way, next, stack, depth) : way;
    }

    /** INT or IRET has been executed: EIP is where it led. */
    static void cross(CpuState cpu, int budget) {
        cpu.budget = budget;
        cpu.crossings++;
    }

    /** Whether a data segment that has just been loaded is what translated code takes it for. */
    static boolean flat(CpuState cpu, int number) {
        boolean flat = cpu.segments[number].flat;
        if (!flat) {
            cpu.crossings++;
        }
        return flat;
    }
}
