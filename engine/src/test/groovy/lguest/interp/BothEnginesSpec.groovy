package lguest.interp

import static lguest.interp.CodeBench.CODE

import lguest.cpu.CpuState
import lguest.cpu.GuestKilled
import lguest.cpu.Segment
import lguest.cpu.Simd
import lguest.cpu.Vector
import lguest.mem.LinearMemory
import lguest.translate.Mistaken
import spock.lang.Specification
import spock.lang.Title

@Title('Where translated code is wrong, both engines together find out')
class BothEnginesSpec extends Specification {
    static final int DATA = 0x5000
    static final int ROUNDS = 6
    static final int ROUND = 4
    /** What it does afterwards, so that a region may be entered until the end. */
    static final int SPIN = 20

    CodeBench bench = new CodeBench(Engine.BOTH)
    CpuState cpu = bench.cpu
    LinearMemory mem = bench.mem

    def setup() {
        // again: mov [ebx],eax; add eax,7; dec edx; jnz again; then for ever: jmp $
        bench.code(CODE, '89 03 83 C0 07 4A 75 F8 EB FE')
        cpu.regs[CpuState.EBX] = DATA
        begin()
        bench.run(ROUNDS * ROUND + SPIN)
        begin()
    }

    private void begin() {
        cpu.eip = CODE
        cpu.regs[CpuState.EAX] = 1
        cpu.regs[CpuState.EDX] = ROUNDS
    }

    void plant(Closure mistake) {
        def block = bench.interpreter.@cache.known(CODE)
        block.region = new Mistaken(block.region, mistake)
    }

    def "what is right goes on"() {
        expect:
        bench.outcome(ROUNDS * ROUND + SPIN) == 'BUDGET'
        cpu.regs[CpuState.EAX] == 1 + 7 * ROUNDS
        mem.read32(DATA) == 1 + 7 * (ROUNDS - 1)
        bench.interpreter.statistics().translated() >= ROUNDS * ROUND
    }

    def "#what is found"() {
        given:
        plant { mistake(cpu, mem) }

        when:
        bench.run(ROUNDS * ROUND + SPIN)

        then:
        def killed = thrown(GuestKilled)
        killed.message == "engine both: region at physical 0x00008000, eip 0x00008000: $found interpreted"

        where:
        what                   | found                                                      | mistake
        'a register'           | 'eax is 0x0000002c, but 0x0000002b'                        | { cpu, mem -> cpu.regs[CpuState.EAX]++ }
        'a flag'               | 'eflags is 0x00000047, but 0x00000046'                     | { cpu, mem -> cpu.setEflags(cpu.eflags() | 1) }
        'where it goes on'     | 'eip is 0x0000800a, but 0x00008008'                        | { cpu, mem -> cpu.eip += 2 }
        'a lost write'         | 'the byte at physical 0x00005000 is 0x00, but 0x24'        | { cpu, mem -> mem.ram()[DATA] = 0 }
        'a write too many'     | 'the byte at physical 0x00005fff is 0x01, but 0x00'        | { cpu, mem -> mem.ram()[DATA + 0xFFF] = 1 }
        'the x87 unit'         | 'x87 status is 0x00000100, but 0x00000000'                 | { cpu, mem -> cpu.fpu.status |= 0x100 }
        'an MMX register'      | 'mm3 is 0x0000000000000001, but 0x0000000000000000'        | { cpu, mem -> cpu.simd.file[3]++ }
        'an SSE register'      | 'xmm1 (high half) is 0x0000000000000001, but 0x0000000000000000' | { cpu, mem -> cpu.simd.file[Simd.xmm(1) + 1]++ }
        'a segment'            | 'segment gs is 0x00000003, but 0x00000010'                 | { cpu, mem -> cpu.segments[Segment.GS].load(3, 0, 0, 0) }
        'a control register'   | 'cr2 is 0x00000001, but 0x00000000'                        | { cpu, mem -> cpu.cr2 = 1 }
        'a fault that is none' | 'it ends with #GP(0), but nothing unusual'                  | { cpu, mem -> throw cpu.fault(Vector.GP, 0) }
    }
}
