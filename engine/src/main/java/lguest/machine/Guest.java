package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import lguest.carrier.ConsoleAddress;
import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.device.Bus;
import lguest.device.Card;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.Device;
import lguest.device.Dma;
import lguest.device.DmaPort;
import lguest.device.EmergencyExit;
import lguest.device.LauncherExit;
import lguest.host.Host;
import lguest.interp.Interpreter;
import lguest.interp.Statistics;
import lguest.load.KernelSymbols;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;
import lguest.probe.ProbeFailure;
import lguest.probe.Probes;
import lguest.translate.RegionText;
import lguest.translate.Translation;
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

    private record Ending(State how, String reason) {
    }

    /** The reason of an orderly power-off. */
    private static final String POWER_DOWN = "CRASH: Power down";
    /** Where a free buffer has the number of its interrupt line. */
    private static final int LINE_MASK = 31;

    private final GuestConfig config;
    private final GuestParts parts;
    private final CpuState cpu;
    private final Interpreter interpreter;
    private final MappedMemory memory;
    private final RunLoop loop;
    private final ReentrantLock running = new ReentrantLock();

    private volatile State state = State.BUILT;
    private volatile String exitReason;
    private volatile Thread runner;
    private Stop end;
    /** It will end as soon as it is to go on. */
    private Ending ending;
    private Recording recording;
    /** What became of the last {@link #send}. */
    private int sent;
    /** Count of instructions when it was made: not 0 if it was saved before. */
    private long begunAt;

    Guest(GuestConfig config, GuestParts parts) {
        this.config = config;
        this.parts = parts;
        cpu = parts.cpu();
        interpreter = new Interpreter(cpu, parts.linear(), config.engine() == GuestConfig.Engine.INTERPRETER ? null : translator(),
            config.engine() == GuestConfig.Engine.BOTH);
        memory = new MappedMemory(name(), parts.linear());
        loop = new RunLoop(parts, interpreter, memory);
        parts.bus().onInput(this::inputArrived);
        parts.bus().foreign(parts.outside());
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

    /** Where somebody can read the console and type. */
    public List<ConsoleAddress> consoleAddresses() {
        return parts.carriers().addresses();
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

    /** The same by name, with what memory has to say; instructions are those of this guest here, and of no other it was saved from. */
    public Map<String, Long> statisticsByName() {
        Statistics seen = statistics();
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("interpreted", cpu.instructions - begunAt - seen.translated());
        all.put("translated", seen.translated());
        all.put("blocks", seen.blocks());
        all.put("overwritten", seen.overwritten());
        all.put("requests", seen.requests());
        all.put("regions", seen.regions());
        all.put("secondGeneration", seen.secondGeneration());
        all.put("retired", seen.retired());
        all.put("regionInstructions", seen.regionInstructions());
        all.put("bytecode", seen.codeBytes());
        all.put("entries", seen.entries());
        all.put("left", seen.leftToInterpreter());
        all.put("tlbMisses", linear().misses());
        all.put("pagesShared", (long) physical().sharedPages());
        all.put("pagesCopied", physical().copiedPages());
        Times times = times();
        all.put("nanosInterpreting", times.interpreting());
        all.put("nanosTranslated", times.translated());
        all.put("nanosOutside", times.outside());
        all.put("nanosIdle", times.idle());
        all.put("nanosTranslating", times.translating());
        return all;
    }

    /** What the host's time went to. For the thread that runs the guest, or while nobody does. */
    public Times times() {
        return loop.times();
    }

    /** What is translated now, what has executed most first. */
    public List<Translation> regions() {
        return interpreter.translations().stream()
            .sorted(Comparator.comparingLong((Translation translation) -> -translation.region().executed())).toList();
    }

    /**
     * A region as text: instructions of the guest with the bytecode they have become.
     *
     * @param linear an address within
     * @return null if nothing is translated there
     */
    public String region(int linear) {
        int physical = peek(linear);
        return interpreter.translations().stream()
            .filter(it -> it.source().physicalPage() == (physical & -PhysicalMemory.PAGE_BYTES) && it.covers(physical & 0xFFF, 1))
            .min(Comparator.comparing(it -> it.source().entry() != (physical & 0xFFF)))
            .map(it -> RegionText.of(it, linear - (physical & 0xFFF) + it.source().entry())).orElse(null);
    }

    public Clock clock() {
        return parts.clock();
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
        return loop.exitValue();
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
        return clock().nanos();
    }

    /** SHA-256 of all RAM of the guest: two equal runs have equal hashes. Devices in the place of pages are not asked. */
    public byte[] memoryHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] page = new byte[PhysicalMemory.PAGE_BYTES];
            for (int at = 0; at < physical().size(); at += page.length) {
                physical().look(at, page, 0, page.length);
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
        return memory.peek(linear);
    }

    /** Reads linear memory as far as it is mapped. @return bytes read, from the front */
    public int readLinear(int linear, byte[] to) {
        return memory.read(linear, to);
    }

    /** @throws AddressException if a page of it is not mapped; then nothing is written */
    public void writeLinear(int linear, byte[] from) {
        memory.write(linear, from);
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
            recording = Recording.start(file, cards, clock()::wallNanos, config.warnings());
        }
    }

    // ---- control

    /** {@link #nanos} at which something is due, of the Host or of a device; {@link Long#MAX_VALUE} if nothing is. */
    public long deadline() {
        return loop.deadline();
    }

    /** Any thread: whoever runs the guest comes back with {@link Stop.Kind#PAUSED} soon. Nothing happens if nobody does. */
    public void pause() {
        if (runner != null) {
            loop.pause();
            wake();
        }
    }

    /** From a port handler or probe action: the guest ends here, with a value. */
    public void exit(int value) {
        parts.outside().act(this, new Input.Exited(value));
    }

    void exitedAgain(int value) {
        loop.exit(value);
    }

    /** Raises an interrupt: a line of the Host, a vector on a bare machine. */
    public void raise(int line) {
        parts.outside().act(this, new Input.Raised(line, true));
        wake();
    }

    void raisedAgain(int line, boolean polls) {
        parts.machine().raise(line);
        if (polls) {
            loop.poll();
        }
    }

    /**
     * Fills the next free buffer that the guest has bound to a key, and raises its interrupt: from an action, or while nobody runs it.
     *
     * @return how many bytes there was room for; {@link DmaPort#NOT_BOUND} or {@link DmaPort#BUSY} if there is no buffer
     * @throws LauncherExit if the buffer is outside memory
     */
    public int send(int key, byte[] bytes) {
        parts.outside().act(this, new Input.Sent(key, bytes.clone()));
        wake();
        return sent;
    }

    void sentAgain(int key, byte[] bytes) {
        int struct = host().take(key);
        sent = struct;
        if (struct != DmaPort.NOT_BOUND && struct != DmaPort.BUSY) {
            Dma dma = Dma.at(physical(), struct);
            int line = dma.usedLen() & LINE_MASK;
            sent = dma.scatter(bytes, 0, bytes.length);
            dma.usedLen(sent);
            raisedAgain(line, true);
        }
    }

    /** Goes on behind the HALT, if it sleeps, as if something had woken it. Not while it runs. */
    public void rouse() {
        parts.outside().act(this, new Input.Roused());
    }

    void rousedAgain() {
        parts.machine().wake();
        if (state == State.HALTED) {
            state = State.PAUSED;
        }
    }

    /**
     * Whether it sleeps, and only a hand from outside will ever wake it; in its past there is one. For the thread that runs it, or while
     * nobody does.
     */
    public boolean sleepsForEver() {
        return !past() && parts.machine().halted()
            && !bus().inputPending() && deadline() == Long.MAX_VALUE && !parts.machine().interruptPending();
    }

    /** Runs something while nobody runs the guest: waits for the end of a run, and keeps the next from beginning. */
    public void whilePaused(Runnable work) {
        running.lock();
        try {
            work.run();
        } finally {
            release();
        }
    }

    /**
     * Does something as soon as the guest is between two instructions: at once if nobody runs it, or else on the thread that does.
     * For actions, which are in the middle of one. What it throws ends the run.
     */
    public void atBoundary(Runnable work) {
        if (running.isHeldByCurrentThread()) {
            loop.atBoundary(work);
        } else {
            whilePaused(work);
        }
    }

    /** The opposite of {@code running.lock()} for who has let things wait meanwhile. */
    private void release() {
        running.unlock();
        boundaryWork();
        takeShared();
    }

    // ---- its past

    /**
     * From now on all is written down that comes to it from outside, so that it can be seen again as it was. Not while it runs.
     *
     * @return the same again, if that is done already
     * @throws IllegalStateException if something can come in that cannot be written down; it says what
     */
    public History remember() {
        return remember(History.PERIOD);
    }

    /** The same. @param period instructions from one moment that is kept to the next: the fewer, the quicker a step backwards */
    public History remember(long period) {
        return still(() -> parts.outside().side() instanceof Recorder recorder ? recorder.history : History.of(this, period));
    }

    /** What is written down of it, or what it follows; null if there is nothing. */
    public History history() {
        Side side = parts.outside().side();
        return side == null ? null : side.history;
    }

    /** Whether it goes through what has been, and takes nothing from outside. */
    public boolean past() {
        return parts.outside().past();
    }

    /** Whether it goes through its past, and has come to the end of that. */
    public boolean atPresent() {
        return parts.outside().atEnd();
    }

    Outside outside() {
        return parts.outside();
    }

    /** Where it is in what is remembered. */
    Place place() {
        return parts.outside().side().place(Place.Kind.BETWEEN);
    }

    boolean polled() {
        return loop.polled();
    }

    /** Going on means passing a breakpoint where it stands. */
    void passBreakpoint() {
        loop.passBreakpoint();
    }

    void heldBackAgain() {
        parts.watcher().holdBack();
    }

    /** Does something between two instructions: here and now if nobody runs it or this is who does, or else that one will. Never waits. */
    void soon(Runnable work) {
        if (running.isHeldByCurrentThread()) {
            work.run();
            return;
        }
        loop.atBoundary(work);
        wake();
        boundaryWork();
    }

    /** Does what nobody has got to who runs the guest. */
    private void boundaryWork() {
        while (loop.hasBoundaryWork() && runner == null && running.tryLock()) {
            try {
                loop.doBoundaryWork();
            } finally {
                running.unlock();
            }
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
     * Another guest that goes on from here. The two share memory until written: a page is copied before either first writes to it, and
     * one that the other's instructions read time and again. What the other one has in one array is allocated when it first runs.
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
        if (running.isHeldByCurrentThread() && runner != null && !loop.betweenInstructions()) {
            throw new IllegalStateException("guest " + name() + " is in the middle of an instruction");
        }
        running.lock();
        try {
            if (end != null || ending != null) {
                throw new IllegalStateException("guest " + name() + " is "
                    + (end != null ? state.name().toLowerCase(Locale.ROOT) + ": " + exitReason.trim() : "ending: " + ending.reason().trim()));
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
        each.part("machine", parts.machine()::save, parts.machine()::load);
        each.part("translations", parts.linear()::save, parts.linear()::load);
        each.part("clock", out -> out.writeLong(nanos()), in -> clock().startFrom(in.readLong()));
        each.part("counts", parts.counts()::save, parts.counts()::load);
        each.part("watcher", parts.watcher()::save, parts.watcher()::load);
        each.part("transcript", parts.transcript()::save, parts.transcript()::load);
        each.part("loop", this::saveLoop, this::loadLoop);
        List<Device> devices = parts.bus().devices();
        for (int slot = 0; slot < devices.size(); slot++) {
            each.part("device " + slot, devices.get(slot)::save, devices.get(slot)::load);
        }
    }

    private void saveLoop(DataOutput out) throws IOException {
        out.writeBoolean(parts.machine().halted());
        loop.save(out);
    }

    private void loadLoop(DataInput in) throws IOException {
        state = in.readBoolean() ? State.HALTED : State.PAUSED;
        begunAt = cpu.instructions;
        loop.load(in);
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
                loop.poll();
                parts.bus().settleShared();
            } catch (GuestKilled killed) {
                ending(State.DEAD, killed.getMessage());
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
            // An event's class sets up all of Flight Recorder, which takes a tenth of a second.
            if (state == State.BUILT && FlightRecorder.isInitialized()) {
                GuestStarted.record(config);
            }
            state = State.RUNNING;
            if (ending != null) {
                return ended(ending.how(), ending.reason());
            }
            allocate();
            parts.outside().begin();
            Stop stop = loop.run(new Until(parts.outside().side() instanceof Player player ? player.most(limit) : limit, cpu, clock()));
            if (stop.kind() == Stop.Kind.OFF) {
                return ending(State.OFF, stop.reason());
            }
            state = parts.machine().halted() ? State.HALTED : State.PAUSED;
            return stop.kind() == Stop.Kind.LIMIT && atPresent() ? Stop.of(Stop.Kind.PRESENT, "this is the present") : stop;
        } catch (GuestKilled killed) {
            return ending(POWER_DOWN.equals(killed.getMessage()) ? State.OFF : State.DEAD, killed.getMessage());
        } catch (LauncherExit gaveUp) {
            return ending(State.DEAD, gaveUp.getMessage());
        } catch (EmergencyExit struck) {
            state = State.PAUSED;
            return Stop.of(Stop.Kind.EMERGENCY, struck.getMessage());
        } catch (ProbeFailure failed) {
            state = State.PAUSED;
            return failed(failed);
        } finally {
            if (state == State.RUNNING) {
                // Something threw that is none of the guest's doing.
                state = State.PAUSED;
            }
            parts.outside().end();
            loop.doBoundaryWork();
            runner = null;
            loop.forgetPause();
            release();
        }
    }

    /** A fork has had no use for memory of its own before. */
    private void allocate() {
        try {
            parts.linear().ram();
        } catch (OutOfMemoryError full) {
            throw GuestBuilder.tooLarge(config);
        }
    }

    private static Stop failed(ProbeFailure failed) {
        return new Stop(Stop.Kind.FAILED, failed.getMessage(), failed.probe(), failed.getCause());
    }

    /** The guest ends, unless a probe wants to stop it first: then it ends as soon as it is to go on. */
    private Stop ending(State how, String reason) {
        try {
            if (parts.watcher().ending(reason, true)) {
                ending = new Ending(how, reason);
                state = State.PAUSED;
                return parts.watcher().takeStop();
            }
            Stop stop = ended(how, reason);
            parts.watcher().ending(reason, false);
            return stop;
        } catch (ProbeFailure failed) {
            ended(how, reason);
            return failed(failed);
        }
    }

    private Stop ended(State how, String reason) {
        state = how;
        exitReason = reason;
        end = Stop.of(how == State.OFF ? Stop.Kind.OFF : Stop.Kind.DEAD, reason);
        if (FlightRecorder.isInitialized()) {
            GuestEnded.record(this);
        }
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
