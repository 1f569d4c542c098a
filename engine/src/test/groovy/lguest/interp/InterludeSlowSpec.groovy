package lguest.interp

import static lguest.interp.CodeBench.hex

import lguest.cpu.CpuState
import lguest.mem.MemoryDescriptorTables
import lguest.translate.Region
import lguest.translate.Source
import lguest.translate.Translator
import lguest.translate.Tuning
import spock.lang.Specification
import spock.lang.Title

@Title('What is interpreted in a function that translated code has called comes back to it')
class InterludeSlowSpec extends Specification {
    private static final int F = CodeBench.CODE + 0x40
    private static final int G = CodeBench.CODE + 0x80
    private static final int H = CodeBench.CODE + 0xC0
    private static final int OTHER_STACK = 0x20000
    private static final int GDT = 0x4000
    private static final int FLAT = 0x10
    /** A far pointer; with 8 more, its selector is that of a segment with another base. */
    private static final int POINTER = 0x21000
    private static final int DATA = 0x5000
    /** Never translated. */
    private static final String CLTS = '0F06'
    private static final String RDTSC = '0F31'
    private static final String RET = 'C3'

    /** Twenty calls of F, which calls G, over and over. */
    CodeBench bench(Engine engine, String g) {
        bench(new CodeBench(engine), g)
    }

    CodeBench bench(CodeBench bench, String g) {
        // 2: mov ecx,20; 1: call F; inc eax; dec ecx; jnz 1; jmp 2
        bench.code(CodeBench.CODE, 'B914000000' + call(CodeBench.CODE + 5, F) + '4049' + '75F7' + 'EBF0')
        // call G; inc edx; ret
        bench.code(F, call(F, G) + '42' + RET)
        bench.code(G, g)
        // inc ebx; clts; inc ebx; ret
        bench.code(H, '43' + CLTS + '43' + RET)
        bench.physical.write32(OTHER_STACK, 0x6800)
        bench.cpu.descriptorTables = new MemoryDescriptorTables(bench.cpu, bench.mem)
        bench.cpu.gdtBase = GDT
        bench.cpu.gdtLimit = 0x1F
        [0x00CF9B000000FFFFL, 0x00CF93000000FFFFL, 0x00CF93000100FFFFL].eachWithIndex { long descriptor, int i ->
            bench.physical.write32(GDT + 8 + 8 * i, (int) descriptor)
            bench.physical.write32(GDT + 12 + 8 * i, (int) (descriptor >>> 32))
        }
        bench.physical.write32(POINTER + 4, FLAT)
        bench.physical.write32(POINTER + 12, FLAT)
        bench.physical.write32(DATA, 1)
        bench.physical.write32(DATA + 0x100, 1000)
        bench.cpu.regs[CpuState.ESI] = 300
        bench
    }

    static String call(int at, int to) {
        'E8' + hex(to - at - 5, 4)
    }

    List<String> states(CodeBench bench, int slice, int instructions = slice < 50 ? 400 : 2000) {
        (0..<instructions).step(slice).collect {
            def how = bench.outcome(slice)
            bench.state(how, 0, 0x5000, 0x5000)
        }
    }

    def "a function that #what: #engine, in slices of #slice"() {
        expect:
        states(bench(engine, code), slice) == states(bench(Engine.INTERPRETER, code), slice)

        where:
        [[what, code], engine, slice] << [
            [
                ['comes back', CLTS + '43' + RET],
                ['is interpreted twice', CLTS + '43' + CLTS + '43' + RET],
                ['loops', CLTS + 'BF03000000' + '4F' + '75FD' + RET],
                ['calls another', CLTS + call(G + 2, H) + '43' + RET],
                ['calls itself three hundred times', CLTS + '4E' + '7805' + call(G + 5, G) + RET],
                ['takes its return address away', CLTS + '5F' + 'FFE7'],
                ['leaves its caller, too', CLTS + '83C404' + RET],
                ['comes back further on', CLTS + 'FF0424' + RET],
                // xor byte [POINTER+4],8; les edi,[POINTER]; add ebx,es:[DATA]; les edi,[POINTER+8]; ret
                ['has ES elsewhere every other time', '8035' + hex(POINTER + 4, 4) + '08' + 'C43D' + hex(POINTER, 4) + '26031D' + hex(DATA, 4) +
                    'C43D' + hex(POINTER + 8, 4) + RET],
                // pushfw; and byte [esp+1],FEh; popfw; pop edi; pushfw; or byte [esp+1],1; push cs; push di; iretw
                ['comes back by an IRET that sets TF', '669C' + '80642401FE' + '669D' + '5F' + '669C' + '804C240101' + '660E' + '6657' + '66CF'],
                // mov edi,[esp]; mov ebx,[esp+4]; xchg esp,[OTHER_STACK]; mov [esp],edi; mov [esp+4],ebx; ret
                ['changes stacks', CLTS + '8B3C24' + '8B5C2404' + '8725' + hex(OTHER_STACK, 4) + '893C24' + '895C2404' + RET],
                // inc esi; mov edi,[esi*4+...]: the thirtieth time, that is no memory any more
                ['faults', CLTS + '46' + '8B3CB5' + hex(CodeBench.PAGES * 0x1000 - 4 * (300 + 30), 4) + RET],
                ['overwrites its caller', CLTS + '8035' + hex(F + 5, 4) + '08' + RET],
                ['overwrites what follows', CLTS + '8035' + hex(G + 9, 4) + '08' + '43' + RET],
                ['halts', CLTS + '43' + 'F4' + '43' + RET],
                ['reads a port', CLTS + '43' + 'E460' + '43' + RET],
                ['forgets where code is', CLTS + '0F013D' + hex(CodeBench.CODE, 4) + '43' + RET],
                ['sets TF', CLTS + '9C' + '80642401FE' + '9D' + '9C' + '804C240101' + '9D' + '43' + RET]
            ],
            Engine.values() - Engine.INTERPRETER,
            [2000, 50, 7]
        ].combinations()
    }

    def "those that wait for a function that #what are not left: #engine"() {
        given: 'it reads the time stamp counter, which is never translated either'
        int asked = 0, waited = 0
        def bench = bench(engine, code)
        bench.cpu.timeStampCounter = {
            asked++
            waited += StackWalker.instance.walk { frames -> frames.anyMatch { it.className == Region.name && it.methodName == 'call' } } ? 1 : 0
            0L
        }

        when: 'until all of it has been met, and so is left alone'
        bench.run(1000)
        asked = waited = 0
        bench.run(1000)

        then: 'but where the budget is used up'
        asked > 50
        waited >= asked - 1

        where:
        [[what, code], engine] << [
            [
                ['comes back', RDTSC + '43' + RET],
                ['is interpreted twice', RDTSC + '43' + RDTSC + RET],
                ['calls another', RDTSC + call(G + 2, H) + '43' + RET],
                ['comes back further on', RDTSC + 'FF0424' + RET]
            ],
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD]
        ].combinations()
    }

    def "a function that #what, now and then, and so is no region: in slices of #slice"() {
        given: 'test cl,15; jz 1f; ret; 1:'
        String g = CLTS + 'F6C10F' + '7401' + RET + seldom
        def interpreted = bench(Engine.INTERPRETER, g)
        def translated = new CodeBench(Engine.INTERPRETER)
        translated.interpreter = new Interpreter(translated.cpu, translated.mem, new Translator(translated.cpu, translated.mem,
            { Runnable work -> work.run() }, new Tuning(30, 100, false, 0), { Source source, Throwable failed -> throw new AssertionError(failed) }))
        bench(translated, g)

        expect:
        states(translated, slice, 4000) == states(interpreted, slice, 4000)
        translated.interpreter.statistics().translated() > 100

        where:
        [[what, seldom], slice] << [
            [
                // pop edi; pushfd; or dword [esp],RF; push cs; push edi; iretd
                ['comes back by an IRET that sets RF', '5F' + '9C' + '810C2400000100' + '0E' + '57' + 'CF'],
                // pushfd; and byte [esp+1],FEh; popfd; pop edi; pushfd; or byte [esp+1],1; push cs; push edi; iretd
                ['comes back by an IRET that sets TF', '9C' + '80642401FE' + '9D' + '5F' + '9C' + '804C240101' + '0E' + '57' + 'CF'],
                ['overwrites its caller', '8035' + hex(F + 5, 4) + '08' + RET],
                ['takes its return address away', '5F' + 'FFE7']
            ],
            [400, 50, 7]
        ].combinations()
    }

    def "who watches memory is heard before the instruction behind the CALL: #engine"() {
        given: 'pop [POINTER]; jmp [POINTER]'
        def benches = [engine, Engine.INTERPRETER].collect { each ->
            def bench = bench(each, CLTS + '8F05' + hex(POINTER, 4) + 'FF25' + hex(POINTER, 4))
            bench.mem.watch([POINTER >>> 12] as int[]) { linear, bits, value, write ->
                if (!write) {
                    bench.interpreter.leaveAfterThisInstruction()
                }
            }
            bench
        }

        expect:
        states(benches[0], 50) == states(benches[1], 50)

        where:
        engine << [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD]
    }

    def "what is interpreted in between counts as interpreted: #engine"() {
        given:
        def bench = bench(engine, CLTS + '43' + RET)
        bench.run(1000)
        long before = bench.interpreter.statistics().translated()

        when: 'one of the ten instructions of each time around is left to the interpreter'
        bench.run(1000)

        then:
        Math.abs(bench.interpreter.statistics().translated() - before - 900) < 20

        where:
        engine << [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD]
    }
}
