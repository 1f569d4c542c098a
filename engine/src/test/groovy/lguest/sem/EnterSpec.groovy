package lguest.sem

import lguest.cpu.CpuState
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('ENTER on a stack of 64 KiB moves SP, and takes all of ESP for the frame pointer')
@See('Intel SDM vol. 2A, ENTER')
class EnterSpec extends Specification {
    def machine = new SmallMachine()
    def cpu = machine.cpu

    /** Expectations are what the processor does with such a stack in an LDT. */
    def "ENTER 4, #level with #bits bits: ESP #esp, EBP #ebp, on the stack #pushed"() {
        given:
        machine.descriptor(SmallMachine.FREE, 0, 0xFFFF, 0x93, 0)
        Segments.load(cpu, machine.mem, Segment.SS, SmallMachine.FREE)
        cpu.regs[CpuState.ESP] = 0x5000F000
        cpu.regs[CpuState.EBP] = 0x7000E000

        when:
        Stack.enter(cpu, machine.mem, 4, level, bits)

        then:
        cpu.regs[CpuState.ESP] == esp
        cpu.regs[CpuState.EBP] == ebp
        [0xEFFC, 0xEFF8, 0xEFF4].collect { machine.physical.read32(it) } == pushed

        where:
        bits | level || esp        | ebp        | pushed
        32   | 0     || 0x5000EFF8 | 0x5000EFFC | [0x7000E000, 0, 0]
        32   | 1     || 0x5000EFF4 | 0x5000EFFC | [0x7000E000, 0x5000EFFC, 0]
        32   | 2     || 0x5000EFF0 | 0x5000EFFC | [0x7000E000, 0, 0x5000EFFC]
        16   | 0     || 0x5000EFFA | 0x7000EFFE | [0xE0000000 as int, 0, 0]
        16   | 2     || 0x5000EFF6 | 0x7000EFFE | [0xE0000000 as int, 0xEFFE0000 as int, 0]
    }
}
