package lguest.interp

import lguest.cpu.CpuState
import spock.lang.Specification
import spock.lang.Title

@Title('Long strings are compared and searched many bytes at a time, and end where they should')
class LongStringsSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.strings.seed', 20071009L)
    private static final int FIRST = CodeBench.ALIAS + 0x20000
    private static final int SECOND = CodeBench.ALIAS + 0x28000
    private static final int ZF = 1 << 6

    Random random = new Random(SEED)

    def "#name: #engine"() {
        given:
        def bench = new CodeBench(engine)
        def cpu = bench.cpu
        bench.code(CodeBench.CODE, code)
        int end = CodeBench.CODE + code.length().intdiv(2)
        bench.interpreter.breakpoints([end] as int[])

        expect:
        200.times {
            int count = random.nextInt(random.nextBoolean() ? 20 : 9000 / size as int)
            int esi = FIRST + random.nextInt(0x1000)
            int edi = SECOND + random.nextInt(0x1000)
            byte[] bytes = new byte[count * size + 16]
            bench.physical.write(esi - CodeBench.ALIAS, bytes, 0, bytes.length)
            bench.physical.write(edi - CodeBench.ALIAS, bytes, 0, bytes.length)
            int at = random.nextInt(count + 8)
            byte odd = (byte) (1 + random.nextInt(255))
            bench.physical.write8(edi - CodeBench.ALIAS + at * size + random.nextInt(size), odd)
            cpu.regs[CpuState.ESI] = esi
            cpu.regs[CpuState.EDI] = edi
            cpu.regs[CpuState.ECX] = count
            cpu.regs[CpuState.EAX] = sought.call(odd & 0xFF)
            boolean zero = random.nextBoolean()
            cpu.setEflags(zero ? 2 | ZF : 2)
            cpu.eip = CodeBench.CODE
            int done = at < count ? at + 1 : count

            assert bench.outcome(1000) == 'BREAKPOINT', "seed $SEED"
            String found = "${cpu.regs[CpuState.ECX]} left, EDI +${cpu.regs[CpuState.EDI] - edi}, ESI +${cpu.regs[CpuState.ESI] - esi}, " +
                "ZF ${(cpu.eflags() & ZF) != 0}"
            assert found == "${count - done} left, EDI +${done * size}, ESI +${moves ? done * size : 0}, ZF ${count == 0 ? zero : (at < count) == stops}",
                "seed $SEED: $count elements, the odd one $at, ESI ${Integer.toHexString(esi)}, EDI ${Integer.toHexString(edi)}"
        }

        where:
        [[name, code, size, moves, stops, sought], engine] << [
            [
                ['REPE CMPSB', 'F3A6', 1, true, false, { 0 }],
                ['REPE CMPSW', '66F3A7', 2, true, false, { 0 }],
                ['REPE CMPSD', 'F3A7', 4, true, false, { 0 }],
                ['REPNE SCASB', 'F2AE', 1, false, true, { int odd -> odd }],
                ['REPE SCASB', 'F3AE', 1, false, false, { 0 }],
                ['REPE SCASD', 'F3AF', 4, false, false, { 0 }],
            ],
            [Engine.INTERPRETER, Engine.TRANSLATOR]
        ].combinations()
    }
}
