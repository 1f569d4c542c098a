package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import lguest.carrier.ConsoleAddress;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.GuestKilled;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.device.Bus;
import lguest.device.Card;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.Device;
import lguest.device.EmergencyExit;
import lguest.device.LauncherExit;
import lguest.emit.Ops;
import lguest.host.Host;
import lguest.interp.Interpreter;
import lguest.interp.Statistics;
import lguest.isa.Decoder;
import lguest.load.KernelSymbols;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;
import lguest.probe.ProbeFailure;
import lguest.probe.Probes;
import lguest.translate.Translator;

/**
 * A guest as one object: processor, memory, Host, devices, clock, and the loop that runs it.
 *
 * <p>One thread at a time runs a guest; others may call {@link #pause}, offer console input, and add or remove probes. Everything
 * else is for the running thread, or for any thread while the guest is not running ({@link #whilePaused} sees to that).
 */
public final class Guest implements AutoCloseable {
    /** Where a guest is in its life. */
    public enum State { BUILT, RUNNING, PAUSED, HALTED, DEAD, OFF }

    /** How many instructions the loop lets pass before it looks for input, limits and pauses. Runs that look repeat exactly. */
    private static final long SLICE = 100_000;
    /** How often a waiting interrupt that the guest does not admit yet is tried again, in instructions. */
    private static final long POLL = 1024;
    private static final int DR6 = 6;
    /** Single step. */
    private static final int DR6_BS = 1 << 14;
    private static final int MAX_INSTRUCTION_BYTES = 15;
    /** The reason of an orderly power-off. */
    private static final String POWER_DOWN = "CRASH: Power down";

    private final GuestConfig config;
    private final GuestParts parts;
    private final CpuState cpu;
    private final Interpreter interpreter;
    private final Machine machine;
    private final Clock clock;
    private final Watcher watcher;
    private final ReentrantLock running = new ReentrantLock();

    private volatile State state = State.BUILT;
    private volatile String exitReason;
    private volatile int exitValue;
    private volatile boolean exitAsked;
    private volatile boolean pauseAsked;
    private volatile boolean probesChanged;
    private volatile boolean printed;
    private volatile Thread runner;
    private Stop end;
    private boolean poll = true;
    /** Count of instructions at the last poll. */
    private long polledAt = -1;
    /** Where a breakpoint was last reported, as an address and a count of instructions: going on means passing it. */
    private int passedLinear;
    private long passedAt = -1;
    /** The last instruction was single-stepped and its trap is not delivered yet. */
    private boolean trapDue;
    private Recording recording;
    /** Work of {@link #atBoundary} is being done, so everything is as it is between two runs. */
    private boolean atBoundary;
    private final Queue<Runnable> boundaryWork = new ConcurrentLinkedQueue<>();

    Guest(GuestConfig config, GuestParts parts) {
        this.config = config;
        this.parts = parts;
        cpu = parts.cpu();
        machine = parts.machine();
        clock = parts.clock();
        watcher = parts.watcher();
        interpreter = new Interpreter(cpu, parts.linear(), config.engine() == GuestConfig.Engine.INTERPRETER ? null : translator());
        parts.probes().set(() -> probesChanged = true);
        parts.transcript().onOutput(() -> printed = true);
        parts.bus().onInput(this::inputArrived);
    }

    private Translator translator() {
        return new Translator(cpu, parts.linear(), config.translates(), config.tuning(), (source, failed) ->
            config.warnings().accept(String.format("guest %s: code at physical %#010x is not translated: %s", name(),
                source.physicalPage() + source.entry(), failed)));
    }

    /**
     * Loads everything; the guest has not run yet.
     *
     * @throws LauncherExit with the launcher's message, if an image or a device cannot be had
     * @throws IllegalArgumentException if the configuration makes no guest
     */
    public static Guest create(GuestConfig config) {
        return GuestBuilder.build(config, null);
    }

    /**
     * A guest that goes on where another was saved.
     *
     * @param config {@link Snapshot#config}, with consoles, ports and the like added
     * @throws LauncherExit if a device cannot be had as it was
     * @throws UncheckedIOException if the snapshot does not fit the configuration
     */
    public static Guest restore(GuestConfig config, Snapshot snapshot) {
        return GuestBuilder.build(config, snapshot);
    }

    // ---- what it is made of

    public String name() {
        return config.name();
    }

    public GuestConfig config() {
        return config;
    }

    public CpuState cpu() {
        return cpu;
    }

    public PhysicalMemory physical() {
        return parts.linear().physical();
    }

    public LinearMemory linear() {
        return parts.linear();
    }

    /** Null on a bare machine. */
    public Host host() {
        return parts.host();
    }

    public Bus bus() {
        return parts.bus();
    }

    /** Null on a bare machine. */
    public Console console() {
        return parts.console();
    }

    /** Everything the console has printed. */
    public ConsoleTranscript transcript() {
        return parts.transcript();
    }

    /** The sockets that carry the console. */
    public List<ConsoleAddress> consoleSockets() {
        return parts.carriers().sockets();
    }

    public KernelSymbols symbols() {
        return parts.symbols();
    }

    public Probes probes() {
        return parts.probes().get();
    }

    public HypercallCounts hypercalls() {
        return parts.counts();
    }

    public Interpreter interpreter() {
        return interpreter;
    }

    /** What interpreter and translator have done so far. */
    public Statistics statistics() {
        return interpreter.statistics();
    }

    public Clock clock() {
        return clock;
    }

    // ---- how it is doing

    public State state() {
        return state;
    }

    /** Why it is dead or off, the Host's or launcher's words; null while it lives. */
    public String exitReason() {
        return exitReason;
    }

    /** What {@link #exit} was given. */
    public int exitValue() {
        return exitValue;
    }

    public boolean alive() {
        return state != State.DEAD && state != State.OFF;
    }

    /** Instructions executed since the start. */
    public long instructions() {
        return cpu.instructions;
    }

    /** Nanoseconds of guest time since the start. */
    public long nanos() {
        return clock.nanos();
    }

    /** SHA-256 of all guest memory: two equal runs have equal hashes. */
    public byte[] memoryHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] page = new byte[PhysicalMemory.PAGE_BYTES];
            for (int at = 0; at < physical().size(); at += page.length) {
                physical().read(at, page, 0, page.length);
                digest.update(page);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    // ---- memory as the guest sees it now

    /** The physical address behind a linear one, -1 if nothing is mapped there. Changes nothing. */
    public int peek(int linear) {
        int page = parts.linear().walk().peek(linear);
        return page == -1 ? -1 : page & 0xFFFFF000 | linear & 0xFFF;
    }

    /** Reads linear memory as far as it is mapped. @return bytes read, from the front */
    public int readLinear(int linear, byte[] to) {
        for (int done = 0; done < to.length;) {
            int at = linear + done;
            int chunk = Math.min(to.length - done, PhysicalMemory.PAGE_BYTES - (at & 0xFFF));
            int physicalAddress = peek(at);
            if (physicalAddress == -1) {
                return done;
            }
            physical().read(physicalAddress, to, done, chunk);
            done += chunk;
        }
        return to.length;
    }

    /** @throws AddressException if a page of it is not mapped; then nothing is written */
    public void writeLinear(int linear, byte[] from) {
        for (int at = linear & 0xFFFFF000; Integer.compareUnsigned(at - (linear & 0xFFFFF000), (linear & 0xFFF) + from.length) < 0;
             at += PhysicalMemory.PAGE_BYTES) {
            if (peek(at) == -1) {
                throw new AddressException(name(), at);
            }
        }
        for (int done = 0; done < from.length;) {
            int chunk = Math.min(from.length - done, PhysicalMemory.PAGE_BYTES - (linear + done & 0xFFF));
            physical().write(peek(linear + done), from, done, chunk);
            done += chunk;
        }
    }

    // ---- network

    /**
     * Records every frame of the guest's network cards from now on, instead of where they were recorded before: as pcapng, with the
     * guest's time. Not while it runs.
     *
     * @param file made anew; null ends the recording
     * @throws IllegalArgumentException if the guest has no card
     * @throws IOException if the file cannot be made, or the one before not be closed
     */
    public void record(Path file) throws IOException {
        List<Card> cards = parts.bus().devices().stream().filter(Card.class::isInstance).map(Card.class::cast).toList();
        if (cards.isEmpty()) {
            throw new IllegalArgumentException("guest " + name() + " has no network to record");
        }
        if (recording != null) {
            recording.stop();
            recording = null;
        }
        if (file != null) {
            recording = Recording.start(file, cards, clock::wallNanos, config.warnings());
        }
    }

    // ---- control

    /** Any thread: whoever runs the guest comes back with {@link Stop.Kind#PAUSED} soon. Nothing happens if nobody does. */
    public void pause() {
        if (runner != null) {
            pauseAsked = true;
            wake();
        }
    }

    /** From a port handler or probe action: the guest ends here, with a value. */
    public void exit(int value) {
        exitValue = value;
        exitAsked = true;
    }

    /** Raises an interrupt: a line of the Host, a vector on a bare machine. */
    public void raise(int line) {
        machine.raise(line);
        poll = true;
        wake();
    }

    /** Runs something while nobody runs the guest: waits for the end of a run, and keeps the next from beginning. */
    public void whilePaused(Runnable work) {
        running.lock();
        try {
            work.run();
        } finally {
            running.unlock();
            takeShared();
        }
    }

    /**
     * Does something as soon as the guest is between two instructions: at once if nobody runs it, or else on the thread that does.
     * For actions, which are in the middle of one. What it throws ends the run.
     */
    public void atBoundary(Runnable work) {
        if (running.isHeldByCurrentThread()) {
            boundaryWork.add(work);
        } else {
            whilePaused(work);
        }
    }

    // ---- as a value

    /**
     * Writes the whole guest to a file, from which it goes on in the same way: with {@link SnapshotFile#read} and {@link #restore}.
     * Waits for the end of a run.
     *
     * @throws IOException if the file cannot be written; one that was there is still there then
     * @throws IllegalStateException if the guest lives no more, or if called from an action: see {@link #atBoundary}
     * @throws LauncherExit if it has a device that cannot be saved
     */
    public void save(Path file) throws IOException {
        try {
            still(() -> {
                try {
                    SnapshotFile.write(file, Snapshot.of(this));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                return null;
            });
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /**
     * Another guest that goes on from here. Memory is copied at once, some 20 ms for 64 MiB: the translator wants it in one array,
     * so pages are not shared until written.
     *
     * @param config makes the other one's configuration of this one's state
     */
    public Guest fork(Function<Snapshot, GuestConfig> config) {
        return still(() -> {
            Snapshot now = Snapshot.of(this);
            return restore(config.apply(now), now);
        });
    }

    private <T> T still(Supplier<T> work) {
        if (running.isHeldByCurrentThread() && runner != null && !atBoundary) {
            throw new IllegalStateException("guest " + name() + " is in the middle of an instruction");
        }
        running.lock();
        try {
            if (end != null) {
                throw new IllegalStateException("guest " + name() + " is " + state.name().toLowerCase(Locale.ROOT) + ": "
                    + exitReason.trim());
            }
            return work.get();
        } finally {
            running.unlock();
        }
    }

    /** Shows each part that remembers something, by the name of its section. */
    interface Parts {
        void part(String name, Snapshot.Writer writer, Snapshot.Reader reader);
    }

    /** In the order in which they are to be loaded. */
    void parts(Parts each) {
        each.part("cpu", cpu::save, cpu::load);
        each.part("machine", machine::save, machine::load);
        each.part("translations", parts.linear()::save, parts.linear()::load);
        each.part("clock", out -> out.writeLong(clock.nanos()), in -> clock.startFrom(in.readLong()));
        each.part("counts", parts.counts()::save, parts.counts()::load);
        each.part("watcher", watcher::save, watcher::load);
        each.part("transcript", parts.transcript()::save, parts.transcript()::load);
        each.part("loop", this::saveLoop, this::loadLoop);
        List<Device> devices = parts.bus().devices();
        for (int slot = 0; slot < devices.size(); slot++) {
            each.part("device " + slot, devices.get(slot)::save, devices.get(slot)::load);
        }
    }

    private void saveLoop(DataOutput out) throws IOException {
        out.writeBoolean(machine.halted());
        out.writeBoolean(poll);
        out.writeLong(polledAt);
        out.writeInt(passedLinear);
        out.writeLong(passedAt);
        out.writeBoolean(trapDue);
    }

    private void loadLoop(DataInput in) throws IOException {
        state = in.readBoolean() ? State.HALTED : State.PAUSED;
        poll = in.readBoolean();
        polledAt = in.readLong();
        passedLinear = in.readInt();
        passedAt = in.readLong();
        trapDue = in.readBoolean();
    }

    private void inputArrived() {
        wake();
        takeShared();
    }

    /**
     * Takes what other guests send while nobody runs this one, on the sender's thread: DMA needs no processor. If somebody runs it
     * or keeps it still, that one sees to it: here, again, when done.
     */
    private void takeShared() {
        while (parts.bus().sharedPending() && (runner == null || running.isHeldByCurrentThread()) && running.tryLock()) {
            try {
                poll = true;
                parts.bus().settleShared();
            } catch (GuestKilled killed) {
                ended(State.DEAD, killed.getMessage());
            } finally {
                running.unlock();
            }
        }
    }

    private void wake() {
        Thread thread = runner;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    public Stop step(long instructions) {
        return run(Limit.instructions(instructions));
    }

    /**
     * Runs until the limit or something else ends it. A guest that is dead or off answers with how it ended.
     *
     * @throws IllegalStateException if the calling thread runs it already: from an action, say
     */
    public Stop run(Limit limit) {
        if (running.isHeldByCurrentThread()) {
            throw new IllegalStateException("guest " + name() + " is running: an action cannot run it, too");
        }
        running.lock();
        try {
            if (end != null) {
                return end;
            }
            runner = Thread.currentThread();
            state = State.RUNNING;
            if (trapDue) {
                deliverTrap();
            }
            Stop stop = loop(new Until(limit, cpu, clock));
            if (end == null) {
                state = machine.halted() ? State.HALTED : State.PAUSED;
            }
            return stop;
        } catch (GuestKilled killed) {
            return ended(POWER_DOWN.equals(killed.getMessage()) ? State.OFF : State.DEAD, killed.getMessage());
        } catch (LauncherExit gaveUp) {
            return ended(State.DEAD, gaveUp.getMessage());
        } catch (EmergencyExit struck) {
            state = State.PAUSED;
            return Stop.of(Stop.Kind.EMERGENCY, struck.getMessage());
        } catch (ProbeFailure failed) {
            state = State.PAUSED;
            return new Stop(Stop.Kind.FAILED, failed.getMessage(), failed.probe(), failed.getCause());
        } finally {
            if (state == State.RUNNING) {
                // Something threw that is none of the guest's doing.
                state = State.PAUSED;
            }
            doBoundaryWork();
            runner = null;
            pauseAsked = false;
            running.unlock();
            takeShared();
        }
    }

    private Stop ended(State how, String reason) {
        state = how;
        exitReason = reason;
        end = Stop.of(how == State.OFF ? Stop.Kind.OFF : Stop.Kind.DEAD, reason);
        parts.bus().retire();
        releaseId();
        return end;
    }

    /** There are few of them, and a guest that never runs again needs none. */
    private void releaseId() {
        try {
            parts.guestId().close();
        } catch (IOException failed) {
            config.warnings().accept("closing guest " + name() + ": " + failed.getMessage());
        }
    }

    private Stop loop(Until until) {
        while (true) {
            Stop stop = look(until);
            if (stop != null) {
                return stop;
            }
            if (machine.halted()) {
                idle(until);
            } else {
                execute(until);
            }
            if (exitAsked) {
                return ended(State.OFF, "exit " + exitValue);
            }
        }
    }

    /** Between two stretches of instructions: limits, input, time, interrupts. @return why to come back, or null to go on */
    private Stop look(Until until) {
        watcher.lookAtAccesses();
        doBoundaryWork();
        Stop asked = watcher.takeStop();
        if (asked != null) {
            return asked;
        }
        boolean newsForCondition = printed | watcher.takeActed() | cpu.instructions % SLICE == 0 | machine.halted();
        printed = false;
        if (newsForCondition && until.holds()) {
            return Stop.of(Stop.Kind.CONDITION, "the condition holds");
        }
        if (pauseAsked) {
            return Stop.of(Stop.Kind.PAUSED, "paused");
        }
        if (until.reached()) {
            return Stop.of(Stop.Kind.LIMIT, until.reason());
        }
        if (probesChanged) {
            applyProbes();
        }
        // A guest that sleeps changes nothing itself: what wakes it now came from outside, and may be tried at any time.
        boolean due = poll || pollsHere() || machine.halted();
        if (parts.bus().inputArrived() || due && parts.bus().inputPending()) {
            parts.bus().service();
            due = true;
        }
        long deadline = deadline();
        if (deadline != Long.MAX_VALUE && deadline <= clock.nanos()) {
            expire();
            due = true;
        }
        if (due) {
            poll = true;
            machine.poll();
            poll = false;
            polledAt = cpu.instructions;
            watcher.lookAtAccesses();
            return watcher.takeStop();
        }
        return null;
    }

    /** {@link #nanos} at which something is due, of the Host or of a device; {@link Long#MAX_VALUE} if nothing is. */
    public long deadline() {
        return Math.min(machine.deadline(), parts.bus().deadline());
    }

    private void expire() {
        long now = clock.nanos();
        if (machine.deadline() <= now) {
            machine.expire();
        }
        parts.bus().expire(now);
    }

    private void doBoundaryWork() {
        atBoundary = true;
        try {
            for (Runnable work; (work = boundaryWork.poll()) != null;) {
                work.run();
            }
        } finally {
            atBoundary = false;
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
        interpreter.breakpoints(probes().codeAddresses());
        parts.linear().watch(probes().watchedPages(), (linear, bits, value, write) -> {
            if (watcher.accessed(linear, bits, value, write)) {
                interpreter.leaveAfterThisInstruction();
            }
        });
    }

    private void execute(Until until) {
        boolean trace = (cpu.eflagsRest & Eflags.TF) != 0;
        long before = cpu.instructions;
        long stretch = trace ? before + 1 : Math.min(until.instructions(), before + SLICE - before % SLICE);
        if (machine.interruptPending()) {
            stretch = Math.min(stretch, before + POLL - before % POLL);
        }
        long deadline = deadline();
        if (deadline != Long.MAX_VALUE) {
            stretch = Math.min(stretch, Math.max(before + 1, clock.instructionsAt(deadline)));
        }
        cpu.interruptShadow = false;
        Interpreter.End ended = interpreter.run(stretch, passedAt == before && passedLinear == place());
        switch (ended) {
            case BREAKPOINT -> breakpoint();
            case FAULT -> fault(interpreter.fault());
            default -> left(trace && cpu.instructions > before);
        }
    }

    /** Linear address of the next instruction. */
    private int place() {
        return cpu.segments[Segment.CS].base + cpu.eip;
    }

    private void breakpoint() {
        int linear = place();
        boolean goesOn = linear == passedLinear && cpu.instructions == passedAt + 1 && repeats(linear);
        passedLinear = linear;
        passedAt = cpu.instructions;
        if (!goesOn) {
            watcher.reached(linear);
        }
    }

    /** Whether a repeated string instruction is there, which comes by once for every chunk. */
    private boolean repeats(int linear) {
        byte[] code = new byte[MAX_INSTRUCTION_BYTES];
        readLinear(linear, code);
        int[] at = {0};
        return Ops.repeats(Decoder.decode(() -> code[at[0]++] & 0xFF, cpu.segments[Segment.CS].big()));
    }

    private void fault(CpuFault fault) {
        watcher.dropUnfinishedAccesses();
        try {
            machine.fault(fault);
            poll = true;
        } catch (Watcher.StopBeforeDelivery stopped) {
            // EIP is still at the instruction, which will fault again when the guest goes on.
            return;
        }
    }

    private void left(boolean traced) {
        boolean asked = cpu.leave != Leave.NONE && cpu.leave != Leave.ATTENTION;
        if (asked) {
            try {
                machine.left();
                poll = true;
            } catch (Watcher.StopBeforeDelivery stopped) {
                takeBack();
                return;
            } catch (ProbeFailure failed) {
                if (cpu.eip == cpu.leaveEip) {
                    takeBack();
                } else {
                    poll = true;
                }
                throw failed;
            }
        }
        if (traced && cpu.leave != Leave.SOFTWARE_INTERRUPT && !cpu.interruptShadow) {
            // INT n clears TF on its way in; MOV SS and POP SS hold the trap back by one instruction.
            cpu.dr[DR6] |= DR6_BS;
            trapDue = true;
            deliverTrap();
        }
    }

    /** The instruction that asked to leave has not happened: it will be executed again, and counted then. */
    private void takeBack() {
        cpu.eip = cpu.leaveEip;
        cpu.instructions--;
    }

    private void deliverTrap() {
        try {
            machine.trap(Vector.DB);
            trapDue = false;
        } catch (Watcher.StopBeforeDelivery stopped) {
            // It is delivered when the guest goes on.
            return;
        }
    }

    /** The guest sleeps: until its next deadline, input, or the end of the run. */
    private void idle(Until until) {
        long wakeAt = Math.min(deadline(), until.guestNanos());
        if (!clock.runsByItself() && wakeAt != Long.MAX_VALUE) {
            clock.skipTo(wakeAt);
            return;
        }
        if (parts.bus().inputArrived() || pauseAsked || probesChanged) {
            return;
        }
        long nanos = until.hostNanosLeft();
        if (wakeAt != Long.MAX_VALUE) {
            nanos = Math.min(nanos, wakeAt - clock.nanos());
        }
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else if (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    /** Ends the guest and lets go of its files. */
    @Override
    public void close() {
        pause();
        running.lock();
        try {
            if (alive()) {
                ended(State.OFF, "closed");
            }
            if (recording != null) {
                record(null);
            }
            parts.carriers().close();
            parts.bus().close();
        } catch (IOException failed) {
            config.warnings().accept("closing guest " + config.name() + ": " + failed.getMessage());
        } finally {
            running.unlock();
        }
    }
}
