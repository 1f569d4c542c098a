package lguest.dsl

import groovy.transform.CompileStatic
import java.nio.file.Path
import java.time.Duration
import lguest.device.DeviceDescriptor
import lguest.device.ScriptedDevice
import lguest.dsl.DeviceSpec
import lguest.dsl.ExpectSpec
import lguest.dsl.GuestSpec
import lguest.dsl.PeerSpec
import lguest.dsl.ReportSpec
import lguest.dsl.RestoreSpec
import lguest.dsl.StructSpec
import lguest.dsl.event.Events
import lguest.dsl.event.Happening
import lguest.dsl.event.ScriptEvent
import lguest.dsl.internal.Listing
import lguest.dsl.internal.ScriptRunner
import lguest.dsl.internal.Table
import lguest.machine.Stop
import org.codehaus.groovy.runtime.InvokerHelper

/**
 * What every script is: the verbs and nouns of the language. Nouns are about the current guest: in a closure the one it is about,
 * elsewhere the one last built or chosen with {@code use}.
 */
@CompileStatic
abstract class LgsScript extends Script {
    private static final Set<String> NOUNS = LgsScript.declaredMethods.findAll {
        it.name.startsWith('get') && it.parameterCount == 0 && !it.synthetic
    }.collect { it.name[3].toLowerCase() + it.name.substring(4) } as Set<String>

    /** What {@code Guest} means: {@code Guest.restore('file')}. */
    private static final class Saved {
        private final Session session

        Saved(Session session) { this.session = session }

        ScriptedGuest restore(Object file, @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block = null) {
            session.restore(file, block)
        }
    }

    private Session session
    private List<String> arguments

    /** Called before the script runs. */
    void start(Session session, List<String> arguments = session.args) {
        this.session = session
        this.arguments = arguments
    }

    // ---- guests

    ScriptedGuest guest(String name, @DelegatesTo(value = GuestSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.guest(name, block)
    }

    /** A guest by its name. */
    ScriptedGuest guest(String name) { session.named(name) }

    /** Makes this the current guest. */
    ScriptedGuest use(Object guest) { session.use(guest) }

    /** Lets a guest run from now on, whenever the script waits. */
    ScriptedGuest boot(Object guest = session.current) { session.named(guest).boot() }

    /**
     * What a tool begins with, before it does anything else: the guest it is about. That is the current one, or the one that
     * {@code lguest --script=TOOL 64m vmlinux} boots; {@code lguest TOOL.lgs 64m vmlinux} is the same, since there is no guest yet.
     */
    ScriptedGuest attach() { session.attach() }

    /**
     * A guest that goes on from a file that {@code save} wrote: {@code Guest.restore('file')} is the same. It is to be booted, or run.
     * The block says what is outside of it: consoles, scripted devices, ports.
     */
    ScriptedGuest restore(Object file, @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block = null) {
        session.restore(file, block)
    }

    /** Writes all of the current guest to a file, for {@code restore}. */
    void save(Object file) { session.current.save(file) }

    /** Another guest that goes on from where the current one is. */
    ScriptedGuest fork(String name = null,
                       @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block = null) {
        session.current.fork(name, block)
    }

    ScriptedGuest fork(@DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.current.fork(null, block)
    }

    /** From now on everything that comes to the current guest from outside is remembered, so that it can be seen again as it was. */
    Replay remember() { session.current.remember() }

    /** Goes back by so many instructions of what is remembered of the current guest. */
    ScriptedGuest stepBack(Object instructions = 1) { session.current.stepBack(instructions) }

    /**
     * Goes back to where an event happened last: {@code reverse write('jiffies')}, {@code reverse hypercalls}; without one, to the last
     * hook that stops.
     */
    Stop reverse(Object event = null) { (event instanceof EventNoun ? event.guest : session.current).reverse(event) }

    /** The current guest comes back from its past. */
    ScriptedGuest present() { session.current.present() }

    /** What is remembered of the current guest. */
    Replay getReplay() { session.current.replay }

    ScriptedDevice device(String name, @DelegatesTo(value = DeviceSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.device(name, block)
    }

    /** Joins a shared net as one more among its guests. */
    Peer peer(Object net, @DelegatesTo(value = PeerSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.peer(net, block)
    }

    /** Guests by name. */
    Map<String, ScriptedGuest> getGuests() { session.guests }

    // ---- the current guest

    Cpu getCpu() { session.current.cpu }
    Memory getMemory() { session.current.memory }
    Memory getPhysical() { session.current.physical }
    Symbols getSymbols() { session.current.symbols }
    Console getConsole() { session.current.console }
    Hypercalls getHypercalls() { session.current.hypercalls }
    Interrupts getInterrupts() { session.current.interrupts }
    DmaKeys getDma() { session.current.dma }
    Disks getDisks() { session.current.disks }
    List<DeviceDescriptor> getDescriptors() { session.current.descriptors }
    String getState() { session.current.state }
    String getExitReason() { session.current.exitReason }
    int getExitValue() { session.current.exitValue }

    /** Declares a structure of guest memory, to be laid over it: {@code struct('list_head') { u32 'next'; u32 'prev' }.at('modules').next}. */
    Struct struct(String name, @DelegatesTo(value = StructSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.struct(name, block)
    }

    /** A linear address of the current guest: {@code linear(0xC0100000).walk()} follows its page tables. */
    LinearAddress linear(Object where) { session.current.linear(where) }

    /** Instructions, from where the current guest stands unless an address is given; {@code disassemble('f', 5).att} is in AT&T syntax. */
    Listing disassemble(Object address = null, int count = 10) { session.current.disassemble(address, count) }

    /** {@code do_page_fault+0x12}, or the address itself if no symbol is near. */
    String symbol(Object address) { session.current.symbols.at(address) ?: hex(address) }

    void pause() { session.current.pause() }

    /** Records the current guest's network from now on in a file, for Wireshark; {@code pcap null} ends it. */
    void pcap(Object file) { session.current.pcap(file) }

    /**
     * Lets the current guest run: {@code run(1000.instructions)}, {@code run(2.seconds)}, {@code run at('start_kernel')}, {@code run
     * on(fault(PF)), 2.seconds}, {@code run console('login:')}, {@code run { cpu.eax == 0 }}.
     */
    Stop run(Object limit, Object most = null) { session.current.run(limit, most) }

    /** Executes so many instructions; {@code step()} goes into what is called. */
    Stop step(Object instructions = 1) { session.current.step(instructions) }

    /** Executes one instruction, and the whole of what it calls. */
    Stop stepOver() { session.current.stepOver() }

    /** Goes on until the function the current guest is in returns. */
    Stop stepOut() { session.current.stepOut() }

    /** Who called whom, in the current guest. */
    Frames getBacktrace() { session.current.backtrace }

    // ---- events

    ScriptEvent at(Object where) { Events.at(where) }
    ScriptEvent on(ScriptEvent event) { event }
    /** {@code stop on(interrupts)}; {@code before console run { log it.text }} is everything that is printed. */
    EventNoun on(EventNoun all) { all }
    ScriptEvent hypercall(Object name) { known(Events.hypercall(name)) }
    ScriptEvent hypercalls(Object... names) { known(Events.hypercalls(names)) }
    ScriptEvent fault(Object vector) { Events.fault(vector) }
    ScriptEvent faults(Object... vectors) { Events.faults(vectors) }
    ScriptEvent getFaults() { Events.faults() }
    ScriptEvent read(Object where) { Events.read(where) }
    ScriptEvent write(Object where) { Events.write(where) }
    ScriptEvent access(Object where) { Events.access(where) }
    /** Written with something else than is there: {@code stop on(change('jiffies'))}. */
    ScriptEvent change(Object where) { Events.change(where) }
    ScriptEvent port(Object where) { Events.port(where) }
    ScriptEvent getPorts() { Events.ports() }
    /** {@code stop on(console('login:'))}: as soon as that is printed. A pattern, {@code ~/\d+ users/}, will do, too. */
    ScriptEvent console(Object pattern) { Events.console(pattern) }
    /** The end of a guest: {@code before exit run { log it.reason }}. With a number, or as {@code exit()}, it ends the script. */
    ScriptEvent getExit() { Events.exit() }
    ScriptEvent dma(Object key) { Events.dma(key) }
    /** A line, or a range of them. */
    ScriptEvent interrupt(Object line) { Events.interrupt(line) }
    ScriptEvent interrupts(Object... lines) { Events.interrupts(lines) }

    private ScriptEvent known(ScriptEvent event) {
        if (session.hasGuest()) {
            event.on(session.current)
        }
        event
    }

    // ---- verbs

    Hook stop(ScriptEvent event) { session.current.stop(event) }
    Hook before(ScriptEvent event) { session.current.before(event) }
    Hook after(ScriptEvent event) { session.current.after(event) }
    Hook replace(ScriptEvent event) { session.current.replace(event) }
    /** Says a line on standard error each time it happens; {@code when} narrows it, {@code run} says something else instead. */
    Hook trace(ScriptEvent event) { session.current.trace(event) }
    /** Looks at the guest again and again: {@code every 1.ms run { }}, {@code every 1000.instructions run { }}. Guest time that is. */
    Hook every(Object period) { session.current.every(period) }
    Tally count(ScriptEvent event) { session.current.count(event) }
    Tally time(ScriptEvent event) { session.current.time(event) }
    // Nouns that are events, too: count hypercalls, before a.console run { }.
    Hook stop(EventNoun all) { all.guest.stop(all) }
    Hook before(EventNoun all) { all.guest.before(all) }
    Hook after(EventNoun all) { all.guest.after(all) }
    Hook replace(EventNoun all) { all.guest.replace(all) }
    Hook trace(EventNoun all) { all.guest.trace(all) }
    Tally count(EventNoun all) { all.guest.count(all) }
    Tally time(EventNoun all) { all.guest.time(all) }

    void report(Object file, @DelegatesTo(value = ReportSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.report(file, block)
    }

    /** Everything that watches a guest. */
    List<Hook> getProbes() { session.probes }

    /** In {@code replace}: lets it happen after all, with these arguments in place of the first ones. */
    void proceed(Object... arguments) {
        Happening happening = session.happening
        if (happening == null) {
            throw new ScriptFailure("proceed: only in 'replace ... run { }'")
        }
        happening.proceed(arguments)
    }

    // ---- waiting

    /** Does something when everything is over, and guests can still be looked at: {@code atEnd { log table(counts) }}. */
    void atEnd(Closure<?> work) { session.atEnd(work) }

    /** Lets guests run until the closure says something true, which is returned. */
    Object waitFor(Object timeout = null, Closure<?> condition) {
        Object most = timeout == null || timeout instanceof HostTime ? timeout : duration('waitFor', timeout)
        Object value = null
        session.await(null, 'the condition of waitFor did not come true', most, { guestsNow() }) { value = condition.call() }
        value
    }

    private String guestsNow() { session.guests.values().join('; ') ?: 'there is no guest' }

    /** Waits for text, or a pattern, on the console of the current guest. */
    Match expect(Object pattern, Object timeout = Console.PATIENCE) { session.current.console.expect(pattern, timeout) }

    /** Waits for one of several things: {@code expect { on 'login:' run { }; on end run { }; on timeout run { } }}. */
    Object expect(Object timeout = Console.PATIENCE, @DelegatesTo(value = ExpectSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        session.current.console.expect(timeout, block)
    }

    /** Any of these, for {@code expect}: {@code expect any('login:', ~/[#$] $/)}. */
    List<Object> any(Object... patterns) { patterns.toList() }

    /**
     * Types a line on the console of the current guest, with Enter behind it, and waits for its echo, behind which {@code expect} looks:
     * {@code sendLine 'ls'}. What is not echoed is {@code sendLine secret, echo: false}.
     */
    void sendLine(Map<String, ?> how = [:], Object text) { session.current.console.sendLine(how, text) }

    /** Types on the console of the current guest, exactly this. */
    void send(Object data) { session.current.console.send(data) }

    /** Logs in on the console of the current guest: {@code login 'root', password: 'secret'}. */
    Match login(Map<String, ?> how = [:], String user) { session.current.console.login(how, user) }

    /** Has the shell on the console of the current guest run a command: {@code sh('uname -r').text}. */
    ShellResult sh(String command, Object timeout = Console.PATIENCE) { session.current.console.sh(command, timeout) }

    /** Lets guests run for some of their time. */
    void sleep(Object time) { session.sleep(duration('sleep', time)) }

    /** A number alone is no time. */
    void sleep(long time) { sleep((Object) time) }

    private static Duration duration(String word, Object time) {
        if (time instanceof Duration) {
            return (Duration) time
        }
        if (time instanceof HostTime) {
            throw new ScriptFailure("${word}(${time}): it is the guest's time that passes; give ${((HostTime) time).time().toMillis()}.ms")
        }
        throw new ScriptFailure("${word}(${time}): say the unit, ${time}.seconds or ${time}.ms")
    }

    /** Ends the script as a test that cannot be made here. */
    void skip(Object reason) { throw new Skipped(reason.toString()) }

    /** Ends the script. @param status 0 to 255: of more, a shell would see the remainder, and 256 as success */
    void exit(Number status = 0) {
        if (status.longValue() < 0 || status.longValue() > 255) {
            throw new ScriptFailure("exit ${status}: must be 0 to 255")
        }
        throw new ScriptExit(status.intValue())
    }

    /**
     * Runs another script here and now, about the same guests: {@code include 'helpers.lgs'}. Variables that it gives values to without
     * {@code def}, closures among them, are this script's, too. It finds files beside itself, and where this script finds them.
     *
     * @return what its last line gives
     */
    Object include(Object file, Object... arguments) {
        Path path = session.input('include', file).normalize()
        session.including(path) { new ScriptRunner().execute(session, path, arguments*.toString() ?: this.arguments, binding) }
    }

    // ---- talking

    /** Says something on standard error. */
    void log(Object message) { session.log(show(message)) }

    /** {@code 0xc0101234}. */
    String hex(Object number) {
        Number value = number instanceof Number ? (Number) number : session.current.address(number)
        String.format('0x%08x', value.longValue() & 0xFFFFFFFFL)
    }

    /** Rows and columns of a map, a list of maps or a list: {@code print table(hypercalls.counts)}. */
    Table table(Object data) { Table.of(data) }

    /** The arguments of the script. */
    List<String> getArgs() { arguments }

    PrintStream getStdout() { session.streams.out() }

    /** Where Groovy's own printing goes. */
    PrintStream getOut() { stdout }

    PrintStream getStderr() { session.streams.err() }

    /** A file beside the script, or in the working directory. */
    Path file(Object name) { session.input('file', name) }

    @Override
    void println() { stdout.println() }

    @Override
    void println(Object value) { stdout.println(show(value)) }

    @Override
    void print(Object value) { stdout.print(show(value)) }

    private static String show(Object value) { value instanceof Listing ? value.toString() : InvokerHelper.toString(value) }

    // ---- variables

    @Override
    Object getProperty(String name) {
        binding.hasVariable(name) ? binding.getVariable(name) : name == 'Guest' ? new Saved(session) : metaClass.getProperty(this, name)
    }

    @Override
    void setProperty(String name, Object value) {
        if (NOUNS.contains(name)) {
            throw new ScriptFailure("${name} = ...: ${name} is a word of the language; choose another name")
        }
        super.setProperty(name, value)
    }
}
