package lguest.interp;

import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.mem.LinearMemory;
import lguest.translate.Doubt;
import lguest.translate.Link;
import lguest.translate.Region;

/**
 * What is interpreted in the midst of translated code, while regions wait for a CALL to come back: from where one of them could not go
 * on to the next region, and so on until execution is behind the CALL. Anything out of the ordinary is left to {@link Interpreter#run},
 * for which all of them have to be left.
 */
final class Interlude {
    private final CpuState cpu;
    private final LinearMemory mem;
    private final BlockBuilder builder;
    private final Breakpoints breakpoints;
    private final Execution execution;
    private final Hot hot;
    private final Tally tally;
    private final Statistics statistics;
    private final Whereabouts whereabouts;

    Interlude(CpuState cpu, LinearMemory mem, BlockBuilder builder, Breakpoints breakpoints, Execution execution, Hot hot, Tally tally,
            Statistics statistics, Whereabouts whereabouts) {
        this.cpu = cpu;
        this.mem = mem;
        this.builder = builder;
        this.breakpoints = breakpoints;
        this.execution = execution;
        this.hot = hot;
        this.tally = tally;
        this.statistics = statistics;
        this.whereabouts = whereabouts;
    }

    /** As {@link lguest.translate.Regions#interpret}, between regions of one and the same mode. */
    Link run(Link from, int next, int stack, int depth) {
        Doubt.nothing();
        tally.count();
        whereabouts.at(Whereabouts.INTERPRETING);
        try {
            return run(from, next, stack, depth, Mode.of(cpu), mem.version(), cpu.crossings);
        } finally {
            whereabouts.at(Whereabouts.TRANSLATED);
        }
    }

    private Link run(Link from, int next, int stack, int depth, int mode, int version, int crossings) {
        Link way = from;
        Block previous = null;
        do {
            Block block = find(previous, mode, version);
            if (block == null || cpu.budget < block.ops.length) {
                leaveAll();
                return way;
            }
            if (way == Link.INTERPRET) {
                statistics.leftToInterpreter++;
                hot.missed(block, block.missed(cpu.instructions));
            } else if (block.region == null && block.heat-- == 0) {
                hot.found(block);
            }
            if (way == Link.INTERPRET || block.region == null) {
                way = interpret(block, mode);
                previous = block;
            } else if (cpu.budget >= block.region.longest()) {
                way = follow(block.region, depth);
                previous = null;
            } else {
                leaveAll();
            }
        } while (way != Link.FAULT && cpu.goesOn() && cpu.crossings == crossings && mem.version() == version
            && cpu.eip != next && Integer.compareUnsigned(cpu.regs[CpuState.ESP], stack) <= 0);
        if (!cpu.goesOn()) {
            leaveAll();
        }
        return way;
    }

    /** Null if that takes more than looking it up, or if its first instruction is not to be executed like any other. */
    private Block find(Block previous, int mode, int version) {
        Block followed = previous == null ? null : previous.follow(cpu.eip, version);
        if (followed != null) {
            return followed;
        }
        if (!Mode.translates(mode) || breakpoints.contains(cpu.eip) || !cpu.goesOn()) {
            return null;
        }
        Block block = builder.known(cpu.eip, mode);
        if (block != null && previous != null) {
            previous.leadTo(block, cpu.eip, version);
        }
        return block;
    }

    private Link interpret(Block block, int mode) {
        int count = block.ops.length;
        int done = execution.perform(block, count);
        tally.interpreted(done);
        if (done == count) {
            if (block.changesMode && Mode.of(cpu) != mode) {
                leaveAll();
            }
            return null;
        }
        GuestKilled killed = execution.killed();
        if (killed != null) {
            throw killed;
        }
        if (execution.fault() != null) {
            return Link.FAULT;
        }
        leaveAll();
        return null;
    }

    private Link follow(Region region, int depth) {
        statistics.entries++;
        whereabouts.at(Whereabouts.TRANSLATED);
        Link way = Region.follow(region, cpu, mem, depth);
        tally.count();
        whereabouts.at(Whereabouts.INTERPRETING);
        return way;
    }

    /** No region that waits for a CALL goes on behind it. */
    private void leaveAll() {
        cpu.crossings++;
    }
}
