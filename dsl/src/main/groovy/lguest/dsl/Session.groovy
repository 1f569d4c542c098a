package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.lang.ref.WeakReference
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicReference
import java.util.function.BiConsumer
import java.util.function.Consumer
import java.util.function.Function
import java.util.function.Supplier
import lguest.device.BlockDisk
import lguest.device.EmergencyExit
import lguest.device.ScriptedDevice
import lguest.dsl.DeviceSpec
import lguest.dsl.GuestSpec
import lguest.dsl.PeerSpec
import lguest.dsl.ReportSpec
import lguest.dsl.RestoreSpec
import lguest.dsl.StructSpec
import lguest.dsl.event.Happening
import lguest.dsl.internal.Background
import lguest.dsl.internal.Conductor
import lguest.dsl.internal.Delegation
import lguest.dsl.internal.DeviceBlock
import lguest.dsl.internal.Explanation
import lguest.dsl.internal.GuestBlock
import lguest.dsl.internal.Here
import lguest.dsl.internal.Interaction
import lguest.dsl.internal.Owner
import lguest.dsl.internal.PeerBlock
import lguest.dsl.internal.PlacedFailure
import lguest.dsl.internal.Places
import lguest.dsl.internal.ReportBlock
import lguest.dsl.internal.ScriptThreads
import lguest.dsl.internal.Similar
import lguest.dsl.internal.StructBlock
import lguest.dsl.internal.Turns
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.GuestConfig.TimeKind
import lguest.machine.Limit
import lguest.machine.Stop
import org.codehaus.groovy.runtime.StackTraceUtils

/**
 * Guests and what is known of them, from the first line of a script to the last, or for as long as a prompt is open. Closing it
 * ends the guests and writes the reports.
 */
@CompileStatic
final class Session implements AutoCloseable {
    /** Which guest and which event a closure of the script is about, while it runs. */
    private static final class Scene {
        final ScriptedGuest guest
        final Happening happening

        Scene(ScriptedGuest guest, Happening happening) {
            this.guest = guest
            this.happening = happening
        }
    }

    private static final int STATUS_BITS = 0xFF

    final Streams streams
    /** The script's arguments. */
    final List<String> args
    /** Whether somebody types: guests run in the background then. */
    final boolean prompt

    private Places places
    private final Copies copies = new Copies(this)
    private final Conductor conductor
    /** Replaced rather than changed: others look at it while somebody types. */
    private volatile Map<String, ScriptedGuest> guests = [:]
    private final Map<Guest, ScriptedGuest> byEngine = new ConcurrentHashMap<>()
    /** Of those that nobody else may hold any more. */
    private final Map<Guest, WeakReference<ScriptedGuest>> pasts = Collections.synchronizedMap(new WeakHashMap<>())
    /** What stopped the guests that a {@code stop} has stopped. */
    private final Map<ScriptedGuest, Hook> stoppedBy = new ConcurrentHashMap<>()
    private final Map<ScriptedDevice, Owner> waitingDevices = [:]
    private final List<ReportBlock> reports = []
    private final List<Closure<?>> endings = []
    private final List<Closeable> closing = []
    private final Set<String> files = ConcurrentHashMap.newKeySet()
    private final Set<Path> included = [] as Set<Path>
    private final ThreadLocal<Scene> scene = new ThreadLocal<>()
    private ScriptedGuest chosen
    private Function<String, OutputStream> consoles = { String name -> streams.out() } as Function<String, OutputStream>
    private Interaction interaction
    /** Hooks of {@link #runTo}. */
    private final Set<Hook> ends = ConcurrentHashMap.newKeySet()
    private BiConsumer<ScriptedGuest, Stop> onStop = { ScriptedGuest guest, Stop stop -> } as BiConsumer<ScriptedGuest, Stop>

    private final Closeable threads
    private final AtomicReference<PlacedFailure> threadFailure = new AtomicReference<>()
    private volatile Consumer<Throwable> complaints = (Throwable thrown) -> log(describe(thrown, false))

    /** @param directory the script's, where files are looked for first; null if there is none */
    Session(Streams streams, Path directory, List<String> args, boolean prompt) {
        this.streams = streams
        places = new Places(directory)
        this.args = args.asImmutable()
        this.prompt = prompt
        Conductor.Listener listener = new Conductor.Listener() {
            @Override
            void stopped(Guest guest, Stop stop) { Session.this.stopped(byEngine[guest] ?: pasts[guest].get(), stop) }

            @Override
            void died(Guest guest) { throw new GuestDied(guest.exitReason()) }
        }
        conductor = prompt ? new Background(listener) : new Turns(listener)
        threads = ScriptThreads.listen((Thread thread, Throwable thrown) -> threadFailed(thread, thrown))
    }

    // ---- guests

    /** By name, in the order they were built. Any thread. */
    Map<String, ScriptedGuest> getGuests() { guests.asImmutable() }

    /** The guest that a closure is about, or else the one last built or chosen. */
    ScriptedGuest getCurrent() {
        ScriptedGuest current = scene.get()?.guest ?: chosen
        if (current == null) {
            throw new ScriptFailure("there is no guest yet: build one with guest('name') { }")
        }
        current
    }

    boolean hasGuest() { chosen != null }

    ScriptedGuest guest(String name, @DelegatesTo(value = GuestSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        if (guests.containsKey(name)) {
            throw new ScriptFailure("there is a guest '${name}' already")
        }
        GuestConfig config = new GuestConfig(name).time(streams.terminal() || prompt ? TimeKind.HOST : TimeKind.VIRTUAL)
            .warnings { String line -> log("guest ${name}: ${line}") }
        Owner owner = new Owner()
        try {
            Delegation.configure(block, GuestSpec, new GuestBlock(this, config, owner)).check()
        } catch (IllegalArgumentException e) {
            throw new ScriptFailure(e.message, e)
        }
        if (config.kernel() == null) {
            throw new ScriptFailure("guest '${name}' has no kernel: kernel 'vmlinux'")
        }
        refuseSharedDisks(config)
        if (prompt && config.consoles().empty) {
            config.console(GuestBlock.stream(stdout(name)))
        }
        ScriptedGuest guest = new ScriptedGuest(this, config)
        guest.owner = owner
        owner.guest = guest
        waitingDevices.each { device, itsOwner ->
            config.device(device)
            itsOwner.guest = guest
            owner.devices.putAll(itsOwner.devices)
        }
        waitingDevices.clear()
        rebuild(guest)
        guests = guests + [(name): guest]
        chosen = guest
    }

    /** A disk that somebody writes is nobody else's: neither guest would know of what the other wrote. */
    private void refuseSharedDisks(GuestConfig config) {
        guests.values().findAll { it.engine.alive() }.each { other ->
            disks(config).each { disk ->
                Path file = disk.image().path()
                GuestConfig.Block shared = disks(other.engine.config()).find { sameFile(it.image().path(), file) }
                if (shared != null && [shared.mode(), disk.mode()].any { it.writes() }) {
                    throw new ScriptFailure("block '${file.fileName}': it is a disk of guest ${other.name} already, and only disks that " +
                        'both say readOnly or snapshot of can be shared')
                }
            }
        }
    }

    /** One that is not there yet is nobody's. */
    private static boolean sameFile(Path one, Path other) { Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other) }

    private static List<GuestConfig.Block> disks(GuestConfig config) { config.attachments()*.block().findAll { it != null } }

    private void rebuild(ScriptedGuest guest) {
        if (guest.engine != null) {
            byEngine.remove(guest.engine)
        }
        guest.build()
        byEngine[guest.engine] = guest
    }

    /** A guest that goes on from a file of {@code save}. */
    ScriptedGuest restore(Object file, @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        copies.restore(file, block)
    }

    /** The same. @param name of the guest; null for the one it had */
    ScriptedGuest restore(Object file, String name) { restore(file) { RestoreSpec words -> if (name != null) { words.name(name) } } }

    @PackageScope
    ScriptedGuest fork(ScriptedGuest first, String name,
                       @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        copies.fork(first, name, block)
    }

    /** Whether a closure about this guest is running: it is in the middle of an instruction. */
    boolean inHook(ScriptedGuest guest) { scene.get()?.guest?.is(guest) }

    /** A guest is another for the engine from now on. */
    @PackageScope
    void exchange(ScriptedGuest guest, Guest before, Guest after) {
        conductor.forget(before)
        if (byEngine.remove(before) != null) {
            byEngine[after] = guest
        } else {
            pasts[after] = new WeakReference<>(guest)
        }
        stoppedBy.remove(guest)
    }

    /** A guest in its past, that is another's present. */
    @PackageScope
    ScriptedGuest past(ScriptedGuest present, Guest engine) {
        ScriptedGuest guest = new ScriptedGuest(this, engine)
        guest.owner = present.owner
        guest.console.cursor = engine.transcript().end()
        pasts[engine] = new WeakReference<>(guest)
        guest
    }

    /** Takes in a guest that somebody else made, and runs. */
    ScriptedGuest adopt(Guest engine) {
        ScriptedGuest guest = new ScriptedGuest(this, engine)
        byEngine[engine] = guest
        guests = guests + [(engine.name()): guest]
        chosen = guest
    }

    /** The current guest. @throws NeedsGuest if there is none */
    @PackageScope
    ScriptedGuest attach() {
        if (!hasGuest()) {
            throw new NeedsGuest()
        }
        current
    }

    ScriptedGuest named(Object guest) {
        if (guest instanceof ScriptedGuest) {
            return (ScriptedGuest) guest
        }
        ScriptedGuest found = guests[String.valueOf(guest)]
        if (found == null) {
            throw new ScriptFailure("no guest '${guest}'" + Similar.hint(guest.toString(), guests.keySet()))
        }
        found
    }

    ScriptedGuest use(Object guest) { chosen = named(guest) }

    /** A device outside of a guest block: for the guest there is, if it has not run yet, or else for the next one built. */
    ScriptedDevice device(String name, @DelegatesTo(value = DeviceSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        Owner owner = new Owner(guest: chosen)
        if (chosen == null ? waitingDevices.keySet().any { it.name() == name } : chosen.owner.devices.containsKey(name)) {
            throw new ScriptFailure("device ${name}: there is one of that name already")
        }
        if (chosen != null && (chosen.engine.state() != Guest.State.BUILT || chosen.engine.instructions() > 0)) {
            throw new ScriptFailure("device ${name}: guest ${chosen.name} has run already; say it before boot")
        }
        ScriptedDevice device = DeviceBlock.of(name, block, owner)
        if (chosen == null) {
            waitingDevices[device] = owner
        } else {
            chosen.engine.config().device(device)
            rebuild(chosen)
        }
        (chosen == null ? owner : chosen.owner).devices[name] = block
        device
    }

    /** A program of the script's on a shared net, until the script is over. */
    Peer peer(Object file, @DelegatesTo(value = PeerSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        Peer peer = PeerBlock.of(this, output(file), block)
        closing(peer)
        peer
    }

    @PackageScope
    Struct struct(String name, @DelegatesTo(value = StructSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        StructBlock words = Delegation.configure(block, StructSpec, new StructBlock(name))
        new Struct(this, name, words.fields, words.bytes)
    }

    void report(Object file, @DelegatesTo(value = ReportSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        ReportBlock report = new ReportBlock(current, output(file), here())
        Delegation.configure(block, ReportSpec, report)
        reports << report
    }

    // ---- running

    @PackageScope
    void boot(ScriptedGuest guest) {
        if (!guest.engine.alive()) {
            throw new ScriptFailure("boot: ${guest}")
        }
        conductor.boot(guest.engine)
    }

    @PackageScope
    boolean runs(ScriptedGuest guest) { conductor.runs(guest.engine) }

    /** Whether the guest may be running while this is asked. */
    @PackageScope
    boolean inBackground(ScriptedGuest guest) { prompt && !scene.get()?.guest?.is(guest) && conductor.runs(guest.engine) }

    Stop run(ScriptedGuest guest, Limit limit) { conductor.run(guest.engine, limit) }

    /** As far as a hook, which is then no more. That it has got there is nobody's news. */
    Stop runTo(Hook end, Limit limit) {
        ends.add(end)
        try {
            return run(end.guest, limit)
        } finally {
            ends.remove(end)
            end.remove()
        }
    }

    @PackageScope
    Stop step(ScriptedGuest guest, long instructions) { conductor.step(guest.engine, instructions) }

    @PackageScope
    void pause(ScriptedGuest guest) { conductor.pause(guest.engine) }

    /** Looks at a guest while it stands still. */
    Object look(ScriptedGuest guest, Supplier<Object> work) { conductor.look(guest.engine, work) }

    /**
     * Lets guests run until a condition holds.
     *
     * @param about the guest that is waited for; null if it may be any
     * @param complaint what to say if it does not come true
     * @param timeout a {@code Duration} of guest time, a {@code HostTime}, or null for none
     * @param details what to add
     * @throws Timeout if it does not come true
     * @throws GuestDied if it cannot any more because that guest is dead, or one died meanwhile
     */
    void await(ScriptedGuest about, String complaint, Object timeout, Closure<String> details, Closure<?> condition) {
        boolean late = false
        Duration most = timeout instanceof Duration ? (Duration) timeout : null
        Collection<ScriptedGuest> mayDie = about == null ? guests.values().findAll { !dead(it) } : [about]
        long end = timeout instanceof HostTime ? System.nanoTime() + ((HostTime) timeout).time().toNanos() : 0
        Conductor.Outcome outcome = conductor.await({
            boolean holds = condition.call() as boolean
            late = !holds && timeout instanceof HostTime && System.nanoTime() - end >= 0
            holds || late
        }, most)
        if (late || outcome == Conductor.Outcome.TIMED_OUT) {
            throw new Timeout("${complaint} within ${text(late ? ((HostTime) timeout).time() : most)}${late ? ' of host time' : ''}: ${details.call()}")
        }
        if (outcome == Conductor.Outcome.NOTHING_RUNS) {
            ScriptedGuest died = mayDie.find { dead(it) }
            if (died != null) {
                throw new GuestDied(died.exitReason)
            }
            List<String> all = [details.call()] + (guests.values().collect { why(it) } ?: ['there is no guest'])
            throw new Timeout("${complaint}, and nothing more will happen: ${all.unique().join('; ')}")
        }
    }

    private static boolean dead(ScriptedGuest guest) { guest.engine.state() == Guest.State.DEAD }

    /**
     * Lets guests run until a condition holds, one of them runs no more, or the time is over; in a hook not at all.
     *
     * @throws GuestDied if that one dies meanwhile
     */
    @PackageScope
    void linger(ScriptedGuest guest, Duration most, Closure<Boolean> condition) {
        if (conductor.inRun()) {
            return
        }
        boolean mayDie = !dead(guest)
        conductor.await({ condition.call() || !conductor.runs(guest.engine) }, most)
        if (mayDie && dead(guest) && !condition.call()) {
            throw new GuestDied(guest.exitReason)
        }
    }

    /** What a script wants to happen when all is over. It is about the guest that is current now. */
    @PackageScope
    void atEnd(Closure<?> work) {
        ScriptedGuest about = hasGuest() ? current : null
        endings << {
            ScriptedGuest before = chosen
            chosen = about ?: before
            try {
                work.call()
            } finally {
                chosen = before
            }
        }
    }

    /** Lets guests run for some time. */
    @PackageScope
    void sleep(Duration time) { conductor.await({ false }, time) }

    private static String text(Duration time) {
        BigDecimal seconds = new BigDecimal(time.toNanos()).movePointLeft(9).stripTrailingZeros()
        "${seconds.toPlainString()} s"
    }

    private String why(ScriptedGuest guest) {
        Hook hook = stoppedBy[guest]
        hook == null ? guest.toString() : "${guest} at ${guest.where} by ${hook.word} ${hook.event}, ${hook.place}"
    }

    /** A guest came back. */
    private void stopped(ScriptedGuest guest, Stop stop) {
        if (stop.kind() == Stop.Kind.PRESENT) {
            guest.present()
        }
        Throwable trouble = guest.takeTrouble() ?: (stop.kind() == Stop.Kind.FAILED ? stop.failure() : null)
        Hook hook = stop.kind() == Stop.Kind.BREAKPOINT ? guest.probes.find { it.owns(stop.probe()) } : null
        if (trouble == null && hook != null && hook in ends) {
            return
        }
        hook == null ? stoppedBy.remove(guest) : stoppedBy.put(guest, hook)
        if (prompt) {
            onStop.accept(guest, trouble == null ? stop
                : new Stop(Stop.Kind.FAILED, describe(trouble, false), stop.probe(), trouble))
            return
        }
        if (trouble instanceof ScriptExit) {
            throw trouble
        }
        if (trouble != null) {
            throw PlacedFailure.inGuest(this, guest, stop.probe()?.place(), trouble)
        }
        if (stop.kind() == Stop.Kind.EMERGENCY) {
            throw new ScriptExit(EmergencyExit.STATUS)
        }
    }

    /** What else is to happen when a guest of the prompt comes back: called on the guest's thread. */
    void onStop(BiConsumer<ScriptedGuest, Stop> listener) { onStop = listener }

    /** Any thread: whoever waits for a guest here, or evaluates what was typed, comes back soon with a failure. */
    void interrupt() {
        conductor.interrupt()
        interaction?.interrupt()
    }

    /**
     * The end of a script: its guests run until they end.
     *
     * @return the exit status
     */
    int finish() {
        stoppedBy.clear()
        conductor.await({ false }, null)
        guests.values().each {
            if (stoppedBy[it] != null) {
                log("guest ${it.name} stopped: ${why(it)}")
            } else if (it.engine.alive() && conductor.runs(it.engine)) {
                throw new Timeout("the script is over, and guest ${it.name} sleeps for ever: nothing is left that could wake it")
            }
        }
        ScriptedGuest exited = guests.values().find { it.exitValue != 0 }
        exited == null ? 0 : exited.exitValue & STATUS_BITS
    }

    /** A thread that the script has started fails: that is said at once, and whoever runs the script asks for {@link #getThreadStatus}. */
    private boolean threadFailed(Thread thread, Throwable thrown) {
        String place = Explanation.place(this, thrown)
        if (place == null) {
            return false
        }
        PlacedFailure failure = PlacedFailure.inThread(this, place, thread, thrown)
        if (failure.exitStatus() != 0) {
            threadFailure.compareAndSet(null, failure)
        }
        if (thrown !instanceof ScriptExit) {
            complaints.accept(failure)
        }
        true
    }

    /** The failure of the first of the script's threads that has failed; null if none has. */
    ScriptFailure getThreadFailure() { threadFailure.get() }

    /** What the script ends with because one of its threads has failed; 0 if none has. */
    int getThreadStatus() { getThreadFailure()?.exitStatus() ?: 0 }

    /** What to do with failures of which nobody else would hear. */
    void complaints(Consumer<Throwable> listener) { complaints = listener }

    // ---- closures

    /** Runs a closure of the script that is about a guest. */
    @PackageScope
    Object within(ScriptedGuest guest, Happening happening, Closure<?> work) {
        Scene before = scene.get()
        scene.set(new Scene(guest, happening))
        try {
            return work.call()
        } finally {
            scene.set(before)
        }
    }

    /** The same for a hook, of which there may be a million in a second: nothing is made that need not be. */
    @PackageScope
    Object within(ScriptedGuest guest, Happening happening, Function<Happening, Object> work) {
        Scene before = scene.get()
        scene.set(new Scene(guest, happening))
        try {
            return work.apply(happening)
        } finally {
            scene.set(before)
        }
    }

    /** The event that the running closure is about; null if it is about none. */
    @PackageScope
    Happening getHappening() { scene.get()?.happening }

    // ---- files and words

    /**
     * A file to read: beside the script, or else in the working directory. What runs because of {@code include} looks beside the
     * included script first; its closures, which run later, do not.
     *
     * @param what it is for, in case it is not there
     */
    Path input(String what, Object file) { places.input(what, file) }

    /** Whether there is such a file to read. */
    boolean has(Path path) { places.has(path) }

    /** A file to write: in the working directory, unless it says where. */
    Path output(Object file) { places.output(file) }

    void closing(Closeable resource) { closing << resource }

    /** Where {@code console stdout} of a guest goes. */
    OutputStream stdout(String guest) { consoles.apply(guest) }

    /** Sends {@code console stdout} of guests built from now on elsewhere. */
    void consoles(Function<String, OutputStream> byName) { consoles = byName }

    /** Says something to people: on standard error. */
    void log(Object message) { streams.err().println(message.toString()) }

    /** Runs a script, in another or as the first. @throws ScriptFailure if it is within itself */
    Object including(Path script, Closure<?> work) {
        if (!included.add(script)) {
            throw new ScriptFailure("include '${script.fileName}': it includes itself")
        }
        Places outside = places
        places = outside.beside(script)
        try {
            return work.call()
        } finally {
            places = outside
            included.remove(script)
        }
    }

    /** A source file whose lines are places. */
    void knows(String fileName) { files << fileName }

    boolean isScript(String fileName) { files.contains(fileName) }

    /** The line of the script that is being executed: {@code file.lgs:4}. */
    String here() { Here.in(this::isScript).orElse('elsewhere') }

    // ---- for a prompt

    private Interaction getInteraction() { interaction = interaction ?: new Interaction(this) }

    /**
     * Evaluates what was typed. Variables, methods, classes and imports last.
     *
     * @return the value of the last expression
     */
    Object eval(String text) { getInteraction().eval(text) }

    /** Variables that have been typed, by name. */
    Map<String, Object> getVariables() { getInteraction().variables }

    /** Words that may come next, where the cursor is at the end of the text. Evaluates properties only, no calls. */
    List<String> complete(String text) { getInteraction().complete(text) }

    /** A failure in one line, or with the stack trace of it. */
    String describe(Throwable thrown, boolean stacktrace) {
        String line = (Explanation.of(this, thrown).line ?: thrown.message) - "${Interaction.NAME}:1: "
        stacktrace ? "${line}\n${StackTraceUtils.sanitize(thrown).stackTrace.collect { "    at ${it}" }.join('\n')}" : line
    }

    /**
     * The line that is to blame for a failure, where that was typed and cannot be seen any more.
     *
     * @param now whether what was typed last has failed
     */
    Optional<String> blamed(Throwable thrown, boolean now) { Optional.ofNullable(interaction?.blamed(thrown, now)) }

    /** Everything that watches any guest. */
    List<Hook> getProbes() { guests.values().collectMany { it.probes } }

    @Override
    void close() {
        try {
            end()
        } finally {
            threads.close()
        }
    }

    private void end() {
        conductor.close()
        List<Closure<?>> work = endings + reports.collect { report -> { -> report.write() } }
        Throwable first = null
        work.each {
            try {
                it.call()
            } catch (Exception | Error failed) {
                first = first ?: failed
            }
        }
        guests.values().each {
            it.present()
            it.engine.close()
        }
        closing.each { it.close() }
        if (first != null) {
            throw first
        }
    }
}
