package lguest.interp

import lguest.cpu.CpuDifference
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.GuestKilled
import lguest.cpu.Leave
import lguest.sem.Delivery
import lguest.sem.SmallMachine
import spock.lang.Specification
import spock.lang.Title

@Title('INT, IRET and loads of segments go by the tables as they are, not as they were when they went there before')
class ChangedTablesSlowSpec extends Specification {
    private static final int CODE = 0x10000
    private static final int HANDLER = 0x11000
    private static final int OTHER_HANDLER = 0x12000
    private static final int OTHER_DATA = SmallMachine.FREE
    /** What the handler writes to. */
    private static final int SYSTEM_STACK = 0x7FC0
    private static final int COUNT = 0x5000
    private static final int INSTRUCTIONS = 100

    /** A program that calls its system again and again. */
    private static SmallMachine machine() {
        def machine = new SmallMachine()
        machine.cpu.softwareInterrupts = { vector -> Delivery.software(machine.cpu, machine.mem, vector) }
        // again: int 80h; inc ebx; jmp again
        code(machine, CODE, 'cd8043ebfb')
        // push ds; mov edx,DATA0; mov ds,edx; inc dword [5000h]; pop ds; iret
        code(machine, HANDLER, '1eba100000008edaff05005000001fcf')
        // add ecx,100; iret
        code(machine, OTHER_HANDLER, '83c164cf')
        machine.segment(OTHER_DATA, 0x93)
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0xEF)
        machine.user()
        machine.cpu.setEflags(machine.cpu.eflags() | Eflags.IF)
        machine
    }

    private static void code(SmallMachine machine, int at, String hex) {
        byte[] bytes = hex.decodeHex()
        machine.physical.write(at, bytes, 0, bytes.length)
    }

    /** How it ends, with all that came of it. */
    private static List run(Interpreter interpreter, SmallMachine machine) {
        def cpu = machine.cpu
        long begun = cpu.instructions
        String end = "${interpreter.run(begun + INSTRUCTIONS, true)}"
        try {
            while (cpu.leave == Leave.SOFTWARE_INTERRUPT) {
                Delivery.deliver(cpu, machine.mem, cpu.leaveVector, 0, false, true, false)
                end = interpreter.run(begun + INSTRUCTIONS, true)
            }
        } catch (GuestKilled killed) {
            end = killed.message
        }
        cpu.instructions -= begun
        byte[] memory = new byte[1 << 20]
        machine.physical.read(0, memory, 0, memory.length)
        def state = new CpuState()
        state.copyFrom(cpu)
        ["$end ${interpreter.fault()?.message}", Arrays.hashCode(memory), state]
    }

    /** What is different between two ends, if anything. */
    private static String difference(List one, List other) {
        one[0..1] == other[0..1] ? CpuDifference.between(one[2] as CpuState, other[2] as CpuState) : "${one[0..1]}, not ${other[0..1]}"
    }

    private static List fresh(Closure change) {
        def machine = machine()
        change(machine)
        run(new Interpreter(machine.cpu, machine.mem), machine)
    }

    /** Where one ends that has been there, several times, before something is changed. */
    private static List again(Engine engine, Closure change) {
        def machine = machine()
        def before = new CpuState()
        before.copyFrom(machine.cpu)
        def interpreter = engine.on(machine.cpu, machine.mem)
        2.times {
            run(interpreter, machine)
            machine.cpu.copyFrom(before)
            machine.mem.cpl = 3
            [SYSTEM_STACK, COUNT].each { at -> 0x40.times { machine.physical.write8(at + it, 0) } }
        }
        change(machine)
        run(interpreter, machine)
    }

    def "on the #engine, #what: it goes where one goes that was never there before"() {
        when:
        def expected = fresh(change)

        then:
        difference(again(engine, change), expected) == null

        and: 'which is not where it went before'
        difference(expected, fresh { }) != null

        where:
        [engine, [what, change]] << [Engine.values(), [
            ['the gate has another handler', { it.idtGate(0x80, SmallMachine.CODE0, OTHER_HANDLER, 0xEF) }],
            ['the gate is an interrupt gate', { it.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0xEE) }],
            ['the gate is of 16 bits', { it.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0xE7) }],
            ['the gate is the system\'s own', { it.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x8F) }],
            ['the gate is absent', { it.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x6F) }],
            ['the IDT is shorter', { it.cpu.idtLimit = 0x406 }],
            ['the handler\'s code is absent', { it.segment(SmallMachine.CODE0, 0x1B) }],
            ['the handler\'s code conforms', { it.segment(SmallMachine.CODE0, 0x9F) }],
            ['the handler\'s code is short', { it.descriptor(SmallMachine.CODE0, 0, 0x10FFF, 0x9B, 0x4) }],
            ['the handler\'s code is of 16 bits', { it.descriptor(SmallMachine.CODE0, 0, 0xFFFFF, 0x9B, 0x8) }],
            ['the system\'s stack is elsewhere', { it.physical.write32(SmallMachine.TSS + 4, 0x7FF0) }],
            ['the system\'s stack is another segment', { it.physical.write32(SmallMachine.TSS + 8, OTHER_DATA) }],
            ['the system\'s stack is the program\'s', { it.physical.write32(SmallMachine.TSS + 8, SmallMachine.DATA3) }],
            ['the TSS is shorter', { it.cpu.tr.limit = 8 }],
            ['the TSS is of 16 bits', { it.cpu.tr.access = 0x8300 }],
            ['the system\'s data are absent', { it.segment(SmallMachine.DATA0, 0x13) }],
            ['the system\'s data can only be read', { it.segment(SmallMachine.DATA0, 0x91) }],
            ['the system\'s data begin elsewhere', { it.descriptor(SmallMachine.DATA0, 4, 0xFFFFF, 0x93, 0xC) }],
            ['the program\'s code is absent', { it.segment(SmallMachine.CODE3, 0x7B) }],
            ['the program\'s code is the system\'s', { it.segment(SmallMachine.CODE3, 0x9B) }],
            ['the program\'s code is short', { it.descriptor(SmallMachine.CODE3, 0, 0x10001, 0xFB, 0x4) }],
            ['the program\'s data are absent', { it.segment(SmallMachine.DATA3, 0x73) }],
            ['the program\'s stack is of 16 bits', { it.descriptor(SmallMachine.DATA3, 0, 0xFFFFF, 0xF3, 0x8) }],
            ['the GDT is shorter', { it.cpu.gdtLimit = SmallMachine.DATA3 & ~7 }],
            ['the GDT is elsewhere', { moved(it) }]]].combinations()
    }

    def "on the #engine, what is loaded again is accessed again"() {
        expect:
        difference(again(engine) { it.segment(SmallMachine.DATA0, 0x92) }, fresh { }) == null

        where:
        engine << Engine.values()
    }

    /** The same table at another address, but for the handler's code, which has no read right there. */
    private static void moved(SmallMachine machine) {
        byte[] table = new byte[0x100]
        machine.physical.read(SmallMachine.GDT, table, 0, table.length)
        table[SmallMachine.CODE0 + 5] = 0x99 as byte
        machine.physical.write(0xE000, table, 0, table.length)
        machine.cpu.gdtBase = 0xE000
    }
}
