package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('Task switches')
@See('Intel SDM vol. 3A, "Task Switching"')
class TasksSpec extends Specification {
    static final int OTHER = 0x40
    static final int OTHER_TSS = 0x5000
    static final int NEXT = 0x10007

    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    /** A task in user mode at 0x6000 with its stack at 0xA000. */
    def setup() {
        machine.descriptor(OTHER, OTHER_TSS, 0x67, 0x89, 0)
        put(28, 0)
        put(32, 0x6000)
        put(36, Eflags.IF | Eflags.FIXED)
        (0..7).each { put(40 + 4 * it, 0x100 + it) }
        put(40 + 4 * CpuState.ESP, 0xA000)
        [0x23, 0x1B, 0x23, 0x23, 0, 0x23].eachWithIndex { selector, i -> put(72 + 4 * i, selector) }
        put(96, 0)
        cpu.eip = NEXT
    }

    def "JMP to a TSS changes everything, and the way back restores it"() {
        given:
        cpu.regs[CpuState.EBX] = 0xB0B

        when:
        Far.jmp(cpu, mem, OTHER, 0, NEXT, 32)

        then:
        [cpu.cpl, cpu.eip, cpu.eflags()] == [3, 0x6000, Eflags.IF | Eflags.FIXED]
        machine.selectors() == [0x23, 0x1B, 0x23, 0x23, 0, 0x23]
        cpu.regs[0..7] == [0x100, 0x101, 0x102, 0x103, 0xA000, 0x105, 0x106, 0x107]
        [cpu.tr.selector, cpu.ldtr.selector] == [OTHER, 0]
        (cpu.cr0 & CpuState.CR0_TS) != 0
        types() == [0x89, 0x8B]

        when:
        mem.cpl = 0
        Tasks.jumpOrCall(cpu, mem, SmallMachine.TASK, false)

        then:
        [cpu.cpl, cpu.eip, cpu.regs[CpuState.EBX], cpu.regs[CpuState.ESP]] == [0, NEXT, 0xB0B, 0x9000]
        types() == [0x8B, 0x89]
    }

    def "CALL to a TSS links the tasks, and IRET goes back"() {
        when:
        Far.call(cpu, mem, OTHER, 0, NEXT, 32)

        then:
        (cpu.eflags() & Eflags.NT) != 0
        machine.physical.read16(OTHER_TSS) == SmallMachine.TASK
        types() == [0x8B, 0x8B]

        when:
        cpu.eip = 0x6002
        Far.iret(cpu, mem, 32)

        then:
        [cpu.cpl, cpu.eip, cpu.regs[CpuState.ESP]] == [0, NEXT, 0x9000]
        (cpu.eflags() & Eflags.NT) == 0
        types() == [0x8B, 0x89]
        machine.physical.read32(OTHER_TSS + 32) == 0x6002
        (machine.physical.read32(OTHER_TSS + 36) & Eflags.NT) == 0
    }

    def "an interrupt through a task gate calls the task, whose stack receives the error code"() {
        given:
        machine.idtGate(13, OTHER, 0, 0x85)

        when:
        Delivery.deliver(cpu, mem, 13, 0x1234, true, false, false)

        then:
        [cpu.cpl, cpu.eip, cpu.regs[CpuState.ESP]] == [3, 0x6000, 0xA000 - 4]
        machine.stack(1) == [0x1234]
        machine.physical.read16(OTHER_TSS) == SmallMachine.TASK
    }

    def "a task gate in the GDT (#access) is #expected"() {
        given:
        machine.gate(0x48, OTHER, 0, access)
        machine.user()

        expect:
        outcome { Far.call(cpu, mem, 0x4B, 0, NEXT, 32) } == expected

        where:
        access || expected
        0xE5   || 'ok'
        0x85   || '#GP(48)'
        0x65   || '#NP(48)'
    }

    def "a task whose #what is #value cannot be switched to: #expected"() {
        given:
        machine.segment(0x50, 0x7B)
        put(at, value)
        def before = machine.selectors()

        expect:
        outcome { Far.jmp(cpu, mem, OTHER, 0, NEXT, 32) } == expected
        machine.selectors() == before
        [cpu.cpl, cpu.eip, cpu.tr.selector, cpu.ldtr.selector] == [0, NEXT, SmallMachine.TASK, SmallMachine.LOCAL]
        types() == [0x8B, 0x89]

        where:
        what  | at          | value || expected
        'CS'  | 76          | 0     || '#TS(0)'
        'CS'  | 76          | 0x23  || '#TS(20)'
        'CS'  | 76          | 0x18  || '#TS(18)'
        'CS'  | 76          | 0x53  || '#NP(50)'
        'SS'  | 80          | 0x10  || '#TS(10)'
        'DS'  | 84          | 0x10  || '#TS(10)'
        'ES'  | 72          | 0x800 || '#TS(800)'
        'LDT' | 96          | 0x10  || '#TS(10)'
        'LDT' | 96          | 0x14  || '#TS(14)'
    }

    def "a TSS of #lengthBytes bytes, access #access, is #expected"() {
        given:
        machine.descriptor(OTHER, OTHER_TSS, lengthBytes - 1, access, 0)

        expect:
        outcome { Far.jmp(cpu, mem, OTHER, 0, NEXT, 32) } == expected

        where:
        lengthBytes | access || expected
        0x67        | 0x89   || '#TS(40)'
        0x68        | 0x09   || '#NP(40)'
        0x68        | 0x8B   || '#GP(40)'
        0x68        | 0x89   || 'ok'
    }

    def "a 16-bit task has half registers and no FS"() {
        given:
        machine.descriptor(OTHER, OTHER_TSS, 0x2B, 0x81, 0)
        def words = [0, 0, 0, 0, 0, 0, 0, 0x6000, 0x202, 0x100, 0x101, 0x102, 0x103, 0xA000, 0x105, 0x106, 0x107, 0x23, 0x1B, 0x23, 0x23, 0]
        words.eachWithIndex { word, i -> machine.physical.write16(OTHER_TSS + 2 * i, word) }

        when:
        Far.call(cpu, mem, OTHER, 0, NEXT, 32)

        then:
        [cpu.cpl, cpu.eip] == [3, 0x6000]
        cpu.regs[CpuState.EBX] == (0xFFFF0103 as int)
        machine.selectors() == [0x23, 0x1B, 0x23, 0x23, 0, 0]
        (machine.high(OTHER) & 0xFF00) == 0x8300

        when:
        Far.iret(cpu, mem, 32)

        then:
        [cpu.cpl, cpu.eip] == [0, NEXT]
        machine.physical.read16(OTHER_TSS + 14) == 0x6000
    }

    def "IRET with NT and no busy task behind link #link is #expected"() {
        given:
        cpu.setEflags(Eflags.NT)
        machine.physical.write16(SmallMachine.TSS, link)

        expect:
        outcome { Far.iret(cpu, mem, 32) } == expected

        where:
        link || expected
        0    || '#TS(0)'
        0x40 || '#TS(40)'
        0x44 || '#TS(44)'
        0x10 || '#TS(10)'
    }

    private void put(int offset, int value) {
        machine.physical.write32(OTHER_TSS + offset, value)
    }

    /** Access bytes of the first and the other task. */
    private List<Integer> types() {
        [SmallMachine.TASK, OTHER].collect { machine.high(it) >>> 8 & 0xFF }
    }
}
