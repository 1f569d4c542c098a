package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import java.util.function.Supplier
import lguest.debug.Backtrace
import lguest.device.BlockDisk
import lguest.device.Device
import lguest.device.DeviceDescriptor
import lguest.device.LauncherExit
import lguest.device.NetCard
import lguest.dsl.RestoreSpec
import lguest.dsl.event.Happening
import lguest.dsl.event.Names
import lguest.dsl.event.ScriptEvent
import lguest.dsl.event.TickEvent
import lguest.dsl.internal.GuestCall
import lguest.dsl.internal.Listing
import lguest.dsl.internal.Owner
import lguest.dsl.internal.PlacedFailure
import lguest.dsl.internal.Similar
import lguest.dsl.internal.Steps
import lguest.device.SystemError
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.History
import lguest.machine.Limit
import lguest.machine.Stop
import lguest.probe.ScriptErrors
import lguest.probe.Verb

/**
 * A guest as scripts, prompt and specs see it. Properties can be read at any time; what changes the guest wants it to stand
 * still, which in a script it always does.
 */
@CompileStatic
final class ScriptedGuest implements Names {
    private static final long MASK = 0xFFFFFFFFL
    private static final int MOST_LISTED = 1 << 20

    final Session session
    final Cpu cpu = new Cpu(this)
    /** Linear memory: as the guest sees it now. */
    final Memory memory = new Memory(this, true)
    /** Guest-physical memory. */
    final Memory physical = new Memory(this, false)
    final Symbols symbols = new Symbols(this)
    final Console console = new Console(this)
    final Hypercalls hypercalls = new Hypercalls(this)
    final Interrupts interrupts = new Interrupts(this)
    final DmaKeys dma = new DmaKeys(this)

    /** The guest as the engine has it. */
    Guest engine
    private final GuestConfig config
    /** Whose closures those of its devices and ports are. */
    @PackageScope
    Owner owner = new Owner()
    private final List<Hook> hooks = new CopyOnWriteArrayList<>()
    private final List<Disk> disks = []
    /** One for all who ask, so that all know when it is forgotten. */
    @PackageScope
    Replay kept
    private volatile Throwable trouble
    /** As it is, while {@link #engine} is as it was. */
    private Guest now
    private long cursor

    @PackageScope
    ScriptedGuest(Session session, GuestConfig config) {
        this.session = session
        this.config = config
    }

    @PackageScope
    ScriptedGuest(Session session, Guest engine) {
        this(session, engine.config())
        this.engine = engine
    }

    /** Makes the guest of its configuration; again, if that has changed and the guest has not run yet. */
    @PackageScope
    void build() {
        if (engine != null) {
            engine.close()
        }
        try {
            engine = Guest.create(config)
        } catch (LauncherExit | IllegalArgumentException e) {
            throw new ScriptFailure(e.message, e)
        }
        hooks.each { it.attach() }
        disks.each { it.attach() }
    }

    // ---- how it is doing

    String getName() { config.name() }

    /** One of built, running, paused, halted, dead, off. A guest that waits for its turn is running. */
    String getState() {
        Guest.State now = engine.state()
        boolean turn = now in [Guest.State.BUILT, Guest.State.PAUSED, Guest.State.RUNNING]
        turn && session.runs(this) ? 'running' : now.name().toLowerCase(Locale.ROOT)
    }

    /** Why it is dead or off; null while it lives. */
    String getExitReason() { engine.exitReason() }

    /** What a bare guest's port gave to {@code exit}. */
    int getExitValue() { engine.exitValue() }

    /** Instructions executed since the start. */
    long getInstructions() { look { engine.instructions() } as long }

    /** Guest time since the start. */
    Duration getTime() { look { Duration.ofNanos(engine.nanos()) } as Duration }

    /**
     * What interpreter and translator have done so far, by name: {@code statistics.translated} instructions, {@code statistics.regions},
     * and the host's time that it took, {@code statistics.nanosInterpreting}, {@code nanosTranslated} in regions, {@code nanosOutside} in
     * Host and devices, {@code nanosIdle}, and {@code nanosTranslating}.
     */
    Map<String, Long> getStatistics() { look { engine.statisticsByName() } as Map<String, Long> }

    /** The translated code at an address beside the guest's; null if what is there is not translated. */
    String region(Object address) {
        long first = this.address(address) & MASK
        look { engine.region((int) first) } as String
    }

    /** SHA-256 of all guest memory, in hex: two equal runs have equal hashes. */
    String getMemoryHash() { look { engine.memoryHash().encodeHex().toString() } as String }

    // ---- control

    /** It may run from now on: in a script whenever the script waits. */
    ScriptedGuest boot() {
        session.boot(this)
        this
    }

    /** Goes on until something stops it. @return what did; null at the prompt, where it goes on in the background */
    Stop run() { session.run(this, Limit.none()) }

    /**
     * @param limit {@code 1000.instructions}, {@code 2.seconds} of guest time, an event, {@code at('start_kernel')} or {@code console('login:')},
     *     or a closure that says when it is enough
     * @param most a limit for an event that may not come
     */
    Stop run(Object limit, Object most = null) {
        if (limit instanceof ScriptEvent) {
            return most == null ? Steps.to(this, limit) : Steps.to(this, limit, this.limit(most))
        }
        if (most != null) {
            throw new ScriptFailure("run(${limit}, ${most}): only an event has a limit besides")
        }
        session.run(this, this.limit(limit))
    }

    Stop run(Closure<?> until) { run((Object) until) }

    /** Executes one instruction, and the whole of what it calls. */
    Stop stepOver() { Steps.over(this) }

    /** Goes on until the function it is in returns, by its frame or the first return address on the stack. */
    Stop stepOut() { Steps.out(this) }

    /**
     * Calls a function of a guest that stands still in its kernel, and puts the registers back: {@code call('do_thing', 1, 'text')}. Three
     * arguments at most reach it whether it looks for them in registers or on the stack; of more, {@code call('f', 1, 2, 3, 4, regparm: 3)}
     * says how many are in registers. Other options: {@code timeout: 1.second} of guest time, which is 10 unless given.
     *
     * @return what the function left in EAX, unsigned
     */
    long call(Map<String, ?> how = [:], Object function, Object... arguments) { GuestCall.of(this, how, function, arguments.toList()) }

    /** Who called whom, by frame pointers where there are any; the rest is guessed. */
    Frames getBacktrace() { look { new Frames(Backtrace.of(engine)) } as Frames }

    void pause() { session.pause(this) }

    /** Records the network from now on in another file, for Wireshark; {@code pcap null} ends it. */
    void pcap(Object file) {
        session.look(this) {
            try {
                engine.record(file == null ? null : session.output(file))
            } catch (IOException e) {
                throw new ScriptFailure("pcap '${file}': cannot be written: ${SystemError.text(e)}", e)
            } catch (IllegalArgumentException e) {
                throw new ScriptFailure(e.message, e)
            }
        }
    }

    /** Executes so many instructions, and leaves the guest paused. */
    Stop step(Object instructions = 1) {
        session.step(this, Instructions.said('step', instructions))
    }

    /** Ends it. */
    void stop() {
        comeBack('stop')
        session.pause(this)
        look { engine.close() }
    }

    // ---- its past

    /**
     * From now on everything that comes in from outside is remembered, what scripts do to the guest included, so that it can be seen
     * again as it was: {@code replay.at(n)}, {@code stepBack}, {@code reverse}. It must go by virtual time and write to no disk's file.
     *
     * @throws ScriptFailure if something can come in that cannot be remembered; it says what
     */
    Replay remember() {
        if (session.inHook(this)) {
            throw new ScriptFailure("remember guest ${name}: a hook is in the middle of an instruction; stop the guest, and say it then")
        }
        look {
            try {
                keep(engine.remember())
            } catch (IllegalStateException e) {
                throw new ScriptFailure("remember: ${e.message}", e)
            }
        } as Replay
    }

    /** What is remembered. @throws ScriptFailure if nothing is */
    Replay getReplay() {
        if (engine.history() == null || keep(engine.history()).forgotten) {
            throw new ScriptFailure("guest ${name} is not remembered: say remember()")
        }
        kept
    }

    private Replay keep(History history) {
        if (kept == null || !kept.isOf(history)) {
            kept = new Replay(this, history)
        }
        kept
    }

    /** Whether it goes through what has been, where nothing can be changed. */
    boolean isPast() { engine.past() }

    /**
     * Goes back by so many instructions of what is remembered. In its past a guest can be looked at, and runs as it did then: hooks that
     * stop it do so and nothing else, and nothing is printed again. It goes forward to the present, where it stops, or back.
     *
     * @throws ScriptFailure if that is before it was remembered
     */
    ScriptedGuest stepBack(Object instructions = 1) {
        long count = Instructions.said('stepBack', instructions)
        History history = traveller('stepBack')
        long most = engine.instructions() - history.first()
        if (count > most) {
            throw new ScriptFailure("stepBack(${count}): guest ${name} was remembered ${most} instructions ago")
        }
        go(history, engine.instructions() - count, 'stepBack')
        this
    }

    /**
     * Goes back to where an event happened last: {@code reverse write('jiffies')} stands at the instruction that wrote it. Without an
     * event, to where one of the hooks that stop it would have stopped it last.
     *
     * @param what an event, or a part of this guest that stands for all that happens there, as {@code hypercalls}
     * @return what it would have been stopped by
     * @throws ScriptFailure if it has not happened since it was remembered; the guest is where it was then
     */
    Stop reverse(Object what = null) {
        ScriptEvent event = what instanceof EventNoun ? ((EventNoun) what).events : what instanceof ScriptEvent ? (ScriptEvent) what : null
        if (what != null && event == null) {
            String said = what instanceof Closure ? '{ }' : what instanceof CharSequence ? "'${what}'" : what
            throw new ScriptFailure("reverse(${said}): give an event, as in reverse(write('jiffies'))")
        }
        History history = traveller('reverse')
        // Where there is nothing to look through, nobody else would find that there is no such symbol.
        event?.on(this)
        List<Hook> looking = event == null ? hooks.findAll { it.verb == Verb.STOP && it.enabled }
            : [new Hook(this, event, Verb.STOP, 'reverse', session.here())]
        if (looking.empty) {
            throw new ScriptFailure("reverse: say to what, as in reverse(write('jiffies')), or set a stop first")
        }
        History.Found found = search(history, looking)
        if (found == null) {
            throw new ScriptFailure("reverse: ${event ?: looking*.event.join(', ')} has not happened since instruction ${history.first()}")
        }
        go(history, found.instructions(), 'reverse')
        found.stop()
    }

    private History.Found search(History history, List<Hook> looking) {
        Guest here = engine
        List<Hook> attached = hooks.findAll { it in looking }
        attached*.detach()
        try {
            return history.lastBefore(here.instructions()) { Guest again ->
                engine = again
                looking*.attach()
            }
        } catch (IllegalStateException e) {
            if (e.cause instanceof ScriptExit) {
                throw e.cause
            }
            throw e.cause == null ? new ScriptFailure("reverse: ${e.message}", e)
                : PlacedFailure.inGuest(session, this, session.here(), e.cause)
        } finally {
            engine = here
            attached*.attach()
        }
    }

    private History traveller(String word) {
        if (session.inHook(this)) {
            throw new ScriptFailure("${word}: a hook is in the middle of an instruction; stop the guest, and go back then")
        }
        if (session.inBackground(this)) {
            throw new ScriptFailure("guest ${name} is running: pause it to go back")
        }
        replay
        engine.history()
    }

    private void go(History history, long instructions, String word) {
        try {
            become(history.at(instructions))
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ScriptFailure("${word}: ${e.message}", e)
        }
    }

    /** Comes back from the past, wherever it is there. */
    ScriptedGuest present() {
        comeBack('present')
        this
    }

    private void comeBack(String word) {
        if (past && session.inHook(this)) {
            throw new ScriptFailure("${word}: a hook is in the middle of an instruction of the past; stop the guest, and say it then")
        }
        if (now != null) {
            become(now)
            now = null
        }
    }

    private void become(Guest other) {
        Guest before = engine
        hooks*.detach()
        session.exchange(this, before, other)
        engine = other
        hooks*.attach()
        if (!before.past()) {
            now = before
            cursor = console.cursor
        } else {
            before.close()
        }
        console.cursor = other.past() ? Math.min(cursor, other.transcript().end()) : cursor
    }

    // ---- as a value

    /**
     * Writes all of it to a file: memory, processor, Host, devices, clock, console. {@code restore} makes a guest of the file that goes
     * on in the same way, in this process or another. In a hook it is done as soon as the instruction is over.
     *
     * @throws ScriptFailure if the file cannot be written, or the guest is on a shared net or lives no more
     */
    void save(Object file) {
        Path path = session.output(file)
        if (session.inHook(this)) {
            engine.atBoundary { guarded { write(path, file) } }
        } else {
            look { write(path, file) }
        }
    }

    private void write(Path path, Object file) {
        try {
            engine.save(path)
        } catch (IOException e) {
            throw new ScriptFailure("save '${file}': cannot be written: ${SystemError.text(e)}", e)
        } catch (IllegalStateException | LauncherExit e) {
            throw new ScriptFailure("save '${file}': ${e.message}", e)
        }
    }

    /**
     * Another guest that goes on from here, in the same way until they are treated differently. It is not booted, and prints only to
     * {@code console.text}, unless the block says so; its devices are this one's, with memories of their own. Memory is
     * shared until one of the two writes to it.
     *
     * @param name of the new guest; {@code puppy-2} and so on if none is given
     * @throws ScriptFailure if the guest writes to a disk's file, which two cannot do; is on a shared net; lives no more; or in a hook
     */
    ScriptedGuest fork(String name = null,
                       @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block = null) {
        if (session.inHook(this)) {
            throw new ScriptFailure("fork of guest ${this.name}: a hook is in the middle of an instruction; stop the guest, and fork it then")
        }
        session.fork(this, name, block)
    }

    ScriptedGuest fork(@DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) { fork(null, block) }

    private static Limit limit(Object limit) {
        switch (limit) {
            case Duration: return Limit.guestTime((Duration) limit)
            case Instructions: return Limit.instructions(((Instructions) limit).count())
            case Closure: return Limit.none().until { ((Closure<?>) limit).call() as boolean }
            case Number: throw new ScriptFailure("run(${limit}): say the unit, ${limit}.instructions or ${limit}.seconds")
            case CharSequence: throw new ScriptFailure("run '${limit}': a command of the guest's shell is sh '${limit}'; a function, run at('${limit}')")
            default: throw new ScriptFailure("run(${limit}): give a time, a number of instructions, an event or a closure")
        }
    }

    // ---- what is inside

    /** Instructions from an address on, a line each. */
    Listing disassemble(Object address = null, int count = 10) {
        if (count < 1 || count > MOST_LISTED) {
            throw new ScriptFailure("disassemble ${count} instructions: can be 1 to ${MOST_LISTED}")
        }
        long first = address == null ? cpu.eip : this.address(address) & MASK
        look { Listing.of(engine, (int) first, count) } as Listing
    }

    /** An address and what the page tables make of it: {@code linear(0xC0100000).walk()}. */
    LinearAddress linear(Object where) { new LinearAddress(this, address(where) & MASK) }

    /** The devices' entries of the descriptor page, as they are in guest memory now. */
    List<DeviceDescriptor> getDescriptors() {
        needHost('a descriptor page')
        look { engine.bus().descriptors() } as List<DeviceDescriptor>
    }

    List<Device> getDevices() { engine.bus().devices() }

    /** Ports of this machine that lead to the guest, in the order of {@code forward}: of {@code forward 0, to: 22} the one that was free. */
    List<Integer> getForwardedPorts() { (devices.findAll { it instanceof NetCard } as List<NetCard>).collectMany { it.ports() } }

    /** In the order they were given: the first is {@code /dev/lgba}. */
    Disks getDisks() {
        while (disks.size() < disksOf(engine).size()) {
            disks << new Disk(this, disks.size())
        }
        new Disks(name, disks)
    }

    @PackageScope
    static List<BlockDisk> disksOf(Guest engine) { engine.bus().devices().findAll { it instanceof BlockDisk } as List<BlockDisk> }

    @Override
    void needHost(String what) {
        if (engine.host() == null) {
            throw new ScriptFailure("guest ${name} is bare: ${what} needs lguest's Host")
        }
    }

    // ---- names and numbers

    @Override
    int address(Object where) {
        if (where instanceof Number) {
            return word('address', where)
        }
        if (!(where instanceof CharSequence)) {
            throw new ScriptFailure("${where}: not an address; give a number or a symbol")
        }
        String text = String.valueOf(where).trim()
        if (text ==~ /0[xX][0-9a-fA-F]{1,8}/) {
            return Integer.parseUnsignedInt(text.substring(2), 16)
        }
        def sum = text =~ /(.+?)\s*\+\s*(0[xX][0-9a-fA-F]+|\d+)/
        sum.matches() ? (int) (symbols.address(sum.group(1)) + Long.decode(sum.group(2))) : (int) symbols.address(text)
    }

    @Override
    int hypercall(Object name) {
        Map<String, Integer> numbers = engine.hypercalls().numbers()
        if (name instanceof Number) {
            return ((Number) name).intValue()
        }
        // Not name.toString() - 'LHCALL_': Groovy would set up its formatter first, which reads all of its jar, a quarter of a second.
        String text = String.valueOf(name)
        text = text.startsWith('LHCALL_') ? text.substring('LHCALL_'.length()) : text
        Integer number = numbers[text]
        if (number == null) {
            throw new ScriptFailure(name instanceof FaultName ? "no hypercall ${text}: it is a fault"
                : "no hypercall ${text}" + Similar.hint(text, numbers.keySet()))
        }
        number
    }

    /** @throws ScriptFailure if the value does not fit 32 bits */
    int word(String what, Object value) {
        long number = value instanceof Number ? ((Number) value).longValue() : Long.MAX_VALUE
        if (value instanceof BigDecimal || value instanceof Double || number < Integer.MIN_VALUE || number > MASK) {
            throw new ScriptFailure("${what} ${value instanceof Number ? value : "'$value'"}: must be a number of 32 bits")
        }
        (int) number
    }

    // ---- probes

    /** Everything that watches this guest. */
    List<Hook> getProbes() { hooks.findAll { it.shown } }

    @PackageScope
    Hook hook(ScriptEvent event, Verb verb, String word = verb.name().toLowerCase(Locale.ROOT)) {
        Hook hook = new Hook(this, event, verb, word, session.here())
        hook.attach()
        hooks.add(hook)
        hook
    }

    @PackageScope
    void forget(Hook hook) { hooks.remove(hook) }

    Hook stop(ScriptEvent event) { hook(event, Verb.STOP) }

    Hook before(ScriptEvent event) { hook(event, Verb.BEFORE) }

    Hook after(ScriptEvent event) { hook(event, Verb.AFTER) }

    Hook replace(ScriptEvent event) { hook(event, Verb.REPLACE) }

    /** {@code trace hypercalls}: a line on standard error each time, with the guest's time and place. */
    Hook trace(ScriptEvent event) {
        hook(event, Verb.BEFORE, 'trace').runs { Happening it ->
            String place = symbols.at(it.eip) ?: String.format('0x%08x', it.eip)
            session.log(String.format(Locale.ROOT, '%s %.6f %s: %s', name, engine.nanos() / 1e9d, place, it))
        }
    }

    /** Looks at the guest again and again: {@code every(1.ms)}, {@code every(1000.instructions)}. */
    Hook every(Object period) { hook(new TickEvent(period), Verb.BEFORE, 'every') }

    Tally count(ScriptEvent event) { Tally.counting(this, event) }

    Tally time(ScriptEvent event) { Tally.timing(this, event) }

    /** {@code a.before console run { }}: of this guest, whoever's console the word means here. */
    Hook stop(EventNoun all) { stop(all.events) }

    Hook before(EventNoun all) { before(all.events) }

    Hook after(EventNoun all) { after(all.events) }

    Hook replace(EventNoun all) { replace(all.events) }

    Hook trace(EventNoun all) { trace(all.events) }

    /** All of them: {@code count hypercalls by { it.name }}. */
    Tally count(EventNoun all) { count(all.events) }

    Tally time(EventNoun all) { time(all.events) }

    // ---- for those who work on it

    /** Looks at the guest while it stands still. */
    Object look(Closure<?> work) {
        session.look(this, { work.call() } as Supplier<Object>)
    }

    /** Changes the guest, which must not be running behind somebody's back. */
    @PackageScope
    void change(String what, Closure<?> work) {
        if (session.inBackground(this)) {
            throw new ScriptFailure("guest ${name} is running: pause it to change its ${what}")
        }
        onlyNow("change its ${what}")
        look(work)
    }

    /** @throws ScriptFailure if it is in its past */
    @PackageScope
    void onlyNow(String what) {
        if (past) {
            throw new ScriptFailure("guest ${name} is in its past, where nobody can ${what}: a fork of it lives on from there")
        }
    }

    /** Calls a closure of the script on the guest's thread, where the engine must not see it fail: the guest pauses instead. */
    Object guarded(Closure<?> work) {
        try {
            return session.within(this, null, work)
        } catch (Exception | Error thrown) {
            if (!ScriptErrors.isFailure(thrown)) {
                throw thrown
            }
            trouble = thrown
            engine.pause()
            return null
        }
    }

    /** What {@link #guarded} kept, once. */
    @PackageScope
    Throwable takeTrouble() {
        Throwable taken = trouble
        trouble = null
        taken
    }

    /** {@code 0xc0101234 do_page_fault+0x12}: where it is. */
    String getWhere() {
        long eip = cpu.eip
        String symbol = symbols.at(eip)
        String.format('0x%08x', eip) + (symbol ? " ${symbol}" : '')
    }

    @Override
    String toString() { "guest ${name}: ${state}${past ? ', in its past' : ''}${exitReason ? ", ${exitReason.trim()}" : ''}" }
}
