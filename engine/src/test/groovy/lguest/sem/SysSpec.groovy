package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Leave
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('Instructions of the system')
@See('Intel SDM vol. 3A, "System Architecture Overview"')
class SysSpec extends Specification {
    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    def "CR0 = #value is #expected and reads #after"() {
        expect:
        outcome { Sys.writeControl(cpu, mem, 0, value as int) } == expected
        Integer.toUnsignedLong(Sys.readControl(cpu, 0)) == after

        where:
        value      || expected | after
        0x00000001 || 'ok'     | 0x00000011
        0x80000001 || 'ok'     | 0x80000011
        0x80000000 || '#GP(0)' | 0x00000011
        0x20000001 || '#GP(0)' | 0x00000011
        0x60000001 || 'ok'     | 0x60000011
        0x8005003B || 'ok'     | 0x8005003B
        0xFFFFFFFF || 'ok'     | 0xE005003F
        0x00000000 || 'ok'     | 0x00000010
    }

    def "CR4 = #value is #expected"() {
        expect:
        outcome { Sys.writeControl(cpu, mem, 4, value) } == expected
        cpu.cr4 == (expected == 'ok' ? value : 0)

        where:
        value                 || expected
        CpuState.CR4_PSE      || 'ok'
        CpuState.CR4_PGE      || 'ok'
        CpuState.CR4_TSD      || 'ok'
        CpuState.CR4_OSFXSR   || 'ok'
        CpuState.CR4_OSXMMEXCPT || '#GP(0)'
        1                     || '#GP(0)'
        1 << 5                || '#GP(0)'
        1 << 13               || '#GP(0)'
    }

    def "control register #number does not exist"() {
        expect:
        outcome { Sys.readControl(cpu, number) } == '#UD(0)'
        outcome { Sys.writeControl(cpu, mem, number, 0) } == '#UD(0)'

        where:
        number << [1, 5, 6, 7]
    }

    def "CR2 keeps all bits, CR3 the base, PCD and PWT"() {
        when:
        Sys.writeControl(cpu, mem, 2, -1)
        Sys.writeControl(cpu, mem, 3, -1)

        then:
        Sys.readControl(cpu, 2) == -1
        Sys.readControl(cpu, 3) == (0xFFFFF018 as int)
    }

    def "#what forgets translations"() {
        given:
        def physical = machine.physical
        physical.write32(0x20000, 0x21003)
        physical.write32(0x21000 + 4 * 0x30, 0x31003)
        physical.write32(0x21000 + 4 * 0x20, 0x20003)
        physical.write32(0x31000, 0xAAAA)
        physical.write32(0x32000, 0xBBBB)
        Sys.writeControl(cpu, mem, 3, 0x20000)
        Sys.writeControl(cpu, mem, 0, 0x80000001 as int)
        mem.read32(0x30000)
        physical.write32(0x21000 + 4 * 0x30, 0x32003)

        expect:
        mem.read32(0x30000) == 0xAAAA

        when:
        action(cpu, mem)

        then:
        mem.read32(0x30000) == 0xBBBB

        where:
        what              | action
        'MOV CR3'         | { cpu, mem -> Sys.writeControl(cpu, mem, 3, 0x20000) }
        'setting CR0.WP'  | { cpu, mem -> Sys.writeControl(cpu, mem, 0, 0x80010001 as int) }
        'setting CR4.PGE' | { cpu, mem -> Sys.writeControl(cpu, mem, 4, CpuState.CR4_PGE) }
        'INVLPG'          | { cpu, mem -> Sys.invlpg(cpu, mem, Segment.DS, 0x30123) }
        'INVLPG with PSE' | { cpu, mem -> cpu.cr4 = CpuState.CR4_PSE; Sys.invlpg(cpu, mem, Segment.DS, 0x3FFFFF) }
    }

    def "LMSW #value turns CR0 #before into #after"() {
        given:
        cpu.cr0 = before

        when:
        Sys.lmsw(cpu, mem, value)

        then:
        Sys.smsw(cpu) == after

        where:
        before | value  || after
        0x10   | 0x0001 || 0x11
        0x1F   | 0x0000 || 0x11
        0x11   | 0xFFFE || 0x1F
        0x50011 | 0x8   || 0x50019
    }

    def "CLTS clears TS alone"() {
        given:
        cpu.cr0 = 0x1F

        when:
        Sys.clts(cpu)

        then:
        cpu.cr0 == 0x17
    }

    def "debug register #number takes #value as #after"() {
        when:
        Sys.writeDebug(cpu, number, value)

        then:
        Sys.readDebug(cpu, number) == after as int
        Sys.readDebug(cpu, alias) == after as int

        where:
        number | alias | value       || after
        0      | 0     | 0x12345678  || 0x12345678
        6      | 4     | 0           || 0xFFFF0FF0
        4      | 6     | -1          || 0xFFFFEFFF
        7      | 5     | 0           || 0x00000400
        5      | 7     | 0xFFFFDFFF as int || 0xFFFF07FF
    }

    def "general detect turns an access to debug registers into #DB"() {
        given:
        Sys.writeDebug(cpu, 7, 1 << 13)

        expect:
        outcome { Sys.readDebug(cpu, 0) } == '#DB(0)'
        (cpu.dr[6] & 1 << 13) != 0
        outcome { Sys.readDebug(cpu, 0) } == 'ok'
    }

    def "with CR4.DE, DR#number is #expected"() {
        given:
        Sys.writeControl(cpu, mem, 4, CpuState.CR4_DE)

        expect:
        outcome { Sys.readDebug(cpu, number) } == expected
        outcome { Sys.writeDebug(cpu, number, 0) } == expected

        where:
        number || expected
        3      || 'ok'
        4      || '#UD(0)'
        5      || '#UD(0)'
        6      || 'ok'
    }

    def "LGDT with #bits bits loads base #base"() {
        given:
        mem.write16(Segment.DS, 0x500, 0x1234)
        mem.write32(Segment.DS, 0x502, 0xAABBCCDD as int)

        when:
        Sys.lgdt(cpu, mem, Segment.DS, 0x500, bits)
        Sys.lidt(cpu, mem, Segment.DS, 0x500, bits)
        Sys.sgdt(cpu, mem, Segment.DS, 0x600)
        Sys.sidt(cpu, mem, Segment.DS, 0x700)

        then:
        [cpu.gdtLimit, cpu.idtLimit] == [0x1234, 0x1234]
        [cpu.gdtBase, cpu.idtBase] == [base as int, base as int]
        [0x600, 0x700].every { mem.read16(Segment.DS, it) == 0x1234 && mem.read32(Segment.DS, it + 2) == (base as int) }

        where:
        bits || base
        32   || 0xAABBCCDD
        16   || 0x00BBCCDD
    }

    def "POPF of #bits bits at CPL #cpl, IOPL #iopl turns all flags off into #names"() {
        given:
        mem.cpl = cpl
        cpu.setEflags(iopl << 12)
        mem.write32(Segment.SS, 0x9000, -1)

        when:
        Sys.popf(cpu, mem, bits)

        then:
        Eflags.describe(cpu.eflags()) == names

        where:
        bits | cpl | iopl || names
        32   | 0   | 0    || 'CF PF AF ZF SF TF IF DF OF NT AC ID IOPL=3'
        16   | 0   | 0    || 'CF PF AF ZF SF TF IF DF OF NT IOPL=3'
        32   | 1   | 0    || 'CF PF AF ZF SF TF DF OF NT AC ID'
        32   | 1   | 1    || 'CF PF AF ZF SF TF IF DF OF NT AC ID IOPL=1'
        32   | 3   | 0    || 'CF PF AF ZF SF TF DF OF NT AC ID'
        32   | 3   | 2    || 'CF PF AF ZF SF TF DF OF NT AC ID IOPL=2'
        32   | 3   | 3    || 'CF PF AF ZF SF TF IF DF OF NT AC ID IOPL=3'
        16   | 3   | 0    || 'CF PF AF ZF SF TF DF OF NT'
    }

    def "PUSHF hides VM and RF"() {
        given:
        cpu.setEflags(0x3F7FD7)

        when:
        Sys.pushf(cpu, mem, 32)

        then:
        machine.stack(1) == [0x3C7FD7]
    }

    def "CLI and STI at CPL #cpl, IOPL #iopl: #expected"() {
        given:
        mem.cpl = cpl
        cpu.setEflags(iopl << 12)

        expect:
        outcome { Sys.sti(cpu) } == expected
        cpu.interruptShadow == (expected == 'ok')
        outcome { Sys.cli(cpu) } == expected

        where:
        cpl | iopl || expected
        0   | 0    || 'ok'
        1   | 0    || '#GP(0)'
        1   | 1    || 'ok'
        3   | 2    || '#GP(0)'
        3   | 3    || 'ok'
    }

    def "a second STI casts no shadow"() {
        given:
        cpu.setEflags(Eflags.IF)

        when:
        Sys.sti(cpu)

        then:
        !cpu.interruptShadow
    }

    def "in virtual-8086 mode #name wants IOPL 3"() {
        given:
        machine.virtual8086(iopl)

        expect:
        outcome { action(cpu, mem) } == (iopl == 3 || always ? 'ok' : '#GP(0)')

        where:
        [[name, action, always], iopl] << [[
            ['PUSHF', { cpu, mem -> Sys.pushf(cpu, mem, 16) }, false],
            ['POPF', { cpu, mem -> Sys.popf(cpu, mem, 16) }, false],
            ['INT n', { cpu, mem -> Sys.interrupt(cpu, 0x21, 0) }, false],
            ['IRET', { cpu, mem -> Far.iret(cpu, mem, 16) }, false],
            ['CLI', { cpu, mem -> Sys.cli(cpu) }, false],
            ['STI', { cpu, mem -> Sys.sti(cpu) }, false],
            ['INT3', { cpu, mem -> Sys.int3(cpu, 0) }, true],
        ], [0, 3]].combinations()
    }

    def "#name leaves the loop with vector #vector"() {
        given:
        cpu.setStatusFlags(Eflags.OF)

        when:
        action(cpu)

        then:
        cpu.leave == Leave.SOFTWARE_INTERRUPT
        cpu.leaveVector == vector
        cpu.leaveEip == 0x1234

        where:
        name    | action                           || vector
        'INT n' | { Sys.interrupt(it, 0x80, 0x1234) } || 0x80
        'INT3'  | { Sys.int3(it, 0x1234) }         || 3
        'INTO'  | { Sys.into(it, 0x1234) }         || 4
    }

    def "INT1 leaves the loop to have #DB raised, whatever its gate says"() {
        when:
        Sys.int1(cpu, 0x1234)

        then:
        [cpu.leave, cpu.leaveEip] == [Leave.INT1, 0x1234]
    }

    def "INTO without OF does nothing"() {
        when:
        Sys.into(cpu, 0x1234)

        then:
        cpu.leave == Leave.NONE
    }

    def "BOUND of #bits bits: #index in #low..#high is #expected"() {
        given:
        mem.write(Segment.DS, 0x500, low, bits)
        mem.write(Segment.DS, 0x500 + bits.intdiv(8), high, bits)

        expect:
        outcome { Sys.bound(cpu, mem, index, Segment.DS, 0x500, bits, 32) } == expected

        where:
        bits | index  | low | high || expected
        32   | 5      | 5   | 9    || 'ok'
        32   | 9      | 5   | 9    || 'ok'
        32   | 10     | 5   | 9    || '#BR(0)'
        32   | 4      | 5   | 9    || '#BR(0)'
        32   | -3     | -5  | 9    || 'ok'
        16   | 0xFFFD | -5  | 9    || 'ok'
        16   | 0xFFF0 | -5  | 9    || '#BR(0)'
    }

    def "HLT leaves the loop"() {
        when:
        Sys.hlt(cpu, 0x1234)

        then:
        cpu.leave == Leave.HALT
        cpu.leaveEip == 0x1234
    }

    def "CPUID answers in four registers"() {
        given:
        cpu.regs[CpuState.EAX] = 0

        when:
        Sys.cpuid(cpu)

        then:
        cpu.regs[0..3] == [2, 0x6C65746E, 0x49656E69, 0x756E6547]
    }

    def "RDTSC at CPL #cpl with CR4 #cr4 is #expected"() {
        given:
        mem.cpl = cpl
        cpu.cr4 = cr4
        cpu.timeStampCounter = { 0x1122334455667788L }

        expect:
        outcome { Sys.rdtsc(cpu) } == expected
        expected != 'ok' || cpu.regs[CpuState.EDX] == 0x11223344 && cpu.regs[CpuState.EAX] == 0x55667788

        where:
        cpl | cr4              || expected
        0   | 0                || 'ok'
        3   | 0                || 'ok'
        0   | CpuState.CR4_TSD || 'ok'
        1   | CpuState.CR4_TSD || '#GP(0)'
    }

    def "WRMSR moves the time-stamp counter, again and again"() {
        given:
        long ticks = 1000
        cpu.timeStampCounter = { ticks }
        cpu.regs[CpuState.ECX] = 0x10

        when:
        [0x100000005L, 7L].each {
            cpu.regs[CpuState.EAX] = it as int
            cpu.regs[CpuState.EDX] = (it >>> 32) as int
            Sys.wrmsr(cpu)
        }
        ticks += 3
        Sys.rdmsr(cpu)

        then:
        [cpu.regs[CpuState.EAX], cpu.regs[CpuState.EDX]] == [10, 0]
    }

    def "MSR #msr does not exist"() {
        given:
        cpu.regs[CpuState.ECX] = msr

        expect:
        outcome { Sys.rdmsr(cpu) } == '#GP(0)'
        outcome { Sys.wrmsr(cpu) } == '#GP(0)'

        where:
        msr << [0x1B, 0x174, 0xC0000080 as int]
    }

    def "RDPMC #counter at CPL #cpl with CR4 #cr4 is #expected"() {
        given:
        mem.cpl = cpl
        cpu.cr4 = cr4
        cpu.regs[CpuState.ECX] = counter

        expect:
        outcome { Sys.rdpmc(cpu) } == expected

        where:
        cpl | cr4    | counter || expected
        0   | 0      | 0       || 'ok'
        0   | 0      | 2       || '#GP(0)'
        3   | 0      | 0       || '#GP(0)'
        3   | 1 << 8 | 1       || 'ok'
    }
}
