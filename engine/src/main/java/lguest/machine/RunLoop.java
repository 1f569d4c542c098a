package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.device.Bus;
import lguest.emit.Ops;
import lguest.interp.Interpreter;
import lguest.interp.Whereabouts;
import lguest.isa.Decoder;
import lguest.mem.LinearMemory;
import lguest.probe.ProbeFailure;
import lguest.probe.Probes;

/**
 * The loop of a guest: some instructions, then what is due between two of them, until there is a reason to come back. Whether to
 * come back is decided at counts of instructions only, so that runs repeat however often they are interrupted.
 */
final class RunLoop {
    /**
     * At multiples of so many instructions the loop looks whether a condition holds and tries again what the guest has not admitted.
     * It is part of what a run is: with another number the same guest is told some things elsewhere.
     */
    private static final long SLICE = 250_000;
    /** How long the host waits for the end of a stretch, more or less: pauses, input and the host's time are looked at in between. */
    private static final long STRETCH_NANOS = 2_000_000;
    /** A stretch is no shorter than this, however slow the guest: what comes between two of them takes time, too. */
    private static final long SHORTEST = 1000;
    /** How often a waiting interrupt that the guest does not admit yet is tried again, in instructions. */
    private static final long POLL = 1024;

    private final CpuState cpu;
    private final Interpreter interpreter;
    private final LinearMemory linear;
    private final MappedMemory memory;
    private final Machine machine;
    private final Clock clock;
    private final Bus bus;
    private final Probes probes;
    private final Watcher watcher;
    private final Outside outside;
    private final Ticks ticks = new Ticks();
    private final Answers answers;

    /** How many instructions are executed at a time at most: what took {@link #STRETCH_NANOS} last. It makes no difference to a run. */
    private long pace = SHORTEST;
    /** When and at which count of instructions the pace was taken. */
    private long paceNanos = System.nanoTime();
    private long paceAt;

    private volatile int exitValue;
    private volatile boolean exitAsked;
    private volatile boolean pauseAsked;
    private volatile boolean probesChanged;
    private volatile boolean printed;
    private boolean poll = true;
    /** Count of instructions at the last poll. */
    private long polledAt = -1;
    /** Where a breakpoint was last reported, as an address and a count of instructions: going on means passing it. */
    private int passedLinear;
    private long passedAt = -1;
    /** Work of {@link #atBoundary} is being done, so everything is as it is between two runs. */
    private boolean betweenInstructions;
    private final Queue<Runnable> boundaryWork = new ConcurrentLinkedQueue<>();
    private final Whereabouts whereabouts;
    private long idleNanos;
    private long busyNanos;
    /** {@link System#nanoTime} since which the guest is busy, if it is. */
    private long busySince;
    private boolean busy;

    RunLoop(GuestParts parts, Interpreter interpreter, MappedMemory memory) {
        this.interpreter = interpreter;
        this.memory = memory;
        whereabouts = interpreter.whereabouts();
        cpu = parts.cpu();
        linear = parts.linear();
        machine = parts.machine();
        clock = parts.clock();
        bus = parts.bus();
        probes = parts.probes().get();
        watcher = parts.watcher();
        outside = parts.outside();
        answers = new Answers(this, parts);
        interpreter.exits(answers);
        parts.probes().set(() -> probesChanged = true);
        parts.transcript().onOutput(() -> printed = true);
    }

    // ---- what others ask of it, from any thread

    /** Comes back soon. */
    void pause() {
        pauseAsked = true;
    }

    /** There was nobody to pause after all. */
    void forgetPause() {
        pauseAsked = false;
    }

    /** The guest ends itself, with a value. */
    void exit(int value) {
        exitValue = value;
        exitAsked = true;
    }

    int exitValue() {
        return exitValue;
    }

    /** Something may have to be delivered. */
    void poll() {
        poll = true;
    }

    /** Does this as soon as the guest is between two instructions. */
    void atBoundary(Runnable work) {
        boundaryWork.add(work);
    }

    /** Whether interrupts have been tried at this count of instructions, and nothing has happened since. */
    boolean polled() {
        return !poll && polledAt == cpu.instructions;
    }

    /** A breakpoint where it stands has been reported. */
    void passBreakpoint() {
        passedLinear = place();
        passedAt = cpu.instructions;
    }

    boolean hasBoundaryWork() {
        return !boundaryWork.isEmpty();
    }

    boolean betweenInstructions() {
        return betweenInstructions;
    }

    // ---- the loop

    /** Runs until the limit or something else ends it. What throws is as {@link Guest#run} says. */
    Stop run(Until until) {
        begin();
        try {
            return outside.past() ? again(until) : loop(until);
        } finally {
            end();
        }
    }

    /** What stopped the guest because it had failed stops it no more. */
    private Stop again(Until until) {
        while (true) {
            try {
                return loop(until);
            } catch (ProbeFailure failed) {
                if (failed.probe() != null) {
                    throw failed;
                }
            }
        }
    }

    private void begin() {
        busySince = System.nanoTime();
        busy = true;
        whereabouts.begin();
    }

    private void end() {
        whereabouts.end();
        busy = false;
        busyNanos += System.nanoTime() - busySince;
    }

    /** What the host's time went to. For the thread that runs the guest, or while nobody does. */
    Times times() {
        long nanos = busyNanos + (busy ? System.nanoTime() - busySince : 0);
        long translated = whereabouts.share(Whereabouts.TRANSLATED, nanos);
        long outside = whereabouts.share(Whereabouts.OUTSIDE, nanos);
        return new Times(nanos - translated - outside, translated, outside, idleNanos, interpreter.translatingNanos());
    }

    private Stop loop(Until until) {
        while (true) {
            if (cpu.debugTrap != 0 && !cpu.debugShadow) {
                deliverTrap();
            }
            Stop stop = look(until);
            if (stop != null) {
                return stop;
            }
            if (cpu.debugTrap != 0 && !cpu.debugShadow) {
                // What was delivered has met a breakpoint with what it pushed.
                continue;
            }
            if (!exitAsked) {
                if (machine.halted()) {
                    idle(until);
                } else {
                    execute(until);
                }
            }
            if (exitAsked) {
                return Stop.of(Stop.Kind.OFF, "exit " + exitValue);
            }
        }
    }

    /** Between two stretches of instructions: limits, input, time, interrupts. @return why to come back, or null to go on */
    private Stop look(Until until) {
        if (outside.past() && until.reached() && !outside.late()) {
            // As it was then when a run had got here: what came in came after that.
            watcher.lookAtAccesses();
            Stop passed = watcher.takeStop();
            return passed != null ? passed : Stop.of(Stop.Kind.LIMIT, until.reason());
        }
        outside.between();
        watcher.lookAtAccesses();
        doBoundaryWork();
        ticks.fire(clock.nanos(), cpu.instructions, event -> watcher.ticked(event, machine.halted()));
        Stop asked = watcher.takeStop();
        if (asked != null) {
            return asked;
        }
        boolean newsForCondition = printed | watcher.takeActed() | cpu.instructions % SLICE == 0 | machine.halted();
        printed = false;
        if (newsForCondition && holds(until)) {
            return Stop.of(Stop.Kind.CONDITION, "the condition holds");
        }
        if (pauseAsked) {
            return Stop.of(Stop.Kind.PAUSED, "paused");
        }
        boolean reached = until.reached();
        if (reached && !outside.behind()) {
            return Stop.of(Stop.Kind.LIMIT, until.reason());
        }
        if (probesChanged) {
            applyProbes();
        }
        // A guest that sleeps changes nothing itself: what wakes it now came from outside, and may be tried at any time.
        boolean due = poll || pollsHere() || machine.halted();
        if (bus.inputArrived() || due && bus.inputPending()) {
            bus.service();
            due = true;
        }
        long deadline = deadline();
        if (deadline != Long.MAX_VALUE && deadline <= clock.nanos()) {
            expire();
            due = true;
        }
        if (due) {
            poll = true;
            pollIfDue();
            boolean came = outside.between();
            watcher.lookAtAccesses();
            asked = watcher.takeStop();
            if (asked == null && (came || printed)) {
                // A run ended here then, and the next one began with a look at what had come in; or the guest's ring had something to
                // print, for which conditions wait.
                return look(until);
            }
            if (asked == null && watcher.takeActed() && holds(until)) {
                return Stop.of(Stop.Kind.CONDITION, "the condition holds");
            }
            return asked == null && reached ? Stop.of(Stop.Kind.LIMIT, until.reason()) : asked;
        }
        return null;
    }

    /** Has interrupts tried if something says that it may be time. */
    void pollIfDue() {
        if (poll) {
            machine.poll();
            poll = false;
            polledAt = cpu.instructions;
        }
    }

    /** Whether somebody outside wants something of {@link #look}, or waits for what has just been printed. */
    boolean isAsked() {
        return exitAsked || pauseAsked || probesChanged || printed || !boundaryWork.isEmpty();
    }

    private boolean holds(Until until) {
        if (!outside.watched()) {
            return until.holds();
        }
        boolean[] holds = new boolean[1];
        outside.visit(() -> holds[0] = until.holds());
        return holds[0];
    }

    /** {@link Clock#nanos} at which something is due, of the Host or of a device; {@link Long#MAX_VALUE} if nothing is. */
    long deadline() {
        return Math.min(machine.deadline(), bus.deadline());
    }

    private void expire() {
        long now = clock.nanos();
        if (machine.deadline() <= now) {
            machine.expire();
        }
        bus.expire(now);
        outside.passed();
    }

    /** Does what was asked for {@link #atBoundary between two instructions}. */
    void doBoundaryWork() {
        betweenInstructions = true;
        try {
            for (Runnable work; (work = boundaryWork.poll()) != null;) {
                outside.visit(work);
            }
        } finally {
            betweenInstructions = false;
        }
    }

    /**
     * Whether the count of instructions alone is reason to poll: now and then, and more often if an interrupt waits. It must not
     * matter where else somebody asked the run to come up for air.
     */
    private boolean pollsHere() {
        return cpu.instructions != polledAt
            && (cpu.instructions % SLICE == 0 || cpu.instructions % POLL == 0 && machine.interruptPending());
    }

    private void applyProbes() {
        probesChanged = false;
        ticks.apply(probes.list(), clock.nanos(), cpu.instructions);
        interpreter.breakpoints(probes.codeAddresses());
        linear.watch(probes.watchedPages(), (at, bits, value, write) -> {
            if (watcher.watches(at, bits, write)) {
                watcher.accessed(at, bits, value, write ? memory.number(at, bits) : value, write);
                interpreter.leaveAfterThisInstruction();
            }
        });
    }

    private void execute(Until until) {
        boolean trace = (cpu.eflagsRest & Eflags.TF) != 0;
        long before = cpu.instructions;
        long stretch = trace || cpu.debugTrap != 0 ? before + 1 : Math.min(until.instructions(), before + SLICE - before % SLICE);
        if (machine.interruptPending()) {
            stretch = Math.min(stretch, before + POLL - before % POLL);
        }
        stretch = Math.min(Math.min(stretch, before + pace), ticks.instructions());
        long next = outside.nextInstructions();
        if (next > before) {
            stretch = Math.min(stretch, next);
        }
        long due = deadline();
        long deadline = Math.min(due, ticks.nanos());
        if (deadline != Long.MAX_VALUE) {
            stretch = Math.min(stretch, Math.max(before + 1, clock.instructionsAt(deadline)));
        }
        cpu.interruptShadow = false;
        answers.begin(due, until);
        whereabouts.at(Whereabouts.INTERPRETING);
        Interpreter.End ended = interpreter.run(stretch, passedAt == before && passedLinear == place());
        whereabouts.at(Whereabouts.OUTSIDE);
        if (cpu.instructions - before >= pace) {
            takePace();
        }
        switch (ended) {
            case BREAKPOINT -> breakpoint();
            case FAULT -> fault(interpreter.fault());
            default -> left(trace && cpu.instructions > before);
        }
    }

    /** Sets the pace by what came since it was set last: one instruction may be a string of thousands of elements. */
    private void takePace() {
        long now = System.nanoTime();
        long took = Math.max(1, now - paceNanos);
        pace = Math.max(SHORTEST, Math.min(SLICE, (cpu.instructions - paceAt) * STRETCH_NANOS / took));
        paceNanos = now;
        paceAt = cpu.instructions;
    }

    /** Linear address of the next instruction. */
    private int place() {
        return cpu.segments[Segment.CS].base + cpu.eip;
    }

    private void breakpoint() {
        int linear = place();
        boolean goesOn = linear == passedLinear && cpu.instructions == passedAt + 1 && repeats(linear);
        passBreakpoint();
        if (!goesOn) {
            watcher.reached(linear);
        }
    }

    /** Whether a repeated string instruction is there, which comes by once for every chunk. */
    private boolean repeats(int linear) {
        byte[] code = new byte[Decoder.MAX_LENGTH];
        memory.read(linear, code);
        int[] at = {0};
        return Ops.repeats(Decoder.decode(() -> code[at[0]++] & 0xFF, cpu.segments[Segment.CS].big()));
    }

    private void fault(CpuFault fault) {
        try {
            outside.meet(Place.Kind.FAULT);
            watcher.dropUnfinishedAccesses();
        } finally {
            outside.part();
        }
        try {
            deliver(fault);
        } catch (Watcher.StopBeforeDelivery stopped) {
            // EIP is still at the instruction, which will fault again when the guest goes on.
        }
    }

    void deliver(CpuFault fault) {
        cpu.debugTrap = 0;
        machine.fault(fault);
        outside.passed();
        poll = true;
    }

    private void left(boolean traced) {
        try {
            if (cpu.leave != Leave.NONE && cpu.leave != Leave.ATTENTION && !serve()) {
                return;
            }
            if (traced && cpu.leave != Leave.SOFTWARE_INTERRUPT && !cpu.debugShadow) {
                // INT n clears TF on its way in; MOV SS and POP SS hold the trap back by one instruction.
                cpu.debugTrap |= DebugRegisters.DR6_BS;
            }
        } finally {
            // It is served: INT n, for one, leaves or not depending on what the TLB knows, which is not to be seen in a guest that rests.
            cpu.leave = Leave.NONE;
        }
    }

    /** @return whether what asked to leave has happened */
    boolean serve() {
        try {
            poll |= machine.left();
            return true;
        } catch (Watcher.StopBeforeDelivery stopped) {
            takeBack();
            return false;
        } catch (ProbeFailure failed) {
            if (cpu.eip == cpu.leaveEip) {
                takeBack();
            } else {
                poll = true;
            }
            throw failed;
        }
    }

    /** The instruction that asked to leave has not happened: it will be executed again, and counted then. */
    private void takeBack() {
        cpu.eip = cpu.leaveEip;
        cpu.instructions--;
        cpu.debugTrap = 0;
    }

    private void deliverTrap() {
        DebugRegisters.report(cpu, cpu.debugTrap);
        try {
            machine.trap(Vector.DB);
            outside.passed();
            // Breakpoints that the delivery itself has met are not delivered: a processor may do so without end (CVE-2015-8104).
            cpu.debugTrap = 0;
        } catch (Watcher.StopBeforeDelivery stopped) {
            // It is delivered when the guest goes on.
            return;
        }
    }

    /** The guest sleeps: until its next deadline, input, or the end of the run. */
    private void idle(Until until) {
        long wakeAt = Math.min(Math.min(deadline(), ticks.nanos()), Math.min(until.guestNanos(), outside.nextNanos()));
        if (!clock.runsByItself() && wakeAt != Long.MAX_VALUE) {
            clock.skipTo(wakeAt);
            return;
        }
        if (bus.inputArrived() || pauseAsked || probesChanged) {
            return;
        }
        end();
        long begun = System.nanoTime();
        park(until.hostNanosLeft(), wakeAt);
        begin();
        idleNanos += busySince - begun;
    }

    private void park(long atMost, long wakeAt) {
        long nanos = atMost;
        if (wakeAt != Long.MAX_VALUE) {
            nanos = Math.min(nanos, wakeAt - clock.nanos());
        }
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else if (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    // ---- as a value

    void save(DataOutput out) throws IOException {
        out.writeBoolean(poll);
        out.writeLong(polledAt);
        out.writeInt(passedLinear);
        out.writeLong(passedAt);
    }

    void load(DataInput in) throws IOException {
        poll = in.readBoolean();
        polledAt = in.readLong();
        passedLinear = in.readInt();
        passedAt = in.readLong();
    }
}
