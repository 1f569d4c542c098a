package lguest.interp;

import java.util.List;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;
import lguest.translate.Doubt;
import lguest.translate.Link;
import lguest.translate.Region;
import lguest.translate.Regions;
import lguest.translate.Translation;
import lguest.translate.Translator;

/**
 * Fetches, decodes and runs until there is a reason to come back: the budget is used up, a breakpoint, or what nobody has
 * {@linkplain Exits answered}: a fault, or an instruction that asked to leave ({@link CpuState#leave}).
 */
public final class Interpreter {
    /** How {@link #run} ended. */
    public enum End {
        /** The budget is used up, or {@link CpuState#leave} says more. */
        BUDGET,
        /** {@link CpuState#fault}: nothing of the instruction at EIP has happened. */
        FAULT,
        /** EIP is at a breakpoint. */
        BREAKPOINT
    }

    private static final int MAX_BUDGET = 1 << 30;
    /** How many calls of the guest are calls of the JVM at a time. */
    private static final int MAX_DEPTH = 200;

    private final CpuState cpu;
    private final LinearMemory mem;
    private final CodeCache cache;
    private final BlockBuilder builder;
    private final Statistics statistics = new Statistics();
    private final Whereabouts whereabouts = new Whereabouts();
    private final Breakpoints breakpoints = new Breakpoints();
    private final GuestBreakpoints guestBreakpoints;
    private final Execution execution;
    private final Tally tally;
    private CpuFault fault;
    private final Entrances userEntrances = new Entrances();
    private final Entrances supervisorEntrances = new Entrances();
    /** Null if nothing is translated. */
    private final Hot hot;
    /** Null unless every region is to be executed by both engines. */
    private final BothEngines both;
    /** Null unless regions are executed, and by nobody else. */
    private final Interlude interlude;
    private Exits exits = Exits.NONE;
    /** {@link Mode} of the instruction that is being executed. */
    private int mode;
    /** The count of instructions at which RF was taken back; -1 if it was not in this run. */
    private long resumedAt;

    /** Without a translator. */
    public Interpreter(CpuState cpu, LinearMemory mem) {
        this(cpu, mem, null, false);
    }

    /** @param translator of hot code */
    public Interpreter(CpuState cpu, LinearMemory mem, Translator translator) {
        this(cpu, mem, translator, false);
    }

    /**
     * @param translator of hot code; null leaves everything to the interpreter
     * @param compared every region is executed by the interpreter, too; a guest for which that makes a difference is killed
     */
    public Interpreter(CpuState cpu, LinearMemory mem, Translator translator, boolean compared) {
        this.cpu = cpu;
        this.mem = mem;
        cache = new CodeCache(mem, statistics);
        builder = new BlockBuilder(cpu, mem, cache, breakpoints);
        guestBreakpoints = new GuestBreakpoints(cpu, mem, breakpoints, this::leaveAfterThisInstruction, cache::clear);
        execution = new Execution(cpu, mem);
        tally = new Tally(cpu, statistics);
        hot = translator == null ? null : new Hot(translator, cache, cpu, mem.physical(), breakpoints, statistics);
        if (translator != null) {
            translator.regions(new Regions() {
                @Override
                public Region atEip() {
                    return regionAtEip();
                }

                @Override
                public int mode() {
                    mode = Mode.of(cpu);
                    return mode;
                }

                @Override
                public Link interpret(Link way, int next, int stack, int depth) {
                    if (interlude == null) {
                        return way;
                    }
                    Link last = interlude.run(way, next, stack, depth);
                    mode = Mode.of(cpu);
                    return last;
                }

                @Override
                public void worthwhile(Region region) {
                    if (!region.retired()) {
                        cache.worthwhile(region.translation().source());
                    }
                }
            });
        }
        both = compared ? new BothEngines(cpu, mem, new Interpreter(this)) : null;
        interlude = hot == null || compared ? null
            : new Interlude(cpu, mem, builder, breakpoints, execution, hot, tally, statistics, whereabouts);
    }

    /** One that executes what another has decoded, and nothing that is translated. */
    private Interpreter(Interpreter other) {
        cpu = other.cpu;
        mem = other.mem;
        cache = other.cache;
        builder = other.builder;
        guestBreakpoints = other.guestBreakpoints;
        execution = new Execution(cpu, mem);
        tally = new Tally(cpu, statistics);
        hot = null;
        both = null;
        interlude = null;
    }

    /** @param newExits to ask before a run ends with a fault or for what {@link CpuState#leave} says */
    public void exits(Exits newExits) {
        exits = newExits;
    }

    /** The fault that ended the last run with {@link End#FAULT}. */
    public CpuFault fault() {
        return fault;
    }

    /** Linear addresses to stop at; replaces the former ones. */
    public void breakpoints(int[] linear) {
        breakpoints.outside(linear);
        cache.clear();
    }

    /** Forgets everything decoded: the processor model or the meaning of instructions has changed. */
    public void forget() {
        cache.clear();
    }

    /** All that is translated now. While nobody runs the guest. */
    public List<Translation> translations() {
        return cache.translations();
    }

    public Statistics statistics() {
        return statistics;
    }

    /** What the thread that runs this is doing. */
    public Whereabouts whereabouts() {
        return whereabouts;
    }

    /** How long translating took so far, in nanoseconds. Any thread. */
    public long translatingNanos() {
        return hot == null ? 0 : hot.translatingNanos();
    }

    /** Called from within an instruction (a watched access): {@link #run} comes back before the next one. */
    public void leaveAfterThisInstruction() {
        cpu.leave(Leave.ATTENTION);
        mem.forgetPlace();
        if (execution.current() != null) {
            cache.discard(execution.current());
        }
    }

    /**
     * Runs until {@code cpu.instructions} is {@code until} or something else ends it.
     *
     * @param passBreakpoint do not stop at the first instruction: whoever stopped there wants to go on
     */
    public End run(long until, boolean passBreakpoint) {
        // Guests do something for the first time all the time: this is not to be compiled anew for each.
        Doubt.nothing();
        if (hot != null) {
            hot.work();
        }
        begin(until);
        boolean pass = passBreakpoint;
        Block block = null;
        Block previous = null;
        Link way = null;
        fault = null;
        while (true) {
            if (block == null) {
                if (cpu.instructions >= cpu.deadline) {
                    if (!answered(until)) {
                        return End.BUDGET;
                    }
                    previous = null;
                    way = null;
                }
                int linear = cpu.segments[Segment.CS].base + cpu.eip;
                boolean breakpoint = breakpoints.contains(linear);
                if (breakpoint) {
                    if (!pass && breakpoints.stops(linear)) {
                        return End.BREAKPOINT;
                    }
                    if (met(linear)) {
                        return End.FAULT;
                    }
                }
                pass = false;
                int version = mem.version();
                try {
                    block = builder.find(linear, mode);
                } catch (CpuFault raised) {
                    fault = raised;
                    if (!answered(until)) {
                        return end();
                    }
                    previous = null;
                    way = null;
                    continue;
                }
                if ((cpu.eflagsRest & Eflags.RF) != 0 || cpu.debugShadow) {
                    resume();
                }
                if (previous != null && !breakpoint && (mode & Mode.FLAT_CODE) != 0) {
                    // Not the present one: finding it may have made room, or dropped what was there.
                    previous.leadTo(block, cpu.eip, version);
                }
            }
            if (hot != null) {
                boolean interpret = way == Link.INTERPRET;
                way = null;
                if (interpret) {
                    hot.missed(block, block.missed(cpu.instructions));
                }
                if (!interpret && block.region != null && cpu.deadline - cpu.instructions >= block.region.longest()) {
                    previous = null;
                    way = translated(block.region);
                    mode = Mode.of(cpu);
                    if (fault != null) {
                        takeBackResume();
                        if (!answered(until)) {
                            return end();
                        }
                        way = null;
                    }
                    block = null;
                    continue;
                }
                if (block.region == null && block.heat-- == 0) {
                    hot.found(block);
                    if (block.region != null) {
                        continue;
                    }
                }
            }
            int count = block.ops.length;
            if (cpu.instructions + count > cpu.deadline) {
                count = (int) Math.max(0, cpu.deadline - cpu.instructions);
            }
            previous = null;
            int done = execution.perform(block, count);
            cpu.instructions += done;
            if (done < count) {
                takeBackResume();
                if (execution.killed() != null) {
                    throw execution.killed();
                }
                fault = execution.fault();
                if (fault != null && !answered(until)) {
                    return end();
                }
                block = null;
                continue;
            }
            if (count < block.ops.length) {
                return End.BUDGET;
            }
            if (block.changesMode) {
                mode = Mode.of(cpu);
                block = null;
            } else {
                previous = block;
                block = block.follow(cpu.eip, mem.version());
            }
        }
    }

    /** Whether what stopped the processor has been {@linkplain Exits answered}, and nothing else is the reason to come back. */
    private boolean answered(long until) {
        whereabouts.at(Whereabouts.OUTSIDE);
        if (fault == null ? !exits.left() : !exits.fault(fault)) {
            return false;
        }
        fault = null;
        if (cpu.instructions >= until || !exits.goesOn()) {
            return false;
        }
        begin(until);
        whereabouts.at(Whereabouts.INTERPRETING);
        return true;
    }

    /** The processor's state may be any. */
    private void begin(long until) {
        cpu.leave = Leave.NONE;
        cpu.deadline = until;
        guestBreakpoints.apply();
        resumedAt = -1;
        mode = Mode.of(cpu);
    }

    private End end() {
        return fault != null ? End.FAULT : End.BUDGET;
    }

    /** Whether the guest's debug registers have a breakpoint at the next instruction that is not to be passed over. */
    private boolean met(int linear) {
        int met = (cpu.eflagsRest & Eflags.RF) != 0 || cpu.debugShadow ? 0 : DebugRegisters.executes(cpu, linear);
        if (met != 0) {
            DebugRegisters.report(cpu, met);
            fault = cpu.fault(Vector.DB, 0);
        }
        return met != 0;
    }

    /** The next instruction begins: it clears RF if it is successful. SDM vol. 3B "Instruction-Breakpoint Exception Condition". */
    private void resume() {
        resumedAt = (cpu.eflagsRest & Eflags.RF) != 0 ? cpu.instructions : -1;
        cpu.eflagsRest &= ~Eflags.RF;
        cpu.debugShadow = false;
    }

    /** It was not. */
    private void takeBackResume() {
        if (cpu.instructions == resumedAt) {
            cpu.eflagsRest |= Eflags.RF;
        }
    }

    /**
     * Runs translated code for as long as one region leads to the next.
     *
     * @return the way out that it took last, null if that has no memory; {@link #fault} is set if it ended with one
     */
    private Link translated(Region first) {
        if (both != null) {
            return compared(first);
        }
        tally.give((int) Math.min(cpu.deadline - cpu.instructions, MAX_BUDGET));
        statistics.entries++;
        whereabouts.at(Whereabouts.TRANSLATED);
        try {
            Region region = first;
            while (true) {
                int before = cpu.budget;
                Link way = region.run(MAX_DEPTH);
                region.executed(before - cpu.budget);
                if (way == Link.FAULT) {
                    fault = cpu.fault();
                    return null;
                }
                region = way != null ? way.ready(cpu, mem, MAX_DEPTH) : cpu.goesOn() ? regionAtEip() : null;
                if (region == null || cpu.budget < region.longest()) {
                    statistics.leftToInterpreter += way == Link.INTERPRET ? 1 : 0;
                    return way;
                }
            }
        } finally {
            tally.count();
            whereabouts.at(Whereabouts.INTERPRETING);
        }
    }

    /** As {@link #translated}, by both engines. */
    private Link compared(Region first) {
        long before = cpu.instructions;
        statistics.entries++;
        whereabouts.at(Whereabouts.TRANSLATED);
        Link way = both.run(first, MAX_DEPTH);
        whereabouts.at(Whereabouts.INTERPRETING);
        fault = both.fault();
        first.executed((int) (cpu.instructions - before));
        statistics.translated += cpu.instructions - before;
        statistics.leftToInterpreter += way == Link.INTERPRET ? 1 : 0;
        return way;
    }

    private Region regionAtEip() {
        if (!Mode.translates(mode)) {
            return null;
        }
        Entrances entrances = (mode & Mode.USER) != 0 ? userEntrances : supervisorEntrances;
        int version = mem.version();
        Region known = entrances.at(cpu.eip, version);
        if (known != null) {
            return known;
        }
        Block block = builder.known(cpu.eip, mode);
        Region region = block == null ? null : block.region;
        if (region != null) {
            entrances.note(cpu.eip, version, region);
        }
        return region;
    }
}
