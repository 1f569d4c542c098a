package lguest.machine

import static lguest.machine.TinyKernel.*

import java.nio.file.Path
import java.time.Duration
import lguest.cpu.Vector
import lguest.probe.Event
import lguest.probe.Probe
import lguest.probe.Verb
import lguest.translate.Tuning
import spock.lang.Specification
import spock.lang.TempDir

/** Probes see each event once, in order, and leave the guest as it would be without them. */
class ProbesSlowSpec extends Specification {
    static final int WORDS = PAGE_OFFSET + GARBAGE
    static final Limit ENOUGH = Limit.instructions(1_000_000).andHostTime(Duration.ofSeconds(20))

    @TempDir
    Path folder

    List<String> seen = []

    List<Guest> guests = []

    def cleanup() {
        guests*.close()
    }

    Guest guest(TinyKernel kernel) {
        guests << Guest.create(new GuestConfig('watched').memoryBytes(3 << 20).kernel(kernel.save(folder.resolve('kernel'))))
        return guests.last()
    }

    /** How a guest ends that nobody watches. It is gone when this returns, and its id free again. */
    List undisturbed(TinyKernel kernel) {
        def guest = guest(kernel)
        guest.run(ENOUGH)
        guests.removeLast().close()
        return outcome(guest)
    }

    Probe add(Guest guest, Event event, Verb verb, Closure action = null) {
        guest.probes().add(event, verb, null, action, 'spec:1')
    }

    static Event.AccessEvent reads(int first, int last) {
        new Event.AccessEvent(first, last, true, false)
    }

    static Event.AccessEvent writes(int first, int last) {
        new Event.AccessEvent(first, last, false, true)
    }

    /** What must not depend on who watches. */
    static List outcome(Guest guest) {
        [guest.exitReason(), guest.instructions(), guest.nanos(), guest.memoryHash().encodeHex() as String, guest.cpu().regs.toList()]
    }

    // ---- code

    def "a STOP at an address stops before the instruction there, once for each time it comes by"() {
        given:
        def kernel = new TinyKernel().init().set(ECX, 5)
        int loop = kernel.here()
        kernel.code(0x49, 0x75, 0xFD).powerOff()
        def guest = guest(kernel)
        add(guest, new Event.At(loop), Verb.STOP)

        when:
        def stops = (1..6).collect { [guest.run(ENOUGH).kind(), guest.cpu().eip, guest.cpu().regs[ECX]] }

        then:
        stops == [5, 4, 3, 2, 1].collect { [Stop.Kind.BREAKPOINT, loop, it] } + [[Stop.Kind.OFF, guest.cpu().eip, guest.cpu().regs[ECX]]]
        guest.probes().list()[0].hits() == 5
    }

    def "a breakpoint on a repeated string instruction that takes several pages hits once"() {
        given:
        def kernel = new TinyKernel().init().set(ECX, 0x2400).set(EDI, WORDS + 0x100).set(EAX, 7)
        int string = kernel.here()
        kernel.code(0xF3, 0xAA).powerOff()
        def guest = guest(kernel)
        add(guest, new Event.At(string), Verb.STOP)

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        guest.cpu().regs[ECX] == 0x2400
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
    }

    def "a breakpoint in a loop of one instruction hits in every round"() {
        given:
        def kernel = new TinyKernel().init()
        int loop = kernel.here()
        kernel.spin()
        def guest = guest(kernel)
        def probe = add(guest, new Event.At(loop), Verb.BEFORE)

        when:
        guest.run(Limit.instructions(16 + 100))

        then:
        probe.hits() == guest.instructions() - 16
    }

    def "a breakpoint on a handler's first instruction hits when the fault comes from another breakpoint"() {
        given:
        def kernel = new TinyKernel().init().code(0xEB, 0x06)
        int handler = kernel.here()
        kernel.code(0x83, 0x04, 0x24, 0x02, 0xCF, 0x90).gates(handler)
        int faulting = kernel.here()
        kernel.code(0x0F, 0x0B).powerOff()
        def guest = guest(kernel)
        [handler, faulting].each { add(guest, new Event.At(it), Verb.BEFORE, { seen << (guest.cpu().eip == handler ? 'handler' : 'faulting') }) }

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ['faulting', 'handler']
    }

    def "a probe set after its code has run is live"() {
        given:
        def kernel = new TinyKernel().init()
        int loop = kernel.here()
        kernel.code(0x40, 0x40, 0x40, 0xEB, 0xFB)
        def guest = guest(kernel)
        guest.step(10_000)

        when:
        add(guest, new Event.At(loop + 2), Verb.STOP)

        then:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        guest.cpu().eip == loop + 2
    }

    // ---- hypercalls

    def "BEFORE changes arguments, AFTER the result, and each sees a call once"() {
        given:
        def kernel = new TinyKernel().init().hypercall(12, SCRATCH, DMA, 1 << 8 | 5).code(0xA3).dword(PAGE_OFFSET + SCRATCH).powerOff()
        def guest = guest(kernel)
        add(guest, new Event.HypercallEvent(12), Verb.BEFORE, { seen << 'before'; it.a3 = 1 << 8 | 6 })
        add(guest, new Event.HypercallEvent(12), Verb.AFTER, { seen << "after $it.result" as String; it.result = 42 })
        List bindings = null
        add(guest, new Event.HypercallEvent(2), Verb.BEFORE, { bindings = guest.host().bindings().bindings() })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ['before', 'after 1']
        guest.physical().read32(SCRATCH) == 42
        bindings*.irq() == [6]
    }

    def "REPLACE stands in for the call#how"() {
        given:
        def kernel = new TinyKernel().init().hypercall(12, SCRATCH, DMA, 1 << 8 | 5).code(0xA3).dword(PAGE_OFFSET + SCRATCH).powerOff()
        def guest = guest(kernel)
        add(guest, new Event.HypercallEvent(12), Verb.REPLACE, { it.result = 7; if (proceeds) { it.proceed() } })
        List bindings = null
        add(guest, new Event.HypercallEvent(2), Verb.BEFORE, { bindings = guest.host().bindings().bindings() })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        guest.physical().read32(SCRATCH) == result
        bindings.size() == made

        where:
        proceeds || result | made
        false    || 7      | 0
        true     || 1      | 1
        how = proceeds ? ', or lets it happen' : ''
    }

    def "calls of the ring are seen once each, in the order they are made"() {
        given:
        def kernel = new TinyKernel()
        (0..4).each { kernel.slot(it, 0, 8, it, 0, 0) }
        kernel.init().powerOff()
        def guest = guest(kernel)
        add(guest, new Event.HypercallEvent(Event.ANY), Verb.BEFORE, { seen << (it.asynchronous ? "ring $it.a1" : "call $it.number") as String })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ['call 1'] + (0..4).collect { "ring $it" as String } + ['call 3', 'call 7', 'call 2']
    }

    // ---- faults, interrupts, DMA

    def "a STOP on #what comes before delivery, once, and the handler then finds what it should"() {
        given:
        def kernel = new TinyKernel().init().recovering(gate)
        kernel.trial { kernel.code(*code) }
        kernel.powerOff()
        def undisturbed = undisturbed(kernel)
        def guest = guest(kernel)
        add(guest, new Event.FaultEvent(vector), Verb.BEFORE, { seen << "$it.vector" as String })
        add(guest, new Event.FaultEvent(vector), Verb.STOP)

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ["$vector" as String]
        outcome(guest) == undisturbed

        where:
        what                        | code                                     | gate || vector
        'a fault'                   | [0x0F, 0x0B]                             | 0xE  || Vector.UD
        'a fault of a trap gate'    | [0x31, 0xC9, 0xF7, 0xF1]                 | 0xF  || Vector.DE
        'INT n through its gate'    | [0xCD, 0x80]                             | 0xF  || 0x80
        'INT n that has none'       | [0xCD, 0x21]                             | 0xE  || Vector.GP
        'INT3'                      | [0xCC]                                   | 0xF  || Vector.BP
        'a page fault'              | [0xA1, 0, 0, 0, 0]                       | 0xE  || Vector.PF
        'a single step'             | [0x68, 0x02, 0x01, 0, 0, 0x9D, 0x90, 0x90] | 0xE || Vector.DB
    }

    def "two faults at the same count of instructions are two events"() {
        given: 'a handler that is not mapped'
        def kernel = new TinyKernel().init().recovering()
        kernel.hypercall(6, Vector.UD, 0x5000, 0x00008F00).trial { kernel.code(0x0F, 0x0B) }
        kernel.powerOff()
        def guest = guest(kernel)
        add(guest, new Event.FaultEvent(Event.ANY), Verb.STOP, { seen << Vector.name(it.vector) })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ['UD', 'PF']
    }

    def "interrupts and DMAs are seen once each"() {
        given:
        def kernel = new TinyKernel().put(DATA, 0x200, 0).dma(DMA, TEXT, 10)
        kernel.init().code(0xEB, 0x01)
        int handler = kernel.here()
        kernel.code(0xCF).gates(handler, 0xE)
        3.times { kernel.hypercall(9, 1000).hypercall(10).store(PAGE_OFFSET + DATA, 0x200).hypercall(13, 0, DMA) }
        kernel.powerOff()
        def guest = guest(kernel)
        add(guest, new Event.InterruptEvent(0), Verb.BEFORE, { seen << "line $it.line" as String })
        add(guest, new Event.DmaEvent(0), Verb.BEFORE, { seen << "dma $it.key" as String })
        add(guest, new Event.DmaEvent(0), Verb.AFTER, { seen << "sent $it.result" as String })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == ['line 0', 'dma 0', 'sent 10'] * 3
        guest.transcript().text() == 'Power down' * 3
    }

    def "a run until a probe of interrupts has acted ends there, before the handler's first instruction"() {
        given:
        def kernel = new TinyKernel().put(DATA, 0x200, 0).init().code(0xEB, 0x01)
        int handler = kernel.here()
        def guest = guest(kernel.code(0xCF).gates(handler, 0xE).hypercall(9, 3_000_000).spin())
        add(guest, new Event.InterruptEvent(0), Verb.BEFORE, { seen << guest.instructions() })

        when:
        def stop = guest.run(ENOUGH.until { !seen.empty })

        then:
        stop.kind() == Stop.Kind.CONDITION
        seen == [guest.instructions()]
        guest.cpu().eip == handler
    }

    // ---- memory

    def "#what is seen once"() {
        given:
        def kernel = new TinyKernel().init().set(ESI, WORDS).set(EDI, WORDS + 0x2000).set(EBX, WORDS + 0x0FFE).set(ECX, 3).set(EAX, 0x11223344)
        kernel.put(GARBAGE, 0x04030201).code(*code).powerOff()
        def guest = guest(kernel)
        add(guest, event, Verb.BEFORE, { seen << "${it.write ? 'write' : 'read'} ${it.address - WORDS} $it.bits ${Integer.toHexString(it.value)}" as String })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == expected

        where:
        what                                        | code               | event                              || expected
        'a read'                                    | [0x8B, 0x06]       | reads(WORDS, WORDS + 3)            || ['read 0 32 4030201']
        'a read of one watched byte of four'        | [0x8B, 0x06]       | reads(WORDS + 3, WORDS + 3)        || ['read 0 32 4030201']
        'no read beside what is watched'            | [0x8A, 0x46, 0x04] | reads(WORDS, WORDS + 3)            || []
        'no read where writes are watched'          | [0x8B, 0x06]       | writes(WORDS, WORDS + 3)           || []
        'a write'                                   | [0x89, 0x06]       | writes(WORDS, WORDS + 3)           || ['write 0 32 11223344']
        'a write of a word'                         | [0x66, 0x89, 0x06] | writes(WORDS, WORDS + 3)           || ['write 0 16 3344']
        'the write of a read-modify-write'          | [0xFF, 0x06]       | writes(WORDS, WORDS + 3)           || ['write 0 32 4030202']
        'a write that crosses pages, by its first'  | [0x89, 0x03]       | writes(WORDS, WORDS + 0xFFF)       || ['write 4094 32 11223344']
        'a write that crosses pages, by its second' | [0x89, 0x03]       | writes(WORDS + 0x1000, WORDS + 0x1000) || ['write 4094 32 11223344']
        'a read that crosses pages, by both'        | [0x8B, 0x03]       | reads(WORDS, WORDS + 0x1FFF)       || ['read 4094 32 0']
        'a word that crosses pages'                 | [0x43, 0x66, 0x89, 0x03] | writes(WORDS + 0x1000, WORDS + 0x1000) || ['write 4095 16 3344']
        'each element of REP MOVS'                  | [0xFC, 0xF3, 0xA5] | reads(WORDS, WORDS + 0xF)          || ['read 0 32 4030201', 'read 4 32 0', 'read 8 32 0']
        'each element REP STOS stores'              | [0xFC, 0xF3, 0xAA] | writes(WORDS + 0x2000, WORDS + 0x2001) || ['write 8192 8 44', 'write 8193 8 44']
        'a push'                                    | [0x8D, 0x66, 0x08, 0x50] | writes(WORDS + 4, WORDS + 7)   || ['write 4 32 11223344']
    }

    def "a stop at an access is behind its instruction, also where translated code could go on"() {
        given:
        def kernel = new TinyKernel().init().set(EBX, 20)
        int loop = kernel.here()
        kernel.set(EDI, WORDS).set(ECX, 3).code(0xF3, 0xAA)
        int behind = kernel.here()
        kernel.code(0x4B, 0x74, 0x05).jump(loop).powerOff()
        guests << Guest.create(new GuestConfig('watched').memoryBytes(3 << 20).kernel(kernel.save(folder.resolve('kernel')))
            .translates({ Runnable made -> made.run() }, new Tuning(0, 100, true)))
        def guest = guests.last()
        add(guest, writes(WORDS, WORDS), Verb.STOP)

        expect:
        (20..1).every { guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT && guest.cpu().eip == behind && guest.cpu().regs[EBX] == it }
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
    }

    def "an access of an instruction that faults is not seen before the instruction happens"() {
        given: 'MOVS from a watched page to an absent one, which the handler replaces'
        def kernel = new TinyKernel().init().code(0xEB, 0x09)
        int handler = kernel.here()
        kernel.code(0x58, 0xBF).dword(WORDS + 0x2000).code(0xCF, 0x90, 0x90).gates(handler)
        kernel.put(GARBAGE, 5).set(ESI, WORDS).set(EDI, 0x5000).code(*code).powerOff()
        def guest = guest(kernel)
        add(guest, reads(WORDS, WORDS + 0xFF), Verb.BEFORE, { seen << it.address - WORDS })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == expected

        where:
        code                                     || expected
        [0xA5]                                   || [0]
        [0xB9, 2, 0, 0, 0, 0xF3, 0xA5]           || [0, 4]
    }

    def "what the Host pushes for a handler is seen before the handler is over"() {
        given:
        def kernel = new TinyKernel().init().recovering(0xE)
        kernel.trial { kernel.set(ESP, WORDS + 0x100).code(0x0F, 0x0B) }
        kernel.powerOff()
        def guest = guest(kernel)
        add(guest, writes(WORDS, WORDS + 0xFFF), Verb.STOP, { seen << it.address - WORDS })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        seen[0] == 0xFC
        guest.cpu().regs[ESP] == WORDS + 0xF4
    }

    // ---- life of a probe

    def "probes of one event act in the order they were added, STOP and BEFORE alike, REPLACE last"() {
        given:
        def kernel = new TinyKernel().init().powerOff()
        def guest = guest(kernel)
        def event = new Event.HypercallEvent(7)
        add(guest, event, Verb.REPLACE, { seen << 'replace'; it.proceed() })
        add(guest, event, Verb.AFTER, { seen << 'after' })
        add(guest, event, Verb.BEFORE, { seen << 'first' })
        add(guest, event, Verb.STOP, { seen << 'stop' })
        add(guest, event, Verb.BEFORE, { seen << 'second' })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.BREAKPOINT
        seen == ['first', 'stop', 'second', 'replace', 'after']
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
    }

    def "#what sees #expected of five events"() {
        given:
        def kernel = new TinyKernel().init()
        5.times { kernel.hypercall(8, it) }
        kernel.powerOff()
        def guest = guest(kernel)
        def probe = guest.probes().add(new Event.HypercallEvent(8), Verb.BEFORE, condition, { seen << it.a1; if (removes) { it.probe().remove() } }, 'spec:1')
        setUp(probe)

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen == expected
        probe.hits() == hits

        where:
        what                         | setUp                     | condition       | removes || expected        | hits
        'a probe'                    | { }                       | null            | false   || [0, 1, 2, 3, 4] | 5
        'one that acts once'         | { it.once() }             | null            | false   || [0]             | 1
        'one that ignores two'       | { it.ignore(2) }          | null            | false   || [2, 3, 4]       | 5
        'one that does both'         | { it.ignore(2).once() }   | null            | false   || [2]             | 3
        'one with a condition'       | { }                       | { it.a1 % 2 }   | false   || [1, 3]          | 2
        'once with a condition'      | { it.once() }             | { it.a1 > 2 }   | false   || [3]             | 1
        'one that removes itself'    | { }                       | null            | true    || [0]             | 1
        'a disabled one'             | { it.disable() }          | null            | false   || []              | 0
        'one disabled and enabled'   | { it.disable().enable() } | null            | false   || [0, 1, 2, 3, 4] | 5
    }

    def "probes added and removed by an action count from the next event"() {
        given:
        def kernel = new TinyKernel().init()
        4.times { kernel.hypercall(8, it) }
        kernel.powerOff()
        def guest = guest(kernel)
        Probe other = null
        add(guest, new Event.HypercallEvent(8), Verb.BEFORE, { event ->
            if (event.a1 == 1) {
                other = add(guest, new Event.HypercallEvent(8), Verb.BEFORE, { seen << it.a1 })
            }
            if (event.a1 == 3) {
                guest.probes().clear()
            }
        })

        expect:
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
        seen[0] in [1, 2]
        2 in seen
        guest.probes().list().empty
    }

    def "an action can stop the guest with words of its own"() {
        given:
        def guest = guest(new TinyKernel().init().powerOff())
        add(guest, new Event.HypercallEvent(7), Verb.BEFORE, { it.stop('seen enough') })

        expect:
        with(guest.run(ENOUGH)) {
            kind() == Stop.Kind.BREAKPOINT
            reason() == 'seen enough'
        }
        guest.run(ENOUGH).kind() == Stop.Kind.OFF
    }

    // ---- failures

    def "a failing #part of a probe on #event pauses the guest, which goes on as if nothing had happened"() {
        given:
        def undisturbed = undisturbed(everything())
        def guest = guest(everything())
        int left = 1
        def fails = { if (left-- > 0) { throw new IOException('no such luck') } }
        def probe = part == 'condition' ? guest.probes().add(event, verb, { fails(); true }, null, 'spec:7')
            : guest.probes().add(event, verb, null, { fails() }, 'spec:7')

        when:
        def stop = guest.run(ENOUGH)

        then:
        stop.kind() == Stop.Kind.FAILED
        stop.alive()
        stop.probe() == probe
        stop.failure() instanceof IOException
        stop.reason() == 'spec:7: java.io.IOException: no such luck'
        guest.state() == Guest.State.PAUSED

        when:
        guest.run(ENOUGH)

        then:
        guest.state() == Guest.State.OFF
        outcome(guest) == undisturbed

        where:
        [part, event, verb] << [['condition', 'action'], [
            new Event.HypercallEvent(13), new Event.HypercallEvent(8), new Event.FaultEvent(Vector.UD), new Event.FaultEvent(0x80),
            new Event.FaultEvent(Vector.DB), new Event.InterruptEvent(0), new Event.DmaEvent(0), writes(WORDS, WORDS + 0x1FFF),
            reads(WORDS, WORDS + 3)], [Verb.BEFORE, Verb.AFTER]].combinations().findAll { kind, event, verb ->
                verb == Verb.BEFORE || event instanceof Event.HypercallEvent || event instanceof Event.AccessEvent || event instanceof Event.DmaEvent }
    }

    /** A guest that does a little of all. */
    static TinyKernel everything() {
        def kernel = new TinyKernel().put(DATA, 0x200, 0).dma(DMA, TEXT, 10).slot(0, 0, 8, 1, 0, 0)
        kernel.init().recovering().hypercall(13, 0, DMA)
        kernel.trial { kernel.code(0x0F, 0x0B) }
        kernel.trial { kernel.code(0xCD, 0x80) }
        kernel.trial { kernel.push(0x102).code(0x9D, 0x90) }
        kernel.trial { kernel.hypercall(9, 1000).hypercall(10).spin() }
        kernel.load(WORDS).store(WORDS + 0xFFE, 5)
        kernel.set(ESI, WORDS).set(EDI, WORDS + 0xFF0).set(ECX, 9).code(0xFC, 0xF3, 0xA5)
        return kernel.hypercall(8, 0).powerOff()
    }
}
