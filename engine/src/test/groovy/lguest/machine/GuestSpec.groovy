package lguest.machine

import static lguest.machine.TinyKernel.*

import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import lguest.device.LauncherExit
import lguest.device.OutputSink
import lguest.probe.Event
import lguest.probe.Verb
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The life of a guest, and who may do what to it when. */
@Timeout(60)
class GuestSpec extends Specification {
    static final Limit ENOUGH = Limit.instructions(1_000_000).andHostTime(Duration.ofSeconds(20))

    @TempDir
    Path folder

    List<Guest> guests = []

    def cleanup() {
        guests*.close()
    }

    GuestConfig config(TinyKernel kernel) {
        new GuestConfig('tiny').memoryBytes(3 << 20).kernel(kernel.save(folder.resolve('kernel')))
    }

    Guest create(GuestConfig config) {
        guests << Guest.create(config)
        return guests.last()
    }

    Guest guest(TinyKernel kernel) {
        create(config(kernel))
    }

    static TinyKernel spinning() {
        new TinyKernel().init().spin()
    }

    /** A bare machine with these bytes of code at 1 MiB. */
    GuestConfig bare(List<Integer> code) {
        def file = Files.write(folder.resolve('flat'), code as byte[])
        new GuestConfig('bare').platform(GuestConfig.Platform.BARE).memoryBytes(2 << 20).kernel(file)
    }

    static CompletableFuture<Stop> inBackground(Guest guest, Limit limit = Limit.none()) {
        def stop = CompletableFuture.supplyAsync({ guest.run(limit) })
        awaitTrue { guest.state() == Guest.State.RUNNING || stop.done }
        return stop
    }

    static void awaitTrue(Closure<Boolean> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (!condition()) {
            assert System.nanoTime() < deadline
            Thread.onSpinWait()
        }
    }

    // ---- life

    def "a guest is built, paused, halted, and off in the end"() {
        given:
        def guest = guest(new TinyKernel().init().hypercall(9, 1000000).hypercall(10).powerOff())

        expect:
        guest.state() == Guest.State.BUILT
        guest.alive()
        guest.instructions() == 0

        when:
        guest.step(3)

        then:
        guest.state() == Guest.State.PAUSED

        when: 'the timer is blocked'
        def stop = guest.run(Limit.guestTime(Duration.ofMillis(5)))

        then:
        stop.kind() == Stop.Kind.LIMIT
        stop.reason() == "the guest's time is used up"
        guest.state() == Guest.State.HALTED
        guest.alive()

        when:
        guest.physical().write32(DATA + 4, 0)
        stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.OFF
        !stop.alive()
        guest.state() == Guest.State.OFF
        guest.exitReason() == 'CRASH: Power down'
        !guest.alive()
    }

    def "a guest that dies says why, and again when asked to run"() {
        given:
        def guest = guest(new TinyKernel().init().hypercall(99))

        when:
        def stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.DEAD
        stop.reason() == 'Bad hypercall 99\n'
        guest.state() == Guest.State.DEAD
        guest.exitReason() == stop.reason()

        when:
        long executed = guest.instructions()

        then:
        guest.run(ENOUGH).is(stop)
        guest.step(5).is(stop)
        guest.instructions() == executed
    }

    def "closing ends a guest, twice is once"() {
        given:
        def guest = guest(spinning())
        guest.step(100)

        when:
        2.times { guest.close() }

        then:
        guest.state() == Guest.State.OFF
        guest.exitReason() == 'closed'
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        guest.instructions() == 100
    }

    def "closing does not change how a guest ended"() {
        given:
        def guest = guest(new TinyKernel().init().powerOff())
        guest.run(ENOUGH)
        guest.close()

        expect:
        guest.exitReason() == 'CRASH: Power down'
    }

    def "a bare guest ends with the value a port handler gives"() {
        given: 'MOV AL, 49; OUT 0xF4, AL; JMP $'
        Guest guest = null
        guest = create(bare([0xB0, 49, 0xE6, 0xF4, 0xEB, 0xFE]).port(0xF4, [write: { int port, int value, int bits -> guest.exit(value + bits) }] as Exits))

        when:
        def stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.OFF
        guest.state() == Guest.State.OFF
        guest.exitValue() == 49 + 8
        guest.instructions() == 2
        guest.run(ENOUGH).is(stop)
    }

    abstract static class Exits implements PortHandler {
    }

    def "a port handler that throws leaves a guest that can go on"() {
        given: 'MOV AL, 1; OUT 0xF4, AL; MOV AL, 2; JMP $'
        def guest = create(bare([0xB0, 1, 0xE6, 0xF4, 0xB0, 2, 0xEB, 0xFE])
            .port(0xF4, [write: { int port, int value, int bits -> throw new IllegalStateException('no such port') }] as Exits))

        when:
        guest.run(ENOUGH)

        then:
        thrown(IllegalStateException)
        guest.state() == Guest.State.PAUSED

        when:
        guest.step(1)

        then:
        guest.cpu().regs[EAX] == 2
    }

    def "#what makes no guest"() {
        when:
        create(make(this))

        then:
        def failure = thrown(RuntimeException)
        type.isInstance(failure)
        failure.message.contains(message)

        where:
        what                | make                                                                            || type                     | message
        'no kernel'         | { new GuestConfig('g') }                                                        || IllegalArgumentException | 'guest g has no kernel'
        'no name'           | { new GuestConfig(' ') }                                                        || IllegalArgumentException | 'name'
        'no such file'      | { new GuestConfig('g').kernel(it.folder.resolve('none')) }                      || LauncherExit             | 'none'
        'half a page'       | { it.config(new TinyKernel()).memoryBytes(2048) }                               || IllegalArgumentException | '2048'
        'no room for it'    | { it.config(new TinyKernel()).memoryBytes(64 << 10) }                           || LauncherExit             | ''
        'a disk on bare'    | { it.bare([0xF4]).sharenet(it.folder.resolve('net')) }                          || IllegalArgumentException | 'bare'
    }

    def "neither guests that were not made nor those that have ended keep one of the 16 ids"() {
        when:
        20.times {
            try {
                create(new GuestConfig('none').kernel(folder.resolve('none')))
            } catch (LauncherExit expected) {
                assert expected.message.contains('none')
            }
        }

        then:
        (1..20).every { guest(new TinyKernel().init().powerOff()).run(ENOUGH).kind() == Stop.Kind.OFF }
    }

    // ---- how far it runs

    def "step #count executes #count instructions"() {
        given:
        def guest = guest(spinning())

        when:
        def stop = guest.step(count)

        then:
        stop.kind() == Stop.Kind.LIMIT
        guest.instructions() == count
        guest.nanos() == 10 * count

        where:
        count << [0, 1, 2, 17, 1023, 1024, 1025, 100_000, 250_001]
    }

    def "what waits in the ring at a fault is done then, in a run of pieces of #instructions instructions"() {
        given: 'calls for a timer and for sleep, which become ready right before a page fault'
        def kernel = new TinyKernel().slot(0, -1, 9, 100_000, 0, 0).slot(1, -1, 10, 0, 0, 0).init().recovering()
        kernel.store(TinyKernel.PAGE_OFFSET + TinyKernel.DATA + 4, 0)
        kernel.trial { kernel.store(TinyKernel.PAGE_OFFSET + TinyKernel.DATA + 0x14, 0).load(0x00400000) }
        def guest = guest(kernel.powerOff())

        when:
        while (guest.alive()) {
            guest.run(Limit.instructions(instructions))
        }

        then:
        guest.exitReason() == 'CRASH: Power down'
        guest.nanos() == 10 * guest.instructions() + 100_000

        where:
        instructions << [1, 7, 1_000_000]
    }

    def "a limit of guest time is kept to the instruction, also by a guest that sleeps"() {
        given:
        def guest = guest(kernel)

        when:
        guest.run(Limit.guestTime(Duration.ofNanos(123_450)))

        then:
        guest.nanos() == 123_450

        where:
        kernel << [spinning(), new TinyKernel().init().hypercall(10).spin()]
    }

    def "a limit of host time ends a run of a guest that #does"() {
        given:
        def guest = guest(kernel)
        long before = System.nanoTime()

        when:
        def stop = guest.run(Limit.hostTime(Duration.ofMillis(200)))

        then:
        stop.kind() == Stop.Kind.LIMIT
        stop.reason() == 'the time is used up'
        System.nanoTime() - before >= 200_000_000L

        where:
        does     | kernel
        'spins'  | spinning()
        'sleeps' | new TinyKernel().init().hypercall(10).spin()
    }

    def "a guest whose instructions take long does not keep the host waiting for many of them"() {
        given: 'strings, thousands of whose elements count as one instruction'
        def kernel = new TinyKernel().init()
        int loop = kernel.here()
        kernel.set(TinyKernel.ECX, 0x3000).set(TinyKernel.ESI, TinyKernel.PAGE_OFFSET + TinyKernel.GARBAGE).code(0xF3, 0xAC)
        def guest = guest(kernel.jump(loop))

        when:
        def stop = guest.run(Limit.hostTime(Duration.ofMillis(20)))

        then:
        stop.kind() == Stop.Kind.LIMIT
        guest.instructions() < 100_000
    }

    def "a condition ends the run when the console has printed what makes it hold"() {
        given:
        def kernel = new TinyKernel().dma(DMA, TEXT, 10).init()
        3.times { kernel.hypercall(13, 0, DMA) }
        def guest = guest(kernel.spin())

        expect:
        guest.run(ENOUGH.until { guest.transcript().end() >= 20 }).kind() == Stop.Kind.CONDITION
        guest.transcript().text() == 'Power down' * 2
        guest.hypercalls().count(13) == 2
    }

    // ---- memory from outside

    def "linear memory is read and written as the guest would see it"() {
        given: 'page 5 of the window is absent, 6 is a page of garbage, 7 is another'
        def kernel = new TinyKernel().put(DIRECTORY + 4, OTHER_TABLE | 7)
        kernel.put(OTHER_TABLE + 6 * 4, GARBAGE | 7, GARBAGE + 0x2000 | 7)
        def guest = guest(kernel.init().hypercall(4, DIRECTORY).spin())
        guest.step(100)

        expect:
        guest.peek(0x405123) == -1
        guest.peek(0x406123) == GARBAGE + 0x123
        guest.peek(PAGE_OFFSET + GARBAGE + 5) == GARBAGE + 5
        guest.peek(-4096) == -1

        when:
        guest.writeLinear(0x406FFE, [1, 2, 3, 4] as byte[])

        then:
        guest.physical().read16(GARBAGE + 0xFFE) == 0x0201
        guest.physical().read16(GARBAGE + 0x2000) == 0x0403
        def bytes = new byte[4]
        guest.readLinear(0x406FFE, bytes) == 4
        bytes == [1, 2, 3, 4] as byte[]

        when: 'what is mapped is followed by what is not'
        def many = new byte[0x1010]

        then:
        guest.readLinear(0x407FF0, many) == 0x10
        guest.readLinear(0x405FF0, many) == 0

        when:
        def before = guest.memoryHash()
        guest.writeLinear(0x407FFE, [9, 9, 9] as byte[])

        then:
        def failure = thrown(AddressException)
        failure.message == 'guest tiny: nothing is mapped at linear address 0x00408000'
        guest.memoryHash() == before

        when:
        guest.physical().write8(GARBAGE, 1)

        then:
        guest.memoryHash() != before
    }

    def "looking does not touch: neither A nor D is set, nothing faults"() {
        given:
        def guest = guest(new TinyKernel().init().hypercall(4, DIRECTORY).spin())
        guest.step(100)
        def entry = guest.physical().read32(TABLE + (SCRATCH >> 12) * 4)

        when:
        guest.readLinear(PAGE_OFFSET + SCRATCH, new byte[100])
        guest.writeLinear(PAGE_OFFSET + SCRATCH, new byte[100])

        then:
        (entry & 0x60) == 0
        guest.physical().read32(TABLE + (SCRATCH >> 12) * 4) == entry
    }

    def "code written from outside is executed"() {
        given:
        def guest = guest(spinning())
        guest.step(1000)
        int before = guest.cpu().regs[EBX]

        when: 'INC EBX instead of JMP to itself'
        guest.writeLinear(guest.cpu().eip, [0x43, 0xEB, 0xFD] as byte[])
        guest.step(20)

        then:
        guest.cpu().regs[EBX] == before + 10
    }

    // ---- threads

    def "pause brings back who runs it; nobody running, it does nothing"() {
        given:
        def guest = guest(spinning())
        guest.pause()

        expect:
        guest.step(1000).kind() == Stop.Kind.LIMIT

        when:
        def run = inBackground(guest)
        guest.pause()

        then:
        run.get(20, TimeUnit.SECONDS).kind() == Stop.Kind.PAUSED
        guest.state() == Guest.State.PAUSED
    }

    def "closing ends the run of another thread"() {
        given:
        def guest = guest(kernel)
        def run = inBackground(guest)

        when:
        guest.close()

        then:
        run.get(20, TimeUnit.SECONDS).kind() in [Stop.Kind.PAUSED, Stop.Kind.OFF]
        guest.state() == Guest.State.OFF

        where:
        kernel << [spinning(), new TinyKernel().init().hypercall(10).spin()]
    }

    def "two threads run it one after the other"() {
        given:
        def guest = guest(spinning())

        when:
        def runs = (1..4).collect { CompletableFuture.supplyAsync { (1..50).collect { guest.step(1000).kind() } } }

        then:
        runs.every { it.get(30, TimeUnit.SECONDS).every { kind -> kind == Stop.Kind.LIMIT } }
        guest.instructions() == 4 * 50 * 1000
    }

    def "work that needs it paused waits for the end of the run"() {
        given:
        def guest = guest(spinning())
        def run = inBackground(guest, Limit.instructions(20_000_000))
        long seen = 0

        when:
        guest.whilePaused { seen = guest.instructions() }

        then:
        run.get(20, TimeUnit.SECONDS).kind() == Stop.Kind.LIMIT
        seen == 20_000_000
    }

    def "an action cannot run the guest"() {
        given:
        def guest = guest(new TinyKernel().init().powerOff())
        guest.probes().add(new Event.HypercallEvent(7), Verb.BEFORE, null, { guest.step(1) }, 'spec')

        when:
        def stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.FAILED
        stop.failure() instanceof IllegalStateException
        guest.run(ENOUGH).kind() == Stop.Kind.FAILED
    }

    def "an action can end the guest"() {
        given:
        def guest = guest(new TinyKernel().init().powerOff())
        guest.probes().add(new Event.HypercallEvent(7), Verb.BEFORE, null, { guest.exit(3) }, 'spec')

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        guest.exitValue() == 3
        guest.exitReason() == 'exit 3'
    }

    // ---- interrupts, time

    /** Sleeps until line 5, which it then says it has seen. */
    static TinyKernel sleeper(int line = 5) {
        def kernel = new TinyKernel().dma(DMA, SCRATCH + 0x200, 16).dma(DMA + 100, TEXT, 10)
        kernel.init().code(0xEB, 0x17)
        int handler = kernel.here()
        kernel.hypercall(13, 0, DMA + 100).code(0xCF)
        kernel.gates(handler, 0xE).hypercall(12, 0, DMA, 1 << 8 | line)
        int again = kernel.here()
        return kernel.hypercall(10).jump(again)
    }

    def "a line raised from outside wakes a guest that sleeps"() {
        given:
        def guest = guest(sleeper())

        when:
        guest.run(Limit.guestTime(Duration.ofMillis(10)))

        then:
        guest.state() == Guest.State.HALTED

        when:
        guest.raise(5)
        guest.run(Limit.guestTime(Duration.ofMillis(10)))

        then:
        guest.transcript().text() == 'Power down'

        when:
        guest.raise(32)

        then:
        thrown(IllegalArgumentException)
    }

    def "an interrupt comes although SS was loaded"() {
        given:
        def kernel = new TinyKernel().put(DATA, 0x200, 0)
        kernel.init().recovering().hypercall(9, 10_000).trial {
            kernel.code(0x8C, 0xD0, 0x8E, 0xD0).spin()
        }
        def guest = guest(kernel.powerOff())

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        guest.nanos() >= 10_000
        guest.nanos() < 100_000
    }

    def "a guest that waits under the host's time uses no processor, and wakes for input"() {
        given:
        def guest = create(config(sleeper()).time(GuestConfig.TimeKind.HOST))
        Thread runner = null
        def run = CompletableFuture.supplyAsync { runner = Thread.currentThread(); guest.run(Limit.none()) }
        awaitTrue { guest.hypercalls().count(10) == 1 && runner.state in [Thread.State.WAITING, Thread.State.TIMED_WAITING] }
        def threads = ManagementFactory.threadMXBean

        when:
        long before = threads.getThreadCpuTime(runner.id)
        def woken = guest.transcript().awaitBeyond(0, 500)
        long used = threads.getThreadCpuTime(runner.id) - before

        then:
        !woken
        used < 20_000_000

        when:
        guest.console().offer('key'.bytes)

        then:
        guest.transcript().awaitBeyond(0, 10_000)
        guest.transcript().text() == 'Power down'
        guest.physical().read32(DMA) == 3

        when: 'it sleeps again'
        awaitTrue { guest.hypercalls().count(10) == 2 && runner.state in [Thread.State.WAITING, Thread.State.TIMED_WAITING] }
        guest.pause()

        then:
        run.get(20, TimeUnit.SECONDS).kind() == Stop.Kind.PAUSED
        guest.state() == Guest.State.HALTED
    }

    def "a timer of #micros us takes that long under the #time time"() {
        given:
        def kernel = new TinyKernel().put(DATA, 0x200, 0)
        kernel.init().recovering().trial { kernel.hypercall(9, micros * 1000).hypercall(10).spin() }
        def guest = create(config(kernel.powerOff()).time(time))
        long before = System.nanoTime()

        when:
        def stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.OFF
        guest.nanos() >= micros * 1000L
        time == GuestConfig.TimeKind.VIRTUAL ? guest.nanos() < micros * 1000L + 100_000 : System.nanoTime() - before >= micros * 1000L

        where:
        [micros, time] << [[1, 1000, 100_000], GuestConfig.TimeKind.values()].combinations()
    }

    def "the end of input and three ^C reach who runs it"() {
        given:
        def guest = guest(sleeper())
        guest.run(Limit.guestTime(Duration.ofMillis(1)))

        when:
        3.times { guest.console().offer([3] as byte[]) }

        then:
        guest.run(Limit.guestTime(Duration.ofMillis(1))).kind() == Stop.Kind.EMERGENCY
        guest.alive()
        guest.run(Limit.guestTime(Duration.ofMillis(1))).kind() == Stop.Kind.LIMIT
    }
}
