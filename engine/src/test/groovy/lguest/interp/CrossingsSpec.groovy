package lguest.interp

import static lguest.cpu.CpuState.EAX
import static lguest.cpu.CpuState.EBX
import static lguest.cpu.CpuState.ECX
import static lguest.cpu.CpuState.ESP

import lguest.cpu.CpuState
import lguest.cpu.Leave
import lguest.cpu.Segment
import lguest.cpu.Vector
import lguest.sem.Delivery
import lguest.sem.SmallMachine
import spock.lang.Specification
import spock.lang.Title

@Title('INT, IRET and what loads segments lead from translated code to translated code, and other privilege counts there')
class CrossingsSpec extends Specification {
    static final int CODE = 0x10000
    static final int HANDLER = 0x11000
    static final int PRIVATE = 0xC000
    private static final int DIRECTORY = 0x20000
    private static final int TABLE = 0x21000
    private static final int PRESENT_WRITABLE = 3
    private static final int FOR_ALL = 7

    SmallMachine machine = new SmallMachine()
    CpuState cpu = machine.cpu

    def setup() {
        cpu.softwareInterrupts = { vector -> Delivery.software(cpu, machine.mem, vector) }
        machine.physical.write32(DIRECTORY, TABLE | FOR_ALL)
        256.times { machine.physical.write32(TABLE + 4 * it, it << 12 | (it << 12 == PRIVATE ? PRESENT_WRITABLE : FOR_ALL)) }
        cpu.cr3 = DIRECTORY
        cpu.cr0 |= 1 << 31
        machine.mem.flush()
        cpu.regs[EAX] = 0
    }

    private void code(int at, String hex) {
        byte[] bytes = hex.decodeHex()
        machine.physical.write(at, bytes, 0, bytes.length)
    }

    /**
     * Runs twice, so that what was translated the first time is entered the second.
     *
     * @param delivers INT n that is for whoever runs the processor
     * @return how many instructions were translated ones
     */
    private long twice(Engine engine, int instructions, boolean delivers = true) {
        def interpreter = engine.on(cpu, machine.mem)
        def before = new CpuState()
        before.copyFrom(cpu)
        2.times {
            long count = cpu.instructions
            cpu.copyFrom(before)
            cpu.instructions = count
            machine.mem.cpl = cpu.cpl
            interpreter.run(count + instructions, true)
            while (delivers && cpu.leave == Leave.SOFTWARE_INTERRUPT) {
                Delivery.deliver(cpu, machine.mem, cpu.leaveVector, 0, false, true, false)
                interpreter.run(count + instructions, true)
            }
        }
        interpreter.statistics().translated()
    }

    def "on the #engine, a program calls its system"() {
        given:
        // mov ecx,6; again: mov eax,ecx; int 80h; add ebx,eax; dec ecx; jnz again; jmp $
        code(CODE, 'b90600000089c8cd8001c34975f7ebfe')
        // push ds; push es; pusha; ds and es are the system's; call f; the answer into the frame; popa; pop es; pop ds; iret
        // f: lea eax,[eax*2+1]; ret
        code(HANDLER, '1e0660ba100000008eda8ec2e8080000008944241c61071fcf8d044501000000c3')
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, gate)
        machine.user()

        when:
        long translated = twice(engine, 200)

        then:
        cpu.regs[EBX] == 2 * 21 + 6
        cpu.cpl == 3
        cpu.eip == CODE + 14
        cpu.regs[ESP] == 0xA000
        cpu.segments[Segment.DS].selector == SmallMachine.DATA3
        cpu.leave == Leave.NONE
        engine == Engine.INTERPRETER || translated > 200

        where:
        [engine, gate] << [Engine.values(), [0xEE, 0xEF]].combinations()
    }

    def "on the #engine, #register that has another base is another segment from the next instruction on"() {
        given:
        machine.descriptor(SmallMachine.FREE, 0x100, 0xFFFFF, 0x93, 0xC)
        machine.physical.write32(0x5000, 1)
        machine.physical.write32(0x5100, 1000)
        code(CODE, hex)

        when:
        twice(engine, 100)

        then:
        cpu.regs[EAX] == 5000
        cpu.regs[EBX] == 5

        where:
        [engine, [register, hex]] << [Engine.values(), [
            ['DS', 'b905000000ba400000008eda030500500000ba100000008eda031d005000004975e3ebfe'],
            ['ES', 'b9050000006a4007260305005000006a100726031d005000004975e9ebfe'],
            ['FS', 'b9050000000fa0ba400000008ee2640305005000000fa164031d005000008ce64975e2ebfe']]].combinations()
    }

    def "on the #engine, code that goes on at CPL 3 where it was at CPL 0 has no more than CPL 3 may"() {
        given: 'it adds what is at 0xC000, some times, and comes back to itself by IRET, as a program'
        code(CODE, '030500c000004975f76a236800a000006a026a1b6800000100cf')
        def interpreter = engine.on(cpu, machine.mem)

        when:
        def ends = (1..3).collect {
            cpu.segments[Segment.CS].load(SmallMachine.CODE0, 0xFFFF, 0xCF9B00)
            cpu.segments[Segment.SS].load(SmallMachine.DATA0, 0xFFFF, 0xCF9300)
            cpu.segments[Segment.DS].load(SmallMachine.DATA3, 0xFFFF, 0xCFF300)
            machine.mem.cpl = 0
            cpu.eip = CODE
            cpu.regs[ECX] = 5
            cpu.regs[ESP] = 0x9000
            def end = interpreter.run(cpu.instructions + 100, true)
            [end, interpreter.fault()?.message, cpu.cpl, cpu.eip, cpu.regs[ESP]]
        }

        then:
        ends == [[Interpreter.End.FAULT, '#PF(5)', 3, CODE, 0xA000]] * 3

        where:
        engine << Engine.values()
    }

    def "on the #engine, a call comes back although there was an interrupt in what it called"() {
        given:
        // mov ecx,5; again: call f; add ebx,eax; dec ecx; jnz again; jmp $; f: mov eax,ecx; int 81h; inc eax; ret
        code(CODE, 'b905000000e80700000001c34975f6ebfe89c8cd8140c3')
        // add eax,10; iret
        code(HANDLER, '83c00acf')
        machine.idtGate(0x81, SmallMachine.CODE0, HANDLER, 0x8E)

        when:
        twice(engine, 200)

        then:
        cpu.regs[EBX] == 15 + 5 * 11
        cpu.eip == CODE + 15
        cpu.regs[ESP] == 0x9000

        where:
        engine << Engine.values()
    }

    def "on the #engine, an IRET that sets TF is the last instruction before somebody looks"() {
        given: 'push 102h; push 8; push 10010h; iret'
        code(CODE, '68020100006a086810000100cf')
        code(CODE + 0x10, '40404040ebfe')

        when:
        twice(engine, 100)

        then:
        cpu.eip == CODE + 0x10
        cpu.regs[EAX] == 0
        cpu.instructions == 2 * 4

        where:
        engine << Engine.values()
    }

    def "on the #engine, INT through #what is for whoever runs the processor"() {
        given:
        code(CODE, '4040cd80ebfe')
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, access)
        machine.user()

        when:
        twice(engine, 100, false)

        then:
        cpu.leave == Leave.SOFTWARE_INTERRUPT
        cpu.leaveVector == 0x80
        cpu.leaveEip == CODE + 2
        cpu.eip == CODE + 4
        cpu.cpl == 3
        cpu.instructions == 2 * 3

        where:
        [engine, [what, access]] << [Engine.values(), [
            ['no gate', 0], ['one of the system', 0x8E], ['a task gate', 0xE5], ['an absent gate', 0x6E]]].combinations()
    }

    def "on the #engine, INT finds the stack where the TLB does, though the tables have it no more"() {
        given: 'again: int 80h'
        code(CODE, 'cd80')
        // inc ebx; mov [8000h],eax; its entry is no more; invlpg [7000h]; mov esp,8004h; jmp again
        code(HANDLER, '43a300800000c70520100200000000000f013d00700000bc04800000e9dfefffff')
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x8E)

        when:
        twice(engine, 10 * 7)

        then:
        cpu.eip == CODE
        cpu.regs[EBX] == 10
        cpu.regs[ESP] == 0x8004
        machine.physical.read32(0x7FF8) == CODE + 2

        where:
        engine << Engine.values()
    }

    def "on the #engine, who watches the IDT hears once of the gate of an INT that faults"() {
        given:
        def heard = []
        code(CODE, 'cd80')
        code(HANDLER, 'ebfe')
        machine.idtGate(0x80, SmallMachine.CODE0, HANDLER, 0x0E)
        machine.idtGate(Vector.NP, SmallMachine.CODE0, HANDLER, 0x8E)
        machine.mem.watch([SmallMachine.IDT >>> 12] as int[]) { linear, bits, value, write -> heard << linear - SmallMachine.IDT }

        when:
        twice(engine, 20)

        then:
        cpu.eip == HANDLER
        heard == [8 * 0x80, 8 * 0x80 + 4, 8 * Vector.NP, 8 * Vector.NP + 4] * 2

        where:
        engine << Engine.values()
    }
}
