package lguest.sem

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.GuestKilled
import lguest.cpu.Segment
import lguest.cpu.Vector
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('Delivery through the IDT')
@See('Intel SDM vol. 3A, "Interrupt and Exception Handling"')
class DeliverySpec extends Specification {
    static final int EIP = 0x1234
    static final int HANDLER = 0x7000
    /** Handlers of the faults that a delivery may turn into: 0x6000 plus 0x10 times the vector. */
    static final int FAULT_HANDLERS = 0x6000

    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    def setup() {
        cpu.eip = EIP
        [Vector.DF, Vector.TS, Vector.NP, Vector.SS, Vector.GP, Vector.PF].each {
            machine.idtGate(it, SmallMachine.CODE0, FAULT_HANDLERS + 0x10 * it, 0x8E)
        }
    }

    def "an #gate gate (#access) from CPL #cpl: flags #names, frame of #bits bits at #esp"() {
        given:
        cpl == 0 || machine.user(3)
        cpu.setEflags(Eflags.IF | Eflags.TF | Eflags.NT | Eflags.CF)
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, access)

        when:
        external(0x80)

        then:
        [cpu.cpl, cpu.eip, cpu.segments[Segment.CS].selector] == [0, HANDLER, 8]
        Eflags.describe(cpu.eflags()) == names
        cpu.regs[CpuState.ESP] == esp
        words(bits, cpl == 0 ? 3 : 5) == [0x1234, cpl == 0 ? 8 : 0x1B, 0x4303] + (cpl == 0 ? [] : [0xA000, 0x23])

        where:
        gate        | access | cpl || bits | esp         | names
        'interrupt' | 0x8E   | 0   || 32   | 0x9000 - 12 | 'CF'
        'trap'      | 0x8F   | 0   || 32   | 0x9000 - 12 | 'CF IF'
        'interrupt' | 0x8E   | 3   || 32   | 0x8000 - 20 | 'CF'
        'trap'      | 0x8F   | 3   || 32   | 0x8000 - 20 | 'CF IF'
        'interrupt' | 0x86   | 0   || 16   | 0x9000 - 6  | 'CF'
        'trap'      | 0x87   | 3   || 16   | 0x8000 - 10 | 'CF IF'
    }

    def "INT n through a gate of DPL #dpl at CPL #cpl: #landed"() {
        given:
        cpl == 0 || machine.user()
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x8E | dpl << 5)
        cpu.leaveEip = 0x1232

        when:
        software(0x80)

        then:
        cpu.eip == landed
        machine.stack(2) == top

        where:
        dpl | cpl || landed  | top
        0   | 0   || HANDLER | [0x1234, 8]
        3   | 3   || HANDLER | [0x1234, 0x1B]
        0   | 3   || 0x60D0  | [0x402, 0x1232]
        2   | 3   || 0x60D0  | [0x402, 0x1232]
    }

    def "an interrupt from outside ignores the gate's DPL"() {
        given:
        machine.user()
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x8E)

        when:
        external(0x80)

        then:
        cpu.eip == HANDLER
    }

    def "the data segments survive a way inward"() {
        given:
        machine.user()
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x8E)

        when:
        external(0x80)

        then:
        machine.selectors() == [0x23, 8, 0x10, 0x23, 0x23, 0x23]
    }

    def "#name pushes error code #error and RF #rf"() {
        given:
        machine.idtGate(vector, SmallMachine.CODE0, HANDLER, 0x8E)

        when:
        Delivery.deliver(cpu, mem, vector, 0x77, Vector.hasErrorCode(vector), false, false)

        then:
        def frame = machine.stack(4)
        frame[0] == (error ? 0x77 : EIP)
        ((frame[error ? 3 : 2] & Eflags.RF) != 0) == rf
        (cpu.eflags() & Eflags.RF) == 0

        where:
        vector    || error | rf
        Vector.DE || false | true
        Vector.DB || false | false
        Vector.BP || false | false
        Vector.UD || false | true
        Vector.NM || false | true
        Vector.TS || true  | true
        Vector.GP || true  | true
        Vector.PF || true  | true
        Vector.AC || true  | true

        name = Vector.name(vector)
    }

    def "a gate with access #access to selector #selector (code #code) turns an interrupt into #name(#error)"() {
        given:
        machine.segment(0x40, code)
        machine.idtGate(0x30, selector, HANDLER, access)

        when:
        external(0x30)

        then:
        cpu.eip == FAULT_HANDLERS + 0x10 * vector
        machine.stack(2) == [error, 0x1234]

        where:
        access | selector | code || vector    | error
        0x8C   | 0x08     | 0x9B || Vector.GP | 0x183
        0x00   | 0x08     | 0x9B || Vector.GP | 0x183
        0x9E   | 0x08     | 0x9B || Vector.GP | 0x183
        0x0E   | 0x08     | 0x9B || Vector.NP | 0x183
        0x8E   | 0x00     | 0x9B || Vector.GP | 0x001
        0x8E   | 0x40     | 0x93 || Vector.GP | 0x041
        0x8E   | 0x40     | 0xFB || Vector.GP | 0x041
        0x8E   | 0x40     | 0x1B || Vector.NP | 0x041
        0x8E   | 0x800    | 0x9B || Vector.GP | 0x801
        0x8E   | 0x10     | 0x9B || Vector.GP | 0x011

        name = Vector.name(vector)
    }

    def "a software interrupt's own faults have no EXT, and go back to the instruction"() {
        given:
        machine.idtGate(0x30, 0x800, HANDLER, 0x8E)
        cpu.leaveEip = 0x1232

        when:
        software(0x30)

        then:
        machine.stack(2) == [0x800, 0x1232]
    }

    def "a vector beyond the IDT's limit is #GP with the gate's error code"() {
        given:
        cpu.idtLimit = 0x30 * 8 + 6

        when:
        external(0x30)

        then:
        cpu.eip == FAULT_HANDLERS + 0x10 * Vector.GP
        machine.stack(1) == [0x183]
    }

    def "code of a lower privilege is no handler: CPL 0 to code of DPL 3 is #GP"() {
        given:
        machine.idtGate(0x30, SmallMachine.CODE3, HANDLER, 0x8E)

        when:
        external(0x30)

        then:
        machine.stack(1) == [0x19]
    }

    def "conforming code runs at the interrupted CPL, on its stack"() {
        given:
        machine.segment(0x40, 0x9F)
        machine.idtGate(0x30, 0x40, HANDLER, 0x8E)
        machine.user()

        when:
        external(0x30)

        then:
        [cpu.cpl, cpu.eip, cpu.segments[Segment.CS].selector, cpu.regs[CpuState.ESP]] == [3, HANDLER, 0x43, 0xA000 - 12]
    }

    // ---- double and triple faults

    def "#first, then #second on the way: #delivered is delivered"() {
        given: 'a gate that produces the second fault'
        machine.segment(0x40, 0x1B)
        def gates = [(Vector.GP): [0x800, 0x8E], (Vector.NP): [0x40, 0x8E], (Vector.PF): [SmallMachine.CODE0, 0x8E]]
        machine.idtGate(vector, gates[by][0], HANDLER, gates[by][1])
        if (by == Vector.PF) {
            paging()
            straddle()
            hide(cpu.idtBase + 8 * vector)
        }

        when:
        Delivery.deliver(cpu, mem, vector, 0, Vector.hasErrorCode(vector), kind == 'software', kind == 'external')

        then:
        cpu.eip == FAULT_HANDLERS + 0x10 * becomes

        where:
        vector    | kind        | by        || becomes
        Vector.DE | 'exception' | Vector.NP || Vector.DF
        Vector.GP | 'exception' | Vector.NP || Vector.DF
        Vector.TS | 'exception' | Vector.NP || Vector.DF
        Vector.NP | 'exception' | Vector.GP || Vector.DF
        Vector.PF | 'exception' | Vector.GP || Vector.DF
        Vector.UD | 'exception' | Vector.GP || Vector.GP
        Vector.DB | 'exception' | Vector.NP || Vector.NP
        Vector.AC | 'exception' | Vector.NP || Vector.NP
        0x30      | 'external'  | Vector.GP || Vector.GP
        0x30      | 'software'  | Vector.NP || Vector.NP
        0         | 'software'  | Vector.NP || Vector.NP
        0xF8      | 'exception' | Vector.PF || Vector.PF
        0xF8      | 'external'  | Vector.PF || Vector.PF

        first = "$kind ${Vector.name(vector)}"
        second = Vector.name(by)
        delivered = Vector.name(becomes)
    }

    def "a page fault while the #GP is delivered is delivered after it, not doubled"() {
        given: "a GDT whose second page, with the code segment of the #GP handler, is hidden"
        paging()
        cpu.gdtLimit = 0x1FFF
        machine.idtGate(Vector.GP, 0x1008, HANDLER, 0x8E)
        hide(SmallMachine.GDT + 0x1008)

        when:
        Delivery.deliver(cpu, mem, Vector.GP, 0, true, false, false)

        then:
        cpu.eip == FAULT_HANDLERS + 0x10 * Vector.PF
    }

    def "a double fault pushes error code 0 and leaves EIP at the first fault"() {
        given:
        machine.idtGate(Vector.GP, 0x800, HANDLER, 0x8E)

        when:
        Delivery.deliver(cpu, mem, Vector.GP, 0x77, true, false, false)

        then:
        machine.stack(3) == [0, 0x1234, 8]
    }

    def "a double fault that cannot be delivered kills the guest"() {
        given:
        cpu.idtLimit = 0

        when:
        Delivery.deliver(cpu, mem, Vector.GP, 0, true, false, false)

        then:
        def killed = thrown(GuestKilled)
        killed.message == 'triple fault at 0x00001234: #GP(42) while #DF was delivered'
        cpu.eip == 0x1234
    }

    def "a missing inner stack is #TS, and that needs no stack of its own at CPL 0"() {
        given:
        machine.user()
        machine.idtGate(0x30, SmallMachine.CODE0, HANDLER, 0x8E)
        machine.segment(0x40, 0x9F)
        machine.idtGate(Vector.TS, 0x40, 0x60A0, 0x8E)
        machine.physical.write32(SmallMachine.TSS + 8, 0)

        when:
        external(0x30)

        then:
        [cpu.eip, cpu.cpl] == [0x60A0, 3]
        machine.stack(2) == [1, 0x1234]
    }

    def "delivery ends an interrupt shadow"() {
        given:
        machine.idtGate(0x30, SmallMachine.CODE0, HANDLER, 0x8E)
        cpu.interruptShadow = true

        when:
        external(0x30)

        then:
        !cpu.interruptShadow
    }

    def "in virtual-8086 mode a handler outside CPL 0 (code #access) is a general protection fault"() {
        given:
        machine.segment(0x40, access)
        machine.idtGate(0x30, 0x40, HANDLER, 0xEE)
        machine.virtual8086()

        when:
        external(0x30)

        then:
        cpu.eip == FAULT_HANDLERS + 0x10 * Vector.GP
        machine.stack(1) == [0x41]

        where:
        access << [0xFB, 0x9F, 0xBB]
    }

    def "real mode takes four bytes per vector and pushes three words"() {
        given:
        cpu.cr0 &= ~CpuState.CR0_PE
        Segments.load(cpu, mem, Segment.SS, 0)
        cpu.setEflags(Eflags.IF | Eflags.TF)
        cpu.idtBase = 0
        cpu.idtLimit = 0x3FF
        machine.physical.write32(4 * 0x21, 0x1000F00D)

        when:
        software(0x21)

        then:
        [cpu.segments[Segment.CS].base, cpu.eip, cpu.regs[CpuState.ESP]] == [0x10000, 0xF00D, 0x9000 - 6]
        words(16, 3) == [0x1234, 8, 0x302]
        cpu.eflags() == Eflags.FIXED
    }

    private void external(int vector) {
        Delivery.deliver(cpu, mem, vector, 0, false, false, true)
    }

    private void software(int vector) {
        Delivery.deliver(cpu, mem, vector, 0, false, true, false)
    }

    private List<Integer> words(int bits, int count) {
        (0..<count).collect { mem.read(Segment.SS, cpu.regs[CpuState.ESP] + it * bits.intdiv(8), bits) }
    }

    /** Identity for the first 4 MiB: directory at 0x20000, table at 0x21000. */
    private void paging() {
        (0..<256).each { machine.physical.write32(0x21000 + 4 * it, it << 12 | 3) }
        machine.physical.write32(0x20000, 0x21003)
        Sys.writeControl(cpu, mem, 3, 0x20000)
        Sys.writeControl(cpu, mem, 0, 0x80000001 as int)
    }

    /** Moves the IDT so that vectors from 0xE0 on lie in another page. */
    private void straddle() {
        cpu.idtBase = 0x13900
        (0..<512).each { machine.physical.write32(cpu.idtBase + 4 * it, machine.physical.read32(SmallMachine.IDT + 4 * it)) }
    }

    /** Takes away the page of a linear address. */
    private void hide(int linear) {
        machine.physical.write32(0x21000 + 4 * (linear >>> 12), 0)
        mem.flush()
    }
}
