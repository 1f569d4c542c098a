package lguest.interp

import static lguest.interp.CodeBench.hex

import lguest.cpu.CpuState
import spock.lang.Specification
import spock.lang.Title

@Title('Functions that translated code calls may be part of it, and come back to wherever their return address says')
class FollowedCallsSlowSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.calls.seed', 20071009L)
    private static final int CASES = Integer.getInteger('lguest.calls.cases', 80)
    private static final int FUNCTIONS = 6
    private static final int FIRST = CodeBench.CODE + 0x100
    private static final int FUNCTION_BYTES = 0x80
    private static final int DATA = 0x20000
    private static final int STACK = 0x22000
    private static final int BEYOND_MEMORY = 0x100000
    private static final String RET = 'C3'
    /** A place behind each CALL that return addresses may leave out, and code may rewrite. */
    private static final String NOP = '90'

    Random random = new Random(SEED)
    /** Where the NOPs of a program are. */
    List<Integer> gaps = []

    def "random functions that call each other: #engine, in #slices"() {
        given:
        def checked = new CodeBench(engine)
        def interpreted = new CodeBench(Engine.INTERPRETER)

        expect:
        CASES.times {
            Map<Integer, String> program = program()
            assert outcome(checked, program, slice.curry(random)) == outcome(interpreted, program, { 2000 }), "seed $SEED: $program"
        }
        engine == Engine.TRANSLATOR || checked.interpreter.translations().any { it.covers(FIRST - CodeBench.CODE, 0x800) && it.source().entry() < 0x100 }

        where:
        [engine, [slices, slice]] << [
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD, Engine.BOTH],
            [['one go', { Random any -> 2000 }], ['random slices', { Random any -> any.nextInt(400) }]]
        ].combinations()
    }

    def "a function #what is #where"() {
        given:
        def bench = new CodeBench(Engine.TRANSLATOR_AHEAD)
        // mov ecx,50; again: call f; dec ecx; jnz again; jmp $
        bench.code(CodeBench.CODE, 'B932000000' + 'E8' + hex(at - CodeBench.CODE - 10, 4) + '49' + '75F8' + 'EBFE')
        bench.code(at, function)
        bench.cpu.eip = CodeBench.CODE

        when:
        bench.run(50 * 4)

        then:
        bench.interpreter.translations().find { it.source().entry() == 5 }.instructions() == instructions

        where:
        what                                  | at             | function                               || instructions | where
        'on the same page'                    | FIRST          | '40' + RET                             || 6            | 'part of what calls it'
        'on another page'                     | FIRST + 0x1000 | '40' + RET                             || 4            | 'not'
        'that jumps wherever EAX says'        | FIRST          | '8B0424' + '83C404' + 'FFE0'           || 4            | 'not'
        'with something that is interpreted'  | FIRST          | '0F06' + RET                           || 4            | 'not'
        'of 60 instructions'                  | FIRST          | '40' * 59 + RET                        || 4            | 'not'
        'that calls itself'                   | FIRST          | '4A' + '7805' + 'E8F8FFFFFF' + RET     || 16           | 'in there three times, and called by the last'
    }

    def "a CALL of what follows it, by #how: #engine, in slices of #slice"() {
        given:
        // mov ecx,50; again: call 1f; 1: pop eax; add ebx,eax; dec ecx; jnz again; jmp $
        String loop = call + '58' + '01C3' + '49'
        String program = 'B932000000' + loop + '75' + hex(-(loop.length().intdiv(2) + 2), 1) + 'EBFE'
        def benches = [engine, Engine.INTERPRETER].collect { new CodeBench(it) }
        benches.each { it.code(CodeBench.CODE, program) }

        when:
        List<String> outcomes = benches.collect { CodeBench bench ->
            (0..<400).step(slice) { bench.run(slice) }
            bench.state('', 0, 0x6000, 0x1000)
        }

        then:
        outcomes[0] == outcomes[1]
        benches[0].cpu.regs[CpuState.EBX] == 50 * (CodeBench.CODE + 5 + call.length().intdiv(2))
        benches[0].interpreter.statistics().translated > 100

        where:
        [[how, call], engine, slice] << [
            [['its distance', 'E800000000'], ['a register', 'BA0C800000' + 'FFD2']],
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD, Engine.BOTH],
            [400, 40, 20]
        ].combinations()
    }

    // ---- programs

    /** Hexadecimal code by address: a loop of calls, and functions that call later ones, or themselves as often as EBX says. */
    private Map<Integer, String> program() {
        gaps.clear()
        Map<Integer, String> program = [:]
        for (int i = FUNCTIONS - 1; i >= 0; i--) {
            program[FIRST + i * FUNCTION_BYTES] = function(i)
        }
        def main = new StringBuilder()
        (1 + random.nextInt(3)).times { addCall(main, CodeBench.CODE, random.nextInt(FUNCTIONS)) }
        main << '49'
        main << '75' + hex(-(main.length().intdiv(2) + 2), 1) + 'EBFE'
        program[CodeBench.CODE] = main.toString()
        program
    }

    private String function(int number) {
        int start = FIRST + number * FUNCTION_BYTES
        def code = new StringBuilder()
        int count = 1 + random.nextInt(7)
        count.times {
            int kind = random.nextInt(24)
            if (kind < 4 && number < FUNCTIONS - 1) {
                addCall(code, start, number + 1 + random.nextInt(FUNCTIONS - 1 - number))
            } else if (kind == 4) {
                code << '4B' + '7806'
                addCall(code, start, number)
            } else if (kind == 5) {
                code << hex(0x70 | random.nextInt(16), 1) + '01' + RET
            } else if (kind == 7 && number < FUNCTIONS - 1) {
                // jmp 1f; 2: call f; 1: dec ebx; jns 2: comes back to where it has been.
                code << 'EB06'
                addCall(code, start, number + 1 + random.nextInt(FUNCTIONS - 1 - number))
                code << '4B' + '79F7'
            } else if (kind == 8) {
                code << 'B802000000' + '48' + '75FD'
            } else if (kind == 6 && gaps) {
                code << 'C605' + hex(gaps[random.nextInt(gaps.size())], 4) + pick([NOP, '40', '4A'])
            } else {
                code << pick(['40', '4A', '03442404', '89442408', '89442404', '505A', '13C2', '0F92C0', '3BC2', 'F7D8', 'D1E2', '2BD0', '01442404',
                    '8907', '0307', '6800000000' + '58', '9C58', '84C0', '6683C8FF', '0C80', '0FAFC2', '83EC0489042483C404',
                    'C1E803', '8B542408', '0F06'])
            }
        }
        int end = random.nextInt(20)
        code << (end == 0 ? '83042401' + RET : end == 1 ? '5AFFE2' : end == 2 ? 'C20400' : end == 3 ? 'A1' + hex(BEYOND_MEMORY, 4) + RET : RET)
    }

    private void addCall(StringBuilder code, int start, int number) {
        int end = start + code.length().intdiv(2) + 5
        code << 'E8' + hex(FIRST + number * FUNCTION_BYTES - end, 4) + NOP
        gaps << end
    }

    private <T> T pick(List<T> some) { some[random.nextInt(some.size())] }

    // ---- runs

    /** State and memory after 2000 instructions, or where something stopped it. */
    private static String outcome(CodeBench bench, Map<Integer, String> program, Closure<Integer> slice) {
        bench.physical.write(CodeBench.CODE, new byte[0x1000], 0, 0x1000)
        program.each { at, code -> bench.code(at, code) }
        (DATA..<STACK).step(64) { bench.physical.write32(it, it * 0x01000193) }
        [[CpuState.EAX, 0x12345678], [CpuState.ECX, 12], [CpuState.EDX, 0x7EDCBA98], [CpuState.EBX, 20], [CpuState.ESP, STACK - 0x800],
         [CpuState.EBP, DATA], [CpuState.ESI, DATA], [CpuState.EDI, DATA + 0x40]].each { register, value -> bench.cpu.regs[register] = value }
        bench.cpu.setEflags(2)
        bench.cpu.eip = CodeBench.CODE
        long first = bench.cpu.instructions
        String how = 'BUDGET'
        while (how == 'BUDGET' && bench.cpu.instructions - first < 2000) {
            how = bench.outcome((int) Math.min(slice(), 2000 - (bench.cpu.instructions - first)))
        }
        bench.state(how, first, DATA, STACK - DATA)
    }
}
