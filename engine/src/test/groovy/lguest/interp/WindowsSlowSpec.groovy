package lguest.interp

import static lguest.interp.CodeBench.hex

import lguest.cpu.CpuState
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.Title

@Title('Places that are near each other are looked for together, and found each where it is')
class WindowsSlowSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.windows.seed', 20071009L)
    private static final int CASES = 300
    /** Where all code ends. */
    private static final int END = CodeBench.CODE + 0x200
    private static final int DATA = CodeBench.ALIAS + 0x20000
    /** Where registers point, near the end of a page. */
    private static final int MIDDLE = DATA + 0x1000
    private static final int FIRST_PAGE = 0x20000
    private static final int READ_ONLY = 0x29000
    /** LOOP. */
    private static final String SPIN = 'E2'

    Random random = new Random(SEED)

    def "random loops over two pages, the second #second: #engine"() {
        given:
        def checked = bench(engine, physical)
        def interpreted = bench(Engine.INTERPRETER, physical)

        expect:
        CASES.times {
            String loop = loop()
            List<Integer> pointers = (0..4).collect { MIDDLE - 0x180 + random.nextInt(0x200) }
            assert outcome(checked, loop, pointers) == outcome(interpreted, loop, pointers),
                "seed $SEED: $loop with ${pointers.collect { Integer.toHexString(it) }}"
        }

        where:
        [engine, [second, physical]] << [
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD, Engine.BOTH],
            [['next to the first', 0x21000], ['elsewhere', 0x28000], ['the same', 0x20000], ['missing', 0], ['not to be written', READ_ONLY]]
        ].combinations()
    }

    def "what is near the end of a page is on the next, too: #what, the second page #second: #engine"() {
        given:
        String loop = code + SPIN + hex(-(code.length().intdiv(2) + 2), 1)
        def checked = bench(engine, physical)
        def interpreted = bench(Engine.INTERPRETER, physical)

        expect:
        (MIDDLE - 6..MIDDLE).every { outcome(checked, loop, [it] * 5) == outcome(interpreted, loop, [it] * 5) }

        where:
        [engine, [second, physical], [what, code]] << [
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD],
            [['next to the first', 0x21000], ['elsewhere', 0x28000], ['missing', 0]],
            [
                ['a byte', '8A03'], ['a word', '668B03'], ['a word that is written', '668903'], ['a doubleword', '8B03'],
                ['a doubleword that is written', '8903'], ['2 bytes', '8A038A4301'], ['3 bytes', '8A038A4302'], ['4 bytes', '8A038A4303'],
                ['5 bytes', '8A038A4304'], ['two words', '668B03668B4302'], ['two doublewords', '8B038B4304']
            ]
        ].combinations()
    }

    def "#what are not taken for neighbours: #engine"() {
        given:
        String loop = code + SPIN + hex(-(code.length().intdiv(2) + 2), 1)

        when:
        def outcomes = [engine, Engine.INTERPRETER].collect {
            def bench = bench(it, 0x21000)
            // The TLB knows it from the beginning.
            bench.mem.read32(MIDDLE)
            outcome(bench, loop, [pointer] * 5)
        }

        then:
        outcomes[0] == outcomes[1]

        where:
        [engine, [what, pointer, code]] << [
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD],
            [
                ['a register and its low byte', MIDDLE + 0x80, '8B03' + '0FB6D3' + '8B32' + '037304'],
                ['a register and its high byte', MIDDLE + 0x80, '8B0424' + '0FB6D4' + '8B32' + '03742404'],
                ['a register and its low half', MIDDLE + 0x80, '8B03' + '0FB7D3' + '8B32' + '037304'],
                ['places 2 GiB apart', MIDDLE + 0x800 - 0x80000000 as int, '8B83F0FFFF7F' + '8B9310000080' + '8BB300000000'],
                ['bytes on both sides of distance 2 GiB', MIDDLE + 0x800 - 0x80000000 as int, '8B83FEFFFF7F' + '0393FEFFFF7F']
            ]
        ].combinations()
    }

    def "what is written on the second page may be code: #engine"() {
        given:
        def bench = new CodeBench(engine)
        // again: mov [ebx],ecx; mov [ebx+9],cl; call f; add edx,eax; dec ecx; jnz again; jmp $
        bench.code(CodeBench.CODE, '890B' + '884B09' + 'E8' + hex(FIRST_PAGE + 0x1000 - CodeBench.CODE - 10, 4) + '01C2' + '49' + '75F1' + 'EBFE')
        // f: mov eax,0; ret
        bench.code(FIRST_PAGE + 0x1000, 'B800000000' + 'C3')
        bench.cpu.regs[CpuState.EBX] = MIDDLE - 8
        bench.cpu.regs[CpuState.ECX] = 50

        when:
        bench.run(50 * 8)

        then:
        bench.cpu.regs[CpuState.EDX] == (1..50).sum()

        where:
        engine << Engine.values()
    }

    def "an absent page and the first one of memory are not taken for one piece: #engine"() {
        given:
        def bench = new CodeBench(engine)
        bench.unmap(DATA)
        bench.map(MIDDLE, 0)
        // mov eax,[ebx]; mov ecx,[ebx+8]
        bench.code(CodeBench.CODE, '8B03' + '8B4B08')
        bench.cpu.regs[CpuState.EBX] = MIDDLE - 4

        expect:
        bench.outcome(2) == '#PF(0) at 420FFC'

        where:
        engine << Engine.values()
    }

    def "what #site all the time is left to the interpreter a few times only"() {
        given:
        def bench = bench(Engine.TRANSLATOR, 0x28000)
        begin(bench, code, [pointer] * 5)
        prepare(bench)
        bench.cpu.regs[CpuState.ECX] = 20_000

        when:
        def end = bench.run(1_000_000)

        then:
        end == Interpreter.End.BREAKPOINT
        bench.interpreter.statistics().leftToInterpreter() < 1000

        where:
        site                                          | pointer      | prepare || code
        'lies across two pages'                       | MIDDLE - 2   | { it } || '8B03034304' + '4975F8'
        'has neighbours on a page far away'           | MIDDLE - 4   | { it } || '8B03034304034308' + '4975F5'
        'is written to a page that somebody hears of' | DATA         | { it.physical.mark(FIRST_PAGE, PhysicalMemory.GUARDED); it.mem.flush() } || '8903894304' + '4975F8'
        'is pushed to such a page'                    | DATA + 0x100 | { it.physical.mark(FIRST_PAGE, PhysicalMemory.GUARDED); it.mem.flush() } || '5058' + '4975FB'
    }

    /** Some instructions with addresses near those in EBX, ESP, EBP, ESI and EDI, as often as ECX says. */
    private String loop() {
        String body = (0..random.nextInt(12)).collect { instruction() }.join('')
        int back = -(body.length().intdiv(2) + 2)
        body + SPIN + hex(back, 1)
    }

    private String instruction() {
        int data = pick([0, 2]), base = pick([3, 4, 5, 6, 7]), other = pick([3, 5, 6, 7])
        switch (random.nextInt(15)) {
            case 0..2: return '8B' + memory(data, base)
            case 3..4: return '89' + memory(data, base)
            case 5: return pick(['03', '23', '33']) + memory(data, base)
            case 6: return '01' + memory(data, base)
            case 7: return '88' + memory(data, base)
            case 8: return '0FB6' + memory(data, base)
            case 9: return '83' + hex(pick([0xC0, 0xE8]) | other, 1) + hex(random.nextInt(17) - 8, 1)
            case 10: return '89' + hex(0xC0 | base << 3 | other, 1)
            case 11: return '8D' + memory(other, base)
            case 12: return pick([hex(0x50 | data, 1), '1E', '06', 'FF' + memory(6, base)]) + hex(0x58 | pick([0, 2]), 1)
            case 13: return '6061'
            default: return '3B' + memory(data, base) + '0F92' + memory(0, base)
        }
    }

    /** ModRM and what follows it: a register, and memory at a distance from another. */
    private String memory(int register, int base) {
        boolean far = random.nextInt(4) == 0
        int distance = far ? random.nextInt(0x300) - 0x180 : random.nextInt(0x30) - 0x18
        hex((far ? 0x80 : 0x40) | register << 3 | base, 1) + (base == 4 ? '24' : '') + hex(distance, far ? 4 : 1)
    }

    private <T> T pick(List<T> some) { some[random.nextInt(some.size())] }

    private static CodeBench bench(Engine engine, int secondPage) {
        def bench = new CodeBench(engine)
        bench.interpreter.breakpoints([END] as int[])
        secondPage ? bench.map(MIDDLE, secondPage) : bench.unmap(MIDDLE)
        if (secondPage == READ_ONLY) {
            bench.physical.write32(0x3000 + ((MIDDLE >>> 12 & 0x3FF) * 4), secondPage | 1)
            bench.cpu.cr0 |= 1 << 16
            bench.mem.flush()
        }
        bench
    }

    private static void begin(CodeBench bench, String code, List<Integer> pointers) {
        int start = END - code.length().intdiv(2)
        bench.code(start, code)
        (0x20000..<0x2A000).step(64) { bench.physical.write32(it, it * 0x01000193) }
        [CpuState.EBX, CpuState.ESP, CpuState.EBP, CpuState.ESI, CpuState.EDI].eachWithIndex { int register, int i ->
            bench.cpu.regs[register] = pointers[i]
        }
        bench.cpu.regs[CpuState.ECX] = 5
        bench.cpu.regs[CpuState.EAX] = 0x12345678
        bench.cpu.regs[CpuState.EDX] = 0x7EDCBA98
        bench.cpu.setEflags(2)
        bench.cpu.eip = start
    }

    /** State and memory at the end, or where something stopped it. */
    private static String outcome(CodeBench bench, String loop, List<Integer> pointers) {
        begin(bench, loop, pointers)
        long first = bench.cpu.instructions
        bench.state(bench.outcome(200), first, 0x20000, 0xA000)
    }
}
