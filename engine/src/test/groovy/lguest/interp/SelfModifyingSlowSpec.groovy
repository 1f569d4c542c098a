package lguest.interp

import lguest.cpu.CpuState
import lguest.mem.PageDevice
import spock.lang.Specification
import spock.lang.Title

@Title('Code that changes while it runs')
class SelfModifyingSlowSpec extends Specification {
    private static final int CODE = CodeBench.CODE
    private static final int PAGE = 0x1000
    private static final int OTHER_ADDRESS = CodeBench.ALIAS
    /** {@code mov eax, 0x11} and what is never reached. */
    private static final String VICTIM = 'B8 11 00 00 00' + ' 00' * 8

    /** Ways to make 0x55 of the 0x11 at EDI, given {@link #registers}. */
    private static final Map<String, String> WRITERS = [
        'MOV byte'  : 'C6 07 55',
        'MOV word'  : '66 C7 07 55 00',
        'MOV dword' : '89 1F',
        'ADD'       : '80 07 44',
        'OR dword'  : '83 0F 44',
        'BTS'       : '0F BA 2F 02 0F BA 2F 06',
        'XCHG'      : '87 1F',
        'XADD'      : 'B3 44 0F C0 1F',
        'CMPXCHG'   : '0F B1 1F',
        'CMPXCHG8B' : '0F C7 0F',
        'PUSH'      : '53',
        'STOS'      : '89 D8 AB',
        'REP STOS'  : '89 D8 F3 AB',
        'MOVS'      : 'A5',
        'REP MOVS'  : 'F3 A5',
        'REP MOVSB' : 'F3 A4',
        'FISTP'     : 'DB 06 DB 1F',
    ]

    CodeBench bench = new CodeBench(engine())
    CpuState cpu = bench.cpu

    Engine engine() {
        Engine.INTERPRETER
    }

    def "#writer changes the next instruction, #place, through #through, #state"() {
        given:
        String hex = WRITERS[writer] + (place == 'after a jump' ? ' EB 00' : '')
        int length = hex.replace(' ', '').length().intdiv(2)
        int start = place == 'on the next page' ? CODE + PAGE - length : place == 'across pages' ? CODE + PAGE - length - 2 : CODE
        int victim = start + length
        int target = victim + 1 + (through == 'another address' ? OTHER_ADDRESS : 0)
        bench.code(start, hex)
        bench.code(victim, VICTIM)
        if (state == 'run before') {
            cpu.eip = victim
            assert bench.run(1) == Interpreter.End.BUDGET && bench.eax() == 0x11
        }

        when: 'one instruction at a time'
        registers(target)
        cpu.eip = start
        while (cpu.eip != victim + 5 && cpu.instructions < 50) {
            bench.run(1)
        }

        then:
        bench.eax() == 0x55

        when: 'all at once'
        bench.code(victim, VICTIM)
        bench.interpreter.breakpoints([victim + 5] as int[])
        registers(target)
        cpu.eip = start

        then:
        bench.run(50) == Interpreter.End.BREAKPOINT
        bench.eax() == 0x55

        where:
        [writer, place, through, state] << [
            WRITERS.keySet(),
            ['right behind it', 'after a jump', 'on the next page', 'across pages'],
            ['its own address', 'another address'],
            ['new', 'run before']
        ].combinations()
    }

    private void registers(int edi) {
        cpu.regs[CpuState.EAX] = 0x11
        cpu.regs[CpuState.EBX] = 0x55
        cpu.regs[CpuState.ECX] = 1
        cpu.regs[CpuState.EDX] = 0
        cpu.regs[CpuState.ESI] = 0x4000
        cpu.regs[CpuState.EDI] = edi
        cpu.regs[CpuState.ESP] = edi + 4
        bench.physical.write32(0x4000, 0x55)
    }

    def "an instruction that overwrites itself finishes as it began"() {
        given: 'mov dword [CODE], 0x7B8; jmp CODE'
        bench.code(CODE, 'C7 05 00 80 00 00 B8 07 00 00 EB F4')

        when:
        bench.run(2)

        then:
        cpu.eip == CODE

        when: 'it is mov eax, 7 now'
        bench.run(1)

        then:
        bench.eax() == 7
        cpu.eip == CODE + 5
    }

    def "a loop that rewrites its beginning runs the new beginning, in slices of #slice"() {
        given: 'add eax, 1; inc byte [CODE + 2]; dec ecx; jnz CODE'
        bench.code(CODE, '83 C0 01 FE 05 02 80 00 00 49 75 F4 90')
        cpu.regs[CpuState.EAX] = 0
        cpu.regs[CpuState.ECX] = 10

        when:
        for (int left = 40; left > 0; left -= slice) {
            bench.run(Math.min(left, slice))
        }

        then:
        cpu.eip == CODE + 12
        bench.eax() == 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10

        where:
        slice << [1, 2, 3, 4, 5, 7, 40]
    }

    def "what #who writes is what runs next"() {
        given:
        bench.code(CODE, 'B8 11 00 00 00 EB F9')
        bench.run(6)

        when:
        write(bench)
        cpu.eip = CODE
        bench.run(1)

        then:
        bench.eax() == 0x55

        where:
        who                | write
        'a byte'           | { it.physical.write8(CODE + 1, 0x55) }
        'a word'           | { it.physical.write16(CODE + 1, 0x55) }
        'a dword'          | { it.physical.write32(CODE + 1, 0x55) }
        'a quadword'       | { it.physical.write64(CODE, 0x90_00_00_00_55_B8L) }
        'DMA'              | { it.physical.write(CODE - 0x10, bytes(0x11), 1, 0x15) }
        'DMA of two pages' | { it.physical.write(CODE - PAGE, bytes(PAGE), 0, PAGE + 5) }
    }

    /** {@code mov eax, 0x55} behind so many zeroes. */
    private static byte[] bytes(int zeroes) {
        ([0] * zeroes + [0xB8, 0x55, 0, 0, 0]) as byte[]
    }

    def "a write of #bits bits that meets code with its #which byte alone"() {
        given: 'inc eax; jmp behind itself, between bytes that are no code'
        bench.code(CODE + 0x10, '40 EB 00')
        cpu.eip = CODE + 0x10
        bench.run(2)
        int at = CODE + 0x10 + (which == 'last' ? 1 - bits.intdiv(8) : 2)
        long value = bench.physical.read32(at) & (1L << bits) - 1
        value = which == 'last' ? value ^ 8L << bits - 8 : value ^ 1

        when: 'it becomes dec eax, or jumps a byte further'
        bench.mem."write$bits"(at, value as int)
        cpu.eip = CODE + 0x10
        cpu.regs[CpuState.EAX] = 10
        bench.run(2)

        then:
        bench.eax() == (which == 'last' ? 9 : 11)
        cpu.eip == CODE + (which == 'last' ? 0x13 : 0x14)

        where:
        [bits, which] << [[8, 16, 32], ['first', 'last']].combinations()
    }

    def "REP #what over a page of code that has run replaces all of it"() {
        given: 'inc eax everywhere, run at two places'
        bench.code(0xA000, '40 ' * PAGE)
        bench.physical.write(0xB000, ([0x48] * PAGE) as byte[], 0, PAGE)
        [0xA000, 0xA800].each {
            cpu.eip = it
            bench.run(100)
        }
        cpu.regs[CpuState.ESI] = 0xB000
        cpu.regs[CpuState.EDI] = 0xA000
        cpu.regs[CpuState.ECX] = PAGE / 4 as int
        cpu.regs[CpuState.EAX] = 0x48484848
        bench.code(CODE, hex)
        cpu.eip = CODE
        bench.run(1)

        when:
        cpu.eip = at
        cpu.regs[CpuState.EAX] = 1000
        bench.run(100)

        then:
        bench.eax() == 900

        where:
        what   | hex     | at
        'MOVS' | 'F3 A5' | 0xA000
        'MOVS' | 'F3 A5' | 0xA800
        'STOS' | 'F3 AB' | 0xA000
        'STOS' | 'F3 AB' | 0xA810
    }

    def "an instruction across pages: #pages"() {
        given: 'mov eax, 0x44332211, two bytes of it on the first page'
        bench.code(CODE + PAGE - 2, 'B8 11 22 33 44')
        bench.code(0xC000, '66 77 88')
        int start = CODE + PAGE - 2
        cpu.eip = start
        bench.run(1)
        assert bench.eax() == 0x44332211

        when:
        change(bench)
        cpu.regs[CpuState.EAX] = 0
        cpu.eip = start
        String outcome = bench.outcome(1)

        then:
        outcome == expected
        bench.eax() == eax
        cpu.eip == (expected == 'BUDGET' ? start + 5 : start)

        where:
        pages                              | change                                                   || expected         | eax
        'nothing changed'                  | { }                                                      || 'BUDGET'         | 0x44332211
        'the second is not there'          | { it.unmap(CODE + PAGE) }                                || '#PF(0) at 9000' | 0
        'the first is not there'           | { it.unmap(CODE) }                                       || '#PF(0) at 8FFE' | 0
        'the second is another'            | { it.map(CODE + PAGE, 0xC000) }                          || 'BUDGET'         | -0x778899EF
        'a byte of the second changed'     | { it.physical.write8(CODE + PAGE, 0x66) }                || 'BUDGET'         | 0x44336611
        'a byte of the first changed'      | { it.physical.write8(CODE + PAGE - 1, 0x66) }            || 'BUDGET'         | 0x44332266
        'both are the first, then changed' | { it.map(CODE + PAGE, CODE); it.code(CODE, '99 88 77') } || 'BUDGET'         | 0x77889911
        'the second comes back'            | { goAndComeBack(it) }                                    || 'BUDGET'         | 0x44332211
    }

    private static void goAndComeBack(CodeBench bench) {
        bench.unmap(CODE + PAGE)
        bench.run(1)
        bench.map(CODE + PAGE, CODE + PAGE)
    }

    def "a page that follows itself: code across its own end changes at its beginning"() {
        given: 'two linear pages of one physical page, mov eax from its last byte to its first four'
        bench.map(CODE + PAGE, CODE)
        bench.code(CODE + PAGE - 1, 'B8')
        bench.code(CODE, '11 22 33 44')
        cpu.eip = CODE + PAGE - 1
        bench.run(1)

        when:
        bench.physical.write32(CODE, 0x55)
        cpu.eip = CODE + PAGE - 1
        bench.run(1)

        then:
        bench.eax() == 0x55
    }

    def "the page behind is read only when an instruction needs it"() {
        given: 'inc eax; mov eax, imm32 of which one byte is on the page'
        bench.code(CODE + PAGE - 2, '40 B8')
        bench.unmap(CODE + PAGE)
        cpu.eip = CODE + PAGE - 2
        cpu.regs[CpuState.EAX] = 0

        when:
        String outcome = bench.outcome(10)

        then:
        outcome == '#PF(0) at 9000'
        bench.eax() == 1
        cpu.eip == CODE + PAGE - 1
        cpu.instructions == 1
    }

    def "an instruction that reaches from memory into #what is none"() {
        given:
        bench.physical.attach(0x22000, new PageDevice() {
            int read(int offset, int bits) { throw new IllegalStateException('read as code') }

            void write(int offset, int value, int bits) { throw new IllegalStateException('written to') }
        })
        bench.code(0x20FFE, '05 11')
        bench.map(0x21000, second)
        cpu.eip = 0x20FFE

        expect:
        bench.outcome(1) == '#UD(0)'

        where:
        what                      | second
        'nothing'                 | CodeBench.PAGES << 12
        'nothing in the far half' | 0xFEC00000 as int
        'a device'                | 0x22000
    }

    def "a breakpoint in the middle of a block, set #when, stops before its instruction"() {
        given:
        bench.code(CODE, '40 40 40 40 40 EB F9')
        cpu.regs[CpuState.EAX] = 0
        if (when == 'after the block has run') {
            bench.run(6)
            cpu.regs[CpuState.EAX] = 0
        }

        when:
        bench.interpreter.breakpoints([CODE + 3] as int[])

        then:
        bench.run(100) == Interpreter.End.BREAKPOINT
        [cpu.eip, bench.eax()] == [CODE + 3, 3]
        bench.run(100) == Interpreter.End.BREAKPOINT
        [cpu.eip, bench.eax()] == [CODE + 3, 3]
        bench.run(100, true) == Interpreter.End.BREAKPOINT
        [cpu.eip, bench.eax()] == [CODE + 3, 8]

        when:
        bench.interpreter.breakpoints([] as int[])

        then:
        bench.run(12) == Interpreter.End.BUDGET
        [cpu.eip, bench.eax()] == [CODE + 3, 18]

        where:
        when << ['before', 'after the block has run']
    }

    def "a breakpoint on an instruction that the block itself rewrites"() {
        given: 'mov byte [CODE + 8], 0x55; mov eax, 0x11'
        bench.code(CODE, 'C6 05 08 80 00 00 55 B8 11 00 00 00')
        bench.interpreter.breakpoints([CODE + 7] as int[])

        expect:
        bench.run(10) == Interpreter.End.BREAKPOINT
        bench.run(1, true) == Interpreter.End.BUDGET
        bench.eax() == 0x55
    }
}
