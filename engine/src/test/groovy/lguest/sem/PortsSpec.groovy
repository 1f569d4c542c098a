package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Leave
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('I/O ports')
@See('Intel SDM vol. 1, "Input/Output"')
class PortsSpec extends Specification {
    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    /** The bitmap begins at offset 0x68 and closes ports 0x10, 0x3F8 and 0x407; its last byte is that of port 0x400. */
    private void bitmap(int limit = 0x68 + 0x80 + 1) {
        machine.descriptor(0x40, 0x4000, limit, 0x89, 0)
        machine.physical.write16(0x4066, 0x68)
        machine.physical.write8(0x4068 + 2, 1)
        machine.physical.write8(0x4068 + 0x7F, 1)
        machine.physical.write8(0x4068 + 0x80, 0x80)
        machine.physical.write8(0x4068 + 0x81, 0xFF)
        Segments.ltr(cpu, 0x40)
    }

    def "#bits bits of port #port at CPL #cpl, IOPL #iopl: #expected"() {
        given:
        bitmap()
        mem.cpl = cpl
        cpu.setEflags(iopl << 12)

        expect:
        outcome { Ports.in(cpu, mem, port, bits, 0x1234) } == expected
        outcome { Ports.out(cpu, mem, port, 0, bits, 0x1234) } == expected

        where:
        cpl | iopl | port   | bits || expected
        0   | 0    | 0x10   | 8    || 'ok'
        1   | 1    | 0x10   | 8    || 'ok'
        3   | 3    | 0x10   | 8    || 'ok'
        3   | 0    | 0x10   | 8    || '#GP(0)'
        1   | 0    | 0x10   | 8    || '#GP(0)'
        3   | 2    | 0x11   | 8    || 'ok'
        3   | 0    | 0x0F   | 8    || 'ok'
        3   | 0    | 0x0F   | 16   || '#GP(0)'
        3   | 0    | 0x0E   | 16   || 'ok'
        3   | 0    | 0x0D   | 32   || '#GP(0)'
        3   | 0    | 0x0C   | 32   || 'ok'
        3   | 0    | 0x3F5  | 32   || '#GP(0)'
        3   | 0    | 0x406  | 8    || 'ok'
        3   | 0    | 0x406  | 16   || '#GP(0)'
        3   | 0    | 0x408  | 8    || '#GP(0)'
        3   | 0    | 0xFFFF | 8    || '#GP(0)'
    }

    def "a TSS of #what holds no bitmap"() {
        given:
        bitmap(limit)
        cpu.tr.access = access
        mem.cpl = 3

        expect:
        outcome { Ports.in(cpu, mem, 0, 8, 0) } == expected

        where:
        what                    | limit | access || expected
        'full length'           | 0xE9  | 0x8B00 || 'ok'
        'two bytes of bitmap'   | 0x69  | 0x8B00 || 'ok'
        'one byte of bitmap'    | 0x68  | 0x8B00 || '#GP(0)'
        'no bitmap offset'      | 0x66  | 0x8B00 || '#GP(0)'
        '16 bits'               | 0xE9  | 0x8300 || '#GP(0)'
        'nobody'                | 0xE9  | 0      || '#GP(0)'
    }

    def "in virtual-8086 mode IOPL 3 opens nothing"() {
        given:
        bitmap()
        machine.virtual8086(3)

        expect:
        outcome { Ports.in(cpu, mem, 0x10, 8, 0) } == '#GP(0)'
        outcome { Ports.in(cpu, mem, 0x11, 8, 0) } == 'ok'
    }

    def "IN of #bits bits asks, and completes in #eax"() {
        given:
        cpu.regs[CpuState.EAX] = 0x11223344

        when:
        Ports.in(cpu, mem, 0x3F8, bits, 0x1234)

        then:
        [cpu.leave, cpu.leavePort, cpu.leaveBits, cpu.leaveEip] == [Leave.PORT_IN, 0x3F8, bits, 0x1234]

        when:
        Ports.completeIn(cpu, 0xAABBCCDD as int)

        then:
        cpu.regs[CpuState.EAX] == eax as int

        where:
        bits || eax
        8    || 0x112233DD
        16   || 0x1122CCDD
        32   || 0xAABBCCDD
    }

    def "OUT hands the value over"() {
        when:
        Ports.out(cpu, mem, 0xE9, 0x41, 8, 0x1234)

        then:
        [cpu.leave, cpu.leavePort, cpu.leaveBits, cpu.leaveValue] == [Leave.PORT_OUT, 0xE9, 8, 0x41]
    }

    def "INS of #bits bits, repeat #repeat, ECX #ecx, DF #df: EDI #edi, ECX #left, again #again"() {
        given:
        cpu.regs[CpuState.EDI] = 0x600
        cpu.regs[CpuState.ECX] = ecx
        cpu.setEflags(df ? Eflags.DF : 0)
        cpu.eip = 0x1236

        when:
        Ports.ins(cpu, mem, 0x1F0, bits, 32, repeat, 0x1234)

        then:
        cpu.leave == (asked ? Leave.PORT_IN_STRING : Leave.NONE)
        cpu.regs[CpuState.EDI] == edi
        cpu.regs[CpuState.ECX] == left
        (cpu.eip == 0x1234) == again

        when:
        asked && Ports.completeIns(cpu, mem, 0x44332211)

        then:
        mem.read32(0x600) == (asked ? value : 0)

        where:
        bits | repeat | ecx | df    || asked | edi   | left | again | value
        8    | 0      | 9   | false || true  | 0x601 | 9    | false | 0x11
        16   | 0      | 9   | false || true  | 0x602 | 9    | false | 0x2211
        32   | 2      | 9   | false || true  | 0x604 | 8    | true  | 0x44332211
        32   | 2      | 1   | true  || true  | 0x5FC | 0    | false | 0x44332211
        8    | 2      | 0   | false || false | 0x600 | 0    | false | 0
    }

    def "INS with 16-bit addresses uses DI and CX alone"() {
        given:
        cpu.regs[CpuState.EDI] = 0x1FFFF
        cpu.regs[CpuState.ECX] = 0x30001

        when:
        Ports.ins(cpu, mem, 0x60, 8, 16, 2, 0x1234)
        Ports.completeIns(cpu, mem, 0x77)

        then:
        cpu.regs[CpuState.EDI] == 0x10000
        cpu.regs[CpuState.ECX] == 0x30000
        mem.read8(0xFFFF) == 0x77
    }

    def "INS asks no port when its destination faults"() {
        given:
        Segments.load(cpu, mem, Segment.ES, 0)

        expect:
        outcome { Ports.ins(cpu, mem, 0x60, 8, 32, 0, 0x1234) } == '#GP(0)'
        cpu.leave == Leave.NONE
    }

    def "OUTS reads through the given segment"() {
        given:
        cpu.regs[CpuState.ESI] = 0x700
        cpu.regs[CpuState.ECX] = 2
        mem.write16(Segment.FS, 0x700, 0xBEEF)

        when:
        Ports.outs(cpu, mem, 0x1F0, Segment.FS, 16, 32, 2, 0x1234)

        then:
        [cpu.leave, cpu.leavePort, cpu.leaveBits, cpu.leaveValue] == [Leave.PORT_OUT, 0x1F0, 16, 0xBEEF]
        [cpu.regs[CpuState.ESI], cpu.regs[CpuState.ECX], cpu.eip] == [0x702, 1, 0x1234]
    }
}
