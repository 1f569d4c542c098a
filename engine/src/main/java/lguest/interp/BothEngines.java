package lguest.interp;

import lguest.cpu.CpuDifference;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.cpu.Leave;
import lguest.mem.LinearMemory;
import lguest.translate.Link;
import lguest.translate.Region;

/**
 * Has every region executed twice: translated, and, from the same state, instruction by instruction. The guest goes on with the
 * latter, or is killed if they differ.
 *
 * <p>Meanwhile page tables are not walked: what needs that is left to the interpreter afterwards, so that nothing but registers and
 * the writable pages has to be taken back.
 */
final class BothEngines {
    /** Instructions at a time, so that what is wrong is found close to where it went wrong. */
    private static final int MOST = 4096;
    private static final String NOTHING = "nothing unusual";

    private final CpuState cpu;
    private final LinearMemory mem;
    private final Interpreter oracle;
    private final WritablePages pages;
    private final CpuState before = new CpuState();
    private final CpuState translated = new CpuState();

    private Link way;
    private CpuFault fault;
    private GuestKilled killed;

    /** @param oracle has no regions */
    BothEngines(CpuState cpu, LinearMemory mem, Interpreter oracle) {
        this.cpu = cpu;
        this.mem = mem;
        this.oracle = oracle;
        pages = new WritablePages(mem);
    }

    /** The fault that the last {@link #run} ended with; null if with none. */
    CpuFault fault() {
        return fault;
    }

    /**
     * Executes a region and those that it leads to.
     *
     * @param depth how many calls of the guest may be calls of the JVM at a time
     * @return as {@link Region#run}
     * @throws GuestKilled if the two engines disagree, among other reasons
     */
    Link run(Region first, int depth) {
        long deadline = cpu.deadline;
        before.copyFrom(cpu);
        int budget = (int) Math.min(deadline - cpu.instructions, Math.max(MOST, first.longest()));
        String difference = compare(first, depth, budget);
        if (difference != null) {
            takeBack();
            // Is it the first of them?
            String alone = compare(first, 0, budget);
            throw new GuestKilled("engine both: region at physical %#010x, eip %#010x%s: %s interpreted",
                first.translation().source().physicalPage() + first.translation().source().entry(), before.eip,
                alone != null ? "" : ", or one that it leads to", alone != null ? alone : difference);
        }
        if (cpu.deadline >= 0) {
            cpu.deadline = deadline;
        }
        if (killed != null) {
            throw killed;
        }
        if (fault != null && fault.vector() == LinearMemory.NO_WALK) {
            fault = null;
            return Link.INTERPRET;
        }
        return way;
    }

    private void takeBack() {
        pages.restore();
        takeBackState();
    }

    private void takeBackState() {
        cpu.copyFrom(before);
        mem.setCpl(cpu.cpl);
    }

    private String compare(Region first, int depth, int budget) {
        mem.walks(false);
        try {
            pages.remember();
            cpu.budget = budget;
            cpu.leave = Leave.NONE;
            String end = execute(first, depth);
            cpu.instructions += budget - cpu.budget;
            translated.copyFrom(cpu);
            pages.takeBack();
            takeBackState();
            String expected = interpret(translated.instructions + (end.equals(NOTHING) ? 0 : 1));
            String memory = pages.difference();
            String state = CpuDifference.between(translated, cpu);
            if (!end.equals(expected)) {
                return "it ends with " + end + ", but " + expected;
            }
            return state != null ? state : memory;
        } finally {
            mem.walks(true);
        }
    }

    /** Runs translated code. @return how it ended */
    private String execute(Region first, int depth) {
        way = null;
        try {
            way = Region.follow(first, cpu, mem, depth);
            return way == Link.FAULT ? cpu.fault().getMessage() : NOTHING;
        } catch (RuntimeException thrown) {
            return thrown.toString();
        }
    }

    private String interpret(long until) {
        fault = null;
        killed = null;
        try {
            if (oracle.run(until, true) == Interpreter.End.FAULT) {
                fault = oracle.fault();
                return fault.getMessage();
            }
            return NOTHING;
        } catch (GuestKilled end) {
            killed = end;
            return end.toString();
        }
    }
}
