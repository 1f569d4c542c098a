package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('Far transfers')
@See('Intel SDM vol. 3A, "Privilege Level Checking When Transferring Program Control Between Code Segments"')
class FarSpec extends Specification {
    static final int NEXT = 0x10007
    static final int TARGET = 0x4000

    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    // ---- JMP and CALL

    def "JMP to #what (access #access, RPL #rpl) at CPL #cpl is #expected"() {
        given:
        machine.segment(0x40, access)
        mem.cpl = cpl

        expect:
        outcome { Far.jmp(cpu, mem, 0x40 | rpl, TARGET, NEXT, 32) } == expected
        expected != 'ok' || cpu.eip == TARGET && cpu.segments[Segment.CS].selector == (0x40 | cpl)
        expected == 'ok' || cpu.eip == 0x10000 && cpu.segments[Segment.CS].selector == 8

        where:
        what              | access | rpl | cpl || expected
        'code'            | 0x9B   | 0   | 0   || 'ok'
        'code'            | 0x9B   | 3   | 0   || '#GP(40)'
        'code'            | 0x9B   | 0   | 3   || '#GP(40)'
        'user code'       | 0xFB   | 0   | 0   || '#GP(40)'
        'user code'       | 0xFB   | 0   | 3   || 'ok'
        'user code'       | 0xFB   | 3   | 3   || 'ok'
        'conforming code' | 0x9F   | 0   | 3   || 'ok'
        'conforming code' | 0x9F   | 3   | 0   || 'ok'
        'conforming code' | 0xFF   | 0   | 0   || '#GP(40)'
        'absent code'     | 0x1B   | 0   | 0   || '#NP(40)'
        'data'            | 0x93   | 0   | 0   || '#GP(40)'
        'an LDT'          | 0x82   | 0   | 0   || '#GP(40)'
        'a busy TSS'      | 0x8B   | 0   | 0   || '#GP(40)'
        'an IDT gate'     | 0x8E   | 0   | 0   || '#GP(40)'
    }

    def "JMP to selector #selector:#target is #expected"() {
        given:
        machine.descriptor(0x40, 0, 0xFFF, 0x9B, 4)

        expect:
        outcome { Far.jmp(cpu, mem, selector, target, NEXT, 32) } == expected

        where:
        selector | target || expected
        0        | 0      || '#GP(0)'
        3        | 0      || '#GP(0)'
        0x800    | 0      || '#GP(800)'
        0x40     | 0xFFF  || 'ok'
        0x40     | 0x1000 || '#GP(0)'
    }

    def "a 16-bit JMP keeps 16 bits of the target"() {
        when:
        Far.jmp(cpu, mem, 8, 0x12345678, NEXT, 16)

        then:
        cpu.eip == 0x5678
    }

    def "JMP through memory reads offset and selector"() {
        given:
        mem.write32(Segment.DS, 0x500, TARGET)
        mem.write16(Segment.DS, 0x504, 8)

        when:
        Far.jmpMemory(cpu, mem, Segment.DS, 0x500, NEXT, 32, 32)

        then:
        cpu.eip == TARGET
    }

    def "CALL pushes CS and the next EIP in #bits bits"() {
        when:
        Far.call(cpu, mem, 8, TARGET, NEXT, bits)

        then:
        cpu.regs[CpuState.ESP] == esp
        machine.stack(bits.intdiv(16)) == frame

        where:
        bits || esp    | frame
        32   || 0x8FF8 | [NEXT, 8]
        16   || 0x8FFC | [0x00080007]
    }

    def "CALL onto an exhausted stack is #SS(0) and changes nothing"() {
        given:
        machine.descriptor(0x48, 0, 0xFFF, 0x97, 4)
        Segments.load(cpu, mem, Segment.SS, 0x48)
        cpu.regs[CpuState.ESP] = 0x1004

        expect:
        outcome { Far.call(cpu, mem, 8, TARGET, NEXT, 32) } == '#SS(0)'
        cpu.regs[CpuState.ESP] == 0x1004
        cpu.eip == 0x10000
    }

    def "a #access gate of DPL #dpl with RPL #rpl at CPL #cpl to code #code: JMP #jmp, CALL #call"() {
        given:
        machine.segment(0x48, code)
        machine.gate(0x40, 0x48, TARGET, access | dpl << 5)
        if (cpl == 3) {
            machine.user()
        }

        expect:
        outcome { Far.jmp(cpu, mem, 0x40 | rpl, 0, NEXT, 32) } == jmp
        jmp == 'ok' || outcome { Far.call(cpu, mem, 0x40 | rpl, 0, NEXT, 32) } == call

        where:
        access | dpl | rpl | cpl | code || jmp       | call
        0x8C   | 3   | 3   | 3   | 0xFB || 'ok'      | 'ok'
        0x8C   | 3   | 0   | 3   | 0x9B || '#GP(48)' | 'ok'
        0x8C   | 3   | 0   | 3   | 0x9F || 'ok'      | 'ok'
        0x8C   | 2   | 0   | 3   | 0x9B || '#GP(40)' | '#GP(40)'
        0x8C   | 0   | 0   | 0   | 0x9B || 'ok'      | 'ok'
        0x8C   | 0   | 1   | 0   | 0x9B || '#GP(40)' | '#GP(40)'
        0x8C   | 3   | 0   | 0   | 0xFB || '#GP(48)' | '#GP(48)'
        0x0C   | 3   | 3   | 3   | 0xFB || '#NP(40)' | '#NP(40)'
        0x8C   | 3   | 3   | 3   | 0x7B || '#NP(48)' | '#NP(48)'
        0x8C   | 3   | 3   | 3   | 0xF3 || '#GP(48)' | '#GP(48)'
        0x84   | 3   | 3   | 3   | 0xFB || 'ok'      | 'ok'
    }

    def "a call gate moves inward: the inner stack receives the outer one, the parameters and the way back"() {
        given:
        machine.gate(0x40, SmallMachine.CODE0, TARGET, 0xEC, 2)
        machine.user()
        mem.write32(Segment.SS, 0xA000, 0x11111111)
        mem.write32(Segment.SS, 0xA004, 0x22222222)

        when:
        Far.call(cpu, mem, 0x43, 0x999, NEXT, 32)

        then:
        [cpu.cpl, cpu.eip, cpu.segments[Segment.CS].selector] == [0, TARGET, 8]
        [cpu.segments[Segment.SS].selector, cpu.regs[CpuState.ESP]] == [0x10, 0x8000 - 24]
        machine.stack(6) == [NEXT, SmallMachine.CODE3, 0x11111111, 0x22222222, 0xA000, SmallMachine.DATA3]

        when: 'it returns and frees the parameters on both stacks'
        Far.retImmediate(cpu, mem, 8, 32)

        then:
        [cpu.cpl, cpu.eip, cpu.segments[Segment.CS].selector] == [3, NEXT, SmallMachine.CODE3]
        [cpu.segments[Segment.SS].selector, cpu.regs[CpuState.ESP]] == [SmallMachine.DATA3, 0xA008]
    }

    def "a 16-bit call gate pushes words"() {
        given:
        machine.gate(0x40, SmallMachine.CODE0, TARGET, 0xE4, 1)
        machine.user()
        mem.write32(Segment.SS, 0xA000, 0x33331111)

        when:
        Far.call(cpu, mem, 0x43, 0, NEXT, 32)

        then:
        cpu.regs[CpuState.ESP] == 0x8000 - 10
        [0, 2, 4, 6, 8].collect { mem.read16(Segment.SS, 0x8000 - 10 + it) } == [NEXT & 0xFFFF, 0x1B, 0x1111, 0xA000, 0x23]
    }

    def "an inner stack of #what is #expected, and nothing has happened"() {
        given:
        machine.gate(0x40, SmallMachine.CODE0, TARGET, 0xEC)
        machine.segment(0x48, 0x91)
        machine.segment(0x50, 0x13)
        machine.descriptor(0x58, 0, 0xF, 0x93, 4)
        machine.user()
        machine.physical.write32(SmallMachine.TSS + 8, selector)
        cpu.tr.limit = limit
        def before = machine.selectors()

        expect:
        outcome { Far.call(cpu, mem, 0x43, 0, NEXT, 32) } == expected
        machine.selectors() == before
        [cpu.cpl, cpu.eip, cpu.regs[CpuState.ESP]] == [3, 0x10000, 0xA000]

        where:
        what               | selector | limit || expected
        'nothing'          | 0        | 0x67  || '#TS(0)'
        'RPL 3'            | 0x13     | 0x67  || '#TS(10)'
        'DPL 3'            | 0x20     | 0x67  || '#TS(20)'
        'read-only data'   | 0x48     | 0x67  || '#TS(48)'
        'no table'         | 0x800    | 0x67  || '#TS(800)'
        'absent data'      | 0x50     | 0x67  || '#SS(50)'
        'too little room'  | 0x58     | 0x67  || '#SS(58)'
        'a short TSS'      | 0x10     | 8     || '#TS(28)'
    }

    // ---- RET

    def "RETF to selector #selector (access #access) at CPL #cpl is #expected"() {
        given:
        machine.segment(0x40, access)
        cpl == 0 || machine.user()
        frame(TARGET, selector, 0xB000, ss)

        expect:
        outcome { Far.ret(cpu, mem, 32) } == expected
        expected != 'ok' || [cpu.cpl, cpu.eip] == [selector & 3, TARGET]
        expected == 'ok' || cpu.regs[CpuState.ESP] == (cpl == 0 ? 0x9000 : 0xA000)

        where:
        selector | access | cpl | ss   || expected
        0x40     | 0x9B   | 0   | 0    || 'ok'
        0x43     | 0xFB   | 3   | 0    || 'ok'
        0x43     | 0xFB   | 0   | 0x23 || 'ok'
        0x41     | 0xBB   | 0   | 0x23 || '#GP(20)'
        0x43     | 0xFB   | 0   | 0x10 || '#GP(10)'
        0x43     | 0xFB   | 0   | 0    || '#GP(0)'
        0x40     | 0x9B   | 3   | 0    || '#GP(40)'
        0x40     | 0xFB   | 0   | 0    || '#GP(40)'
        0x43     | 0x9B   | 0   | 0x23 || '#GP(40)'
        0x43     | 0x9F   | 0   | 0x23 || 'ok'
        0x40     | 0xFF   | 0   | 0    || '#GP(40)'
        0x40     | 0x93   | 0   | 0    || '#GP(40)'
        0x40     | 0x1B   | 0   | 0    || '#NP(40)'
        0        | 0x9B   | 0   | 0    || '#GP(0)'
        0x803    | 0x9B   | 0   | 0    || '#GP(800)'
    }

    def "a return outward takes away the data segments that it does not own"() {
        given:
        machine.segment(0x40, 0x9F)
        Segments.load(cpu, mem, Segment.DS, SmallMachine.DATA0)
        Segments.load(cpu, mem, Segment.ES, SmallMachine.DATA3)
        Segments.load(cpu, mem, Segment.FS, SmallMachine.CODE0)
        Segments.load(cpu, mem, Segment.GS, 0x40)
        frame(TARGET, SmallMachine.CODE3, 0xB000, SmallMachine.DATA3)

        when:
        Far.ret(cpu, mem, 32)

        then:
        machine.selectors() == [SmallMachine.DATA3, SmallMachine.CODE3, SmallMachine.DATA3, 0, 0, 0x40]
    }

    // ---- IRET

    def "IRET of #bits bits from CPL #cpl, IOPL #iopl to CPL #to sets #names"() {
        given:
        if (cpl == 3) {
            machine.user()
        }
        cpu.setEflags(iopl << 12)
        int cs = to == 3 ? SmallMachine.CODE3 : SmallMachine.CODE0
        push(bits, [TARGET, cs, flags as int, 0xB000, SmallMachine.DATA3])

        when:
        Far.iret(cpu, mem, bits)

        then:
        [cpu.cpl, cpu.eip] == [to, TARGET]
        Eflags.describe(cpu.eflags()) == names
        cpu.regs[CpuState.ESP] == esp

        where:
        bits | cpl | iopl | to | flags      || esp    | names
        32   | 0   | 0    | 0  | 0xFFFDFFFF || 0x900C | 'CF PF AF ZF SF TF IF DF OF NT RF AC ID IOPL=3'
        16   | 0   | 0    | 0  | 0xFFFFFFFF || 0x9006 | 'CF PF AF ZF SF TF IF DF OF NT IOPL=3'
        32   | 0   | 0    | 3  | 0x00003202 || 0xB000 | 'IF IOPL=3'
        16   | 0   | 0    | 3  | 0x00000202 || 0xB000 | 'IF'
        32   | 3   | 0    | 3  | 0x00013202 || 0xA00C | 'RF'
        32   | 3   | 3    | 3  | 0x00000202 || 0xA00C | 'IF IOPL=3'
    }

    def "IRET from CPL 3 does not enter virtual-8086 mode"() {
        given:
        machine.user(3)
        push(32, [TARGET, SmallMachine.CODE3, 0x20202, 0, 0])

        when:
        Far.iret(cpu, mem, 32)

        then:
        cpu.cpl == 3
        (cpu.eflags() & Eflags.VM) == 0
    }

    def "IRET enters virtual-8086 mode with six segments, and an interrupt leaves it with as many"() {
        given:
        machine.idtGate(0x21, SmallMachine.CODE0, 0x7000, 0xEE)
        push(32, [0x100, 0x1000, 0x23202, 0x800, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000])

        when:
        Far.iret(cpu, mem, 32)

        then:
        machine.selectors() == [0x3000, 0x1000, 0x2000, 0x4000, 0x5000, 0x6000]
        cpu.segments*.base == [0x30000, 0x10000, 0x20000, 0x40000, 0x50000, 0x60000]
        [cpu.cpl, cpu.eip, cpu.regs[CpuState.ESP]] == [3, 0x100, 0x800]
        Segments.virtual8086(cpu)

        when:
        Delivery.deliver(cpu, mem, 0x21, 0, false, true, false)

        then:
        [cpu.cpl, cpu.eip] == [0, 0x7000]
        machine.selectors() == [0, 8, 0x10, 0, 0, 0]
        machine.stack(9) == [0x100, 0x1000, 0x23202, 0x800, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000]
        cpu.eflags() == (Eflags.FIXED | Eflags.IOPL)
    }

    def "IRET in virtual-8086 mode with IOPL 3 stays there"() {
        given:
        machine.virtual8086(3)
        push(16, [0x200, 0x1100, 0x0002])

        when:
        Far.iret(cpu, mem, 16)

        then:
        [cpu.eip, cpu.segments[Segment.CS].selector, cpu.segments[Segment.CS].base] == [0x200, 0x1100, 0x11000]
        [cpu.iopl(), cpu.cpl, cpu.regs[CpuState.ESP]] == [3, 3, 0x806]
    }

    // ---- real mode

    def "real mode calls and returns by selectors times 16"() {
        given:
        cpu.cr0 &= ~CpuState.CR0_PE
        Segments.load(cpu, mem, Segment.SS, 0)

        when:
        Far.call(cpu, mem, 0x1234, 0x10, 0x20, 16)

        then:
        [cpu.segments[Segment.CS].base, cpu.eip, cpu.regs[CpuState.ESP]] == [0x12340, 0x10, 0x8FFC]

        when:
        Far.ret(cpu, mem, 16)

        then:
        [cpu.segments[Segment.CS].selector, cpu.eip, cpu.regs[CpuState.ESP]] == [8, 0x20, 0x9000]
    }

    // ---- a small language for stacks

    private void frame(int eip, int cs, int esp, int ss) {
        push(32, [eip, cs, esp, ss])
    }

    private void push(int bits, List<Integer> values) {
        values.eachWithIndex { value, i -> mem.write(Segment.SS, cpu.regs[CpuState.ESP] + i * bits.intdiv(8), value, bits) }
    }
}
