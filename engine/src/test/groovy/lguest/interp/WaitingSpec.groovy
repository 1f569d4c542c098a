package lguest.interp

import lguest.cpu.CpuState
import lguest.cpu.Segment
import lguest.translate.Source
import lguest.translate.Translator
import lguest.translate.Tuning
import spock.lang.Specification
import spock.lang.Title

@Title('Code that is hot waits to be translated')
class WaitingSpec extends Specification {
    private static final int DATA = 0x5000
    private static final int JUMPS = CodeBench.CODE + 0x1000
    /** More than can wait. */
    private static final int JUMP_COUNT = 3000
    private static final int LOOP_INSTRUCTIONS = 3

    def "where no more can wait, what a region leaves to the interpreter is interpreted"() {
        given:
        boolean translates = true
        def bench = new CodeBench()
        def translator = new Translator(bench.cpu, bench.mem, { Runnable work -> if (translates) work.run() }, new Tuning(0, 100, false, 0),
            { Source source, Throwable failed -> throw new IllegalStateException("translating at ${source.entry()}", failed) })
        def interpreter = new Interpreter(bench.cpu, bench.mem, translator)
        def run = { int eip, int instructions ->
            bench.cpu.eip = eip
            interpreter.run(bench.cpu.instructions + instructions, true)
        }
        // 1: mov eax,[DATA]; inc ebx; jmp 1
        bench.code(CodeBench.CODE, 'A1' + CodeBench.hex(DATA, 4) + '43' + 'EBF8')
        bench.code(JUMPS, 'EB00' * JUMP_COUNT)

        when: 'a loop is a region, its block is decoded anew, and nothing is translated any more'
        run(CodeBench.CODE, 10 * LOOP_INSTRUCTIONS)
        translates = false
        bench.cpu.segments[Segment.DS].load(0x10, 0xFFFF, 0xCF9100)
        run(CodeBench.CODE, 2)
        bench.cpu.segments[Segment.DS].load(0x10, 0xFFFF, 0xCF9300)
        run(JUMPS, JUMP_COUNT)
        bench.cpu.regs[CpuState.EBX] = 0
        bench.mem.flush(DATA)
        def runner = Thread.startDaemon { run(CodeBench.CODE, 10 * LOOP_INSTRUCTIONS) }
        runner.join(20_000)

        then:
        !runner.alive
        interpreter.translations()*.source()*.entry() == [0]
        interpreter.statistics().leftToInterpreter() > 0
        bench.cpu.regs[CpuState.EBX] == 10
    }
}
