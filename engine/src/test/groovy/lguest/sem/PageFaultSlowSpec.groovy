package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

/**
 * One page is missing. Operands of many bytes reach into it from every distance: below it, or above it where they grow downwards.
 * Whatever has happened in memory by then, registers are as before, so that the instruction can be executed again.
 */
@Title('A page fault in the middle of an instruction leaves registers as they were')
@See('Intel SDM vol. 3A, "Interrupt 14 - Page-Fault Exception", "Restarting Program or Task After an Exception"')
class PageFaultSlowSpec extends Specification {
    static final int HOLE = 0x40000
    static final int HOLE_END = 0x41000
    private static final int DIRECTORY = 0x60000
    private static final int TABLE = 0x61000
    private static final int NEXT = 0x10007
    private static final int REPEAT = 2
    private static final int GATE = SmallMachine.FREE
    private static final int OTHER = SmallMachine.FREE + 8
    private static final int OTHER_TSS = 0x5000
    private static final int READ_ONLY_TSS = 0x30000

    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    def setup() {
        cpu.model = CpuModel.PENTIUM4
        cpu.cr4 = CpuState.CR4_OSFXSR
        machine.physical.write32(DIRECTORY, TABLE | 7)
        (0..<256).each { map(it << 12, it << 12 | 7) }
        map(HOLE, 0)
        cpu.cr3 = DIRECTORY
        cpu.cr0 |= CpuState.CR0_PG
        mem.flush()
        machine.user()
        (0..7).each { cpu.regs[it] = 0x10101010 * it }
        cpu.regs[CpuState.EBP] = 0x9800
        cpu.eip = NEXT
    }

    private void map(int page, int entry) {
        machine.physical.write32(TABLE + (page >>> 12) * 4, entry)
    }

    def "#what pushes #elements below ESP; #above bytes of stack are there"() {
        given:
        cpu.regs[CpuState.ESP] = HOLE_END + above
        def before = state()

        expect:
        outcome { action(cpu, mem) } == '#PF(6)'
        cpu.cr2 == HOLE_END + above + elements.find { above + it < 0 }
        state() == before

        where:
        [[what, elements, action], above] << [
            ['PUSHA, 32 bits', pushes(4, 8), { cpu, mem -> Stack.pusha(cpu, mem, 32) }],
            ['PUSHA, 16 bits', pushes(2, 8), { cpu, mem -> Stack.pusha(cpu, mem, 16) }],
            ['CALL FAR, 32 bits', pushes(4, 2), { cpu, mem -> Far.call(cpu, mem, SmallMachine.CODE3, 0x6000, NEXT, 32) }],
            ['CALL FAR, 16 bits', pushes(2, 2), { cpu, mem -> Far.call(cpu, mem, SmallMachine.CODE3, 0x6000, NEXT, 16) }],
            *[0, 1, 2, 5, 31].collect { level ->
                // A frame of 8 bytes, whose end must be there, too.
                ["ENTER 8,$level", pushes(4, level + 1) + [-4 * (level + 1) - 8], { cpu, mem -> Stack.enter(cpu, mem, 8, level, 32) }]
            },
        ].collectMany { row -> (0..<-row[1].last()).collect { [row, it] } }
    }

    def "#what pops #elements bytes; #below of them are there"() {
        given:
        cpu.regs[CpuState.ESP] = HOLE - below
        (0..<below).each { mem.write8(HOLE - below + it, it in [4, 5] ? SmallMachine.CODE3 >> 8 * (it - 4) : 0) }
        def before = state()

        expect:
        outcome { action(cpu, mem) } == '#PF(4)'
        cpu.cr2 >>> 12 == HOLE >>> 12
        state() == before

        where:
        [[what, elements, action], below] << [
            ['POPA, 32 bits', 32, { cpu, mem -> Stack.popa(cpu, mem, 32) }],
            ['POPA, 16 bits', 16, { cpu, mem -> Stack.popa(cpu, mem, 16) }],
            // Of a selector's slot only two bytes are read.
            ['RETF', 6, { cpu, mem -> Far.ret(cpu, mem, 32) }],
            ['IRET', 12, { cpu, mem -> Far.iret(cpu, mem, 32) }],
        ].collectMany { row -> (0..<row[1]).collect { [row, it] } }
    }

    def "an outer stack of which #there bytes are there has no parameters for a call gate"() {
        given:
        machine.gate(GATE, SmallMachine.CODE0, 0x6000, 0xEC, 3)
        cpu.regs[CpuState.ESP] = HOLE - there
        def before = state()

        expect:
        outcome { Far.call(cpu, mem, GATE | 3, 0, NEXT, 32) } == '#PF(4)'
        cpu.cr2 == HOLE
        state() == before

        where:
        there << (0..<12)
    }

    def "an inner stack of which #there bytes are there cannot be entered through a call gate"() {
        given:
        machine.gate(GATE, SmallMachine.CODE0, 0x6000, 0xEC, 3)
        machine.physical.write32(SmallMachine.TSS + 4, HOLE_END + there)
        cpu.regs[CpuState.ESP] = 0xA000
        def before = state()

        expect: 'SS, ESP, three parameters, CS, EIP'
        outcome { Far.call(cpu, mem, GATE | 3, 0, NEXT, 32) } == '#PF(2)'
        cpu.cr2 >>> 12 == HOLE >>> 12
        state() == before

        where:
        there << (0..<28)
    }

    def "REP #name of #bits bits, #way: element #element begins #offset bytes before or in the missing page"() {
        given: 'twenty elements'
        int bytes = bits / 8
        int step = up ? bytes : -bytes
        int start = up ? HOLE - element * bytes - offset : HOLE_END - bytes + offset + element * bytes
        cpu.setEflags(up ? 0 : Eflags.DF)
        cpu.regs[CpuState.ECX] = 20
        cpu.regs[CpuState.ESI] = reads ? start : 0x20800
        cpu.regs[CpuState.EDI] = writes ? start : 0x30800
        // All zeroes, as all memory is.
        cpu.regs[CpuState.EAX] = 0
        def before = state()

        expect: 'everything up to that element has happened, and nothing of it'
        outcome { repeat(action, bits) } == (name in ['MOVS', 'STOS'] && writes ? '#PF(6)' : '#PF(4)')
        cpu.cr2 == (up ? HOLE : HOLE_END - bytes + offset)
        cpu.regs[CpuState.ECX] == 20 - element
        cpu.regs[CpuState.ESI] == before.regs[CpuState.ESI] + (usesSource ? element * step : 0)
        cpu.regs[CpuState.EDI] == before.regs[CpuState.EDI] + (usesDestination ? element * step : 0)
        // RF says that a repeated string instruction has begun, and is pushed by a page fault anyway.
        (cpu.eflags() & ~Eflags.RF) == before.eflags

        when: 'the system has found the page'
        map(HOLE, HOLE | 7)
        mem.flush()

        then: 'it goes on from there'
        outcome { repeat(action, bits) } == 'ok'
        cpu.regs[CpuState.ECX] == 0
        cpu.regs[CpuState.ESI] == before.regs[CpuState.ESI] + (usesSource ? 20 * step : 0)
        cpu.regs[CpuState.EDI] == before.regs[CpuState.EDI] + (usesDestination ? 20 * step : 0)

        where:
        [[name, reads, writes, action], bits, up, element, at] << [[
            ['MOVS', true, false, { cpu, mem, bits -> Strings.movs(cpu, mem, Segment.DS, bits, 32, REPEAT, NEXT) }],
            ['MOVS', false, true, { cpu, mem, bits -> Strings.movs(cpu, mem, Segment.DS, bits, 32, REPEAT, NEXT) }],
            ['STOS', false, true, { cpu, mem, bits -> Strings.stos(cpu, mem, bits, 32, REPEAT, NEXT) }],
            ['LODS', true, false, { cpu, mem, bits -> Strings.lods(cpu, mem, Segment.DS, bits, 32, REPEAT, NEXT) }],
            ['SCAS', false, true, { cpu, mem, bits -> Strings.scas(cpu, mem, bits, 32, REPEAT, NEXT) }],
            ['CMPS', true, false, { cpu, mem, bits -> Strings.cmps(cpu, mem, Segment.DS, bits, 32, REPEAT, NEXT) }],
            ['CMPS', false, true, { cpu, mem, bits -> Strings.cmps(cpu, mem, Segment.DS, bits, 32, REPEAT, NEXT) }],
        ], [8, 16, 32], [true, false], [0, 1, 7], [0, 1, 3]].combinations()
        offset = at % (bits.intdiv(8))
        way = up ? 'upwards' : 'downwards'
        usesSource = name in ['MOVS', 'LODS', 'CMPS']
        usesDestination = name != 'LODS'
    }

    def "#what: #there of #bytes bytes are there"() {
        given:
        3.times { X87Constants.fldpi(cpu, 0) }
        cpu.simd.file[20] = 0x1234567890ABCDEFL
        int at = HOLE - there
        (at..<HOLE).each { mem.write8(it, 0x55) }
        def before = state()

        expect:
        outcome { action(cpu, mem, at) } == (stores ? '#PF(6)' : '#PF(4)')
        cpu.cr2 == HOLE
        state() == before
        (at..<HOLE).every { mem.read8(it) == 0x55 }

        where:
        [[what, bytes, stores, action, step], there] << [
            ['FNSAVE, 32 bits', 108, true, { cpu, mem, to -> X87Control.fnsave(cpu, mem, Segment.DS, to, 32) }, 1],
            ['FNSAVE, 16 bits', 94, true, { cpu, mem, to -> X87Control.fnsave(cpu, mem, Segment.DS, to, 16) }, 1],
            ['FRSTOR, 32 bits', 108, false, { cpu, mem, to -> X87Control.frstor(cpu, mem, Segment.DS, to, 32) }, 1],
            ['FRSTOR, 16 bits', 94, false, { cpu, mem, to -> X87Control.frstor(cpu, mem, Segment.DS, to, 16) }, 1],
            ['FNSTENV, 32 bits', 28, true, { cpu, mem, to -> X87Control.fnstenv(cpu, mem, Segment.DS, to, 32) }, 1],
            ['FLDENV, 16 bits', 14, false, { cpu, mem, to -> X87Control.fldenv(cpu, mem, Segment.DS, to, 16) }, 1],
            ['FXSAVE', 512, true, { cpu, mem, to -> X87Control.fxsave(cpu, mem, Segment.DS, to) }, 16],
            ['FXRSTOR', 512, false, { cpu, mem, to -> X87Control.fxrstor(cpu, mem, Segment.DS, to) }, 16],
            ['FSTP of 80 bits', 10, true, { cpu, mem, to -> X87Store.fstpM80(cpu, mem, Segment.DS, to, 0) }, 1],
            ['FBSTP', 10, true, { cpu, mem, to -> X87Store.fbstp(cpu, mem, Segment.DS, to, 0) }, 1],
            ['FLD of 80 bits', 10, false, { cpu, mem, to -> X87Load.fldM80(cpu, mem, Segment.DS, to, 0) }, 1],
            ['CMPXCHG8B', 8, true, { cpu, mem, to -> Alu.cmpxchg8b(cpu, mem, Segment.DS, to) }, 1],
        ].collectMany { row -> (0..<row[1]).step(row[4]).collect { [row, it] } }
    }

    def "a task of whose TSS #there bytes are there cannot be switched to"() {
        given:
        otherTask(HOLE - there)
        def before = state()

        expect:
        outcome { Far.jmp(cpu, mem, OTHER, 0, NEXT, 32) } == '#PF(0)'
        cpu.cr2 >>> 12 == HOLE >>> 12
        state() == before
        [SmallMachine.TASK, OTHER].collect { machine.high(it) >>> 8 & 0xFF } == [0x8B, 0x89]

        where:
        there << (0..96).step(4)
    }

    def "a task of whose TSS #there bytes are there cannot be left"() {
        given:
        otherTask(OTHER_TSS)
        machine.descriptor(SmallMachine.TASK, HOLE - there, 0x67, 0x89, 0)
        cpu.tr.base = HOLE - there
        def before = state()
        def tss = (0..<there).collect { machine.physical.read8(HOLE - there + it) }

        expect:
        outcome { Far.jmp(cpu, mem, OTHER, 0, NEXT, 32) } == '#PF(2)'
        cpu.cr2 >>> 12 == HOLE >>> 12
        state() == before
        (0..<there).collect { machine.physical.read8(HOLE - there + it) } == tss

        where:
        there << (0..92).step(4) + [93]
    }

    def "a task whose TSS is read-only can be jumped to, but not called, which writes the link"() {
        given:
        otherTask(READ_ONLY_TSS)
        map(READ_ONLY_TSS, READ_ONLY_TSS | 5)
        cpu.cr0 |= CpuState.CR0_WP
        mem.flush()
        def before = state()

        expect:
        outcome { Far.call(cpu, mem, OTHER, 0, NEXT, 32) } == '#PF(3)'
        cpu.cr2 == READ_ONLY_TSS
        state() == before
        outcome { Far.jmp(cpu, mem, OTHER, 0, NEXT, 32) } == 'ok'
        cpu.tr.selector == OTHER
    }

    /** In the system's hands: at CPL 0, with a TSS that may lie across pages. */
    private void otherTask(int base) {
        mem.cpl = 0
        [Segment.CS, Segment.SS].each { cpu.segments[it].load(it == Segment.CS ? 8 : 0x10, 0xFFFF, it == Segment.CS ? 0xCF9B00 : 0xCF9300) }
        machine.descriptor(OTHER, base, 0x67, 0x89, 0)
        def words = [(28): DIRECTORY, (32): 0x6000, (36): 2, (72): 0x23, (76): 0x1B, (80): 0x23, (84): 0x23]
        words.each { offset, word -> machine.physical.write32(base + offset, word) }
        mem.flush()
    }

    /** Until the count is used up, or a fault. */
    private void repeat(Closure action, int bits) {
        while (cpu.regs[CpuState.ECX] != 0) {
            action(cpu, mem, bits)
        }
    }

    private Map<String, Object> state() {
        [regs: cpu.regs.toList(), eip: cpu.eip, eflags: cpu.eflags(), selectors: machine.selectors(), cpl: cpu.cpl, cr3: cpu.cr3,
         tr: cpu.tr.selector, ldtr: cpu.ldtr.selector, x87: [cpu.fpu.control, cpu.fpu.status, cpu.fpu.top, cpu.fpu.empty,
         cpu.fpu.signExponent.toList(), cpu.fpu.significand.toList()], simd: cpu.simd.file.toList()]
    }

    private static List<Integer> pushes(int bytes, int count) {
        (1..count).collect { -bytes * it }
    }
}
