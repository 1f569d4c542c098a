package lguest.interp

import static lguest.interp.CodeBench.hex

import lguest.cpu.CpuState
import lguest.translate.Source
import lguest.translate.Translation
import lguest.translate.Translator
import lguest.translate.Tuning
import spock.lang.Specification
import spock.lang.Title

@Title('Code that is in a region already is not translated again for each way that leads there')
class RepeatedCodeSpec extends Specification {
    private static final int LOOP = CodeBench.CODE + 0x100
    /** inc edx, three times; jmp LOOP. */
    private static final int HEAD_INSTRUCTIONS = 4
    private static final int PROMOTION = 50

    CodeBench bench = new CodeBench()

    Interpreter interpreter(int promotion) {
        def translator = new Translator(bench.cpu, bench.mem, { Runnable work -> work.run() }, new Tuning(3, 100, false, promotion),
            { Source source, Throwable failed -> throw new IllegalStateException("translating at ${source.entry()}", failed) })
        new Interpreter(bench.cpu, bench.mem, translator)
    }

    /** A loop of so many instructions, with a breakpoint behind it, and a head that leads to it. */
    void program(Interpreter interpreter, int instructions) {
        bench.code(CodeBench.CODE, '424242' + 'E9' + hex(LOOP - CodeBench.CODE - 8, 4))
        int increments = instructions - 2
        // inc eax, again and again; dec ecx; jnz LOOP
        String loop = '40' * increments + '49' + '0F85' + hex(-(increments + 7), 4)
        bench.code(LOOP, loop)
        interpreter.breakpoints([LOOP + loop.length().intdiv(2)] as int[])
    }

    void run(Interpreter interpreter, int from, int times) {
        bench.cpu.eip = from
        bench.cpu.regs[CpuState.ECX] = times
        assert interpreter.run(bench.cpu.instructions + 1_000_000, true) == Interpreter.End.BREAKPOINT
    }

    Translation head(Interpreter interpreter) {
        interpreter.translations().find { it.source().entry() == (CodeBench.CODE & 0xFFF) }
    }

    def "what has been overwritten behind its first jump becomes hot once more"() {
        given:
        def interpreter = interpreter(0)
        // inc eax; jmp 1f; 1: inc edx; dec ecx; jnz LOOP
        bench.code(LOOP, '40' + 'EB00' + '42' + '49' + '75F9')
        interpreter.breakpoints([LOOP + 7] as int[])

        when:
        run(interpreter, LOOP, 100)
        def before = interpreter.translations()*.source()*.entry()
        bench.code(LOOP + 3, '43')
        def between = interpreter.translations()
        run(interpreter, LOOP, 100)

        then:
        before == [LOOP & 0xFFF]
        between.empty
        interpreter.translations()*.source()*.entry() == before
        bench.cpu.regs[CpuState.EDX] == 100
        bench.cpu.regs[CpuState.EBX] == 100
    }

    def "a loop of #instructions that was hot before what leads to it is #where, in the #which generation"() {
        given:
        def interpreter = interpreter(promotion)
        program(interpreter, instructions)

        when:
        run(interpreter, LOOP, 10)
        executions.times { run(interpreter, CodeBench.CODE, 2) }

        then:
        head(interpreter).source().optimized() == (which != 'first')
        head(interpreter).instructions() == HEAD_INSTRUCTIONS + repeated
        bench.cpu.regs[CpuState.EDX] == 3 * executions
        bench.cpu.regs[CpuState.EAX] == (instructions - 2) * (10 + 2 * executions)

        where:
        instructions | which    | promotion     | executions    || repeated | where
        31           | 'first'  | PROMOTION * 9 | 10            || 31       | 'there once more'
        32           | 'first'  | PROMOTION * 9 | 10            || 0        | 'where it was'
        32           | 'second' | PROMOTION     | PROMOTION * 2 || 32       | 'there once more'
        32           | 'only'   | 0             | 10            || 32       | 'there once more'
    }
}
