package lguest.sem

import lguest.cpu.CpuFault
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Fpu
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('The x87 unit')
@See('Intel SDM vol. 1, "Programming with the x87 FPU"')
class X87Spec extends Specification {
    private static final String INDEFINITE = 'FFFF:C000000000000000'
    private static final String ONE = '3FFF:8000000000000000'
    private static final String INFINITY = '7FFF:8000000000000000'

    def bench = new X87Bench()
    def cpu = bench.cpu
    def fpu = cpu.fpu
    def mem = bench.mem

    def "#b #op #a is #result, flags #flags"() {
        given:
        fpu.setControl(control)
        push(b)
        push(a)

        when:
        X87Arithmetic."$op"(cpu, 1, 0)

        then:
        st(0) == result
        exceptions() == flags

        where: 'ST(1) = ST(1) op ST, and pop'
        b                       | op      | a                       | control || result                  | flags
        ONE                     | 'faddp' | ONE                     | 0x37F   || '4000:8000000000000000' | ''
        ONE                     | 'faddp' | '3FBF:8000000000000000' | 0x37F   || ONE                     | 'PE'
        ONE                     | 'faddp' | '3FBF:8000000000000000' | 0xB7F   || '3FFF:8000000000000001' | 'PE C1'
        ONE                     | 'faddp' | '3FE7:8000000000000000' | 0x07F   || ONE                     | 'PE'
        ONE                     | 'faddp' | '3FE7:8000000000000000' | 0x27F   || '3FFF:8000008000000000' | ''
        ONE                     | 'fsubp' | ONE                     | 0x37F   || '0000:0000000000000000' | ''
        ONE                     | 'fsubp' | ONE                     | 0x77F   || '8000:0000000000000000' | ''
        INFINITY                | 'fsubp' | INFINITY                | 0x37F   || INDEFINITE              | 'IE'
        '7FFE:FFFFFFFFFFFFFFFF' | 'fmulp' | '4000:8000000000000000' | 0x37F   || INFINITY                | 'OE PE C1'
        '7FFE:FFFFFFFFFFFFFFFF' | 'fmulp' | '4000:8000000000000000' | 0xF7F   || '7FFE:FFFFFFFFFFFFFFFF' | 'OE PE'
        '7FFE:FFFFFFFFFFFFFFFF' | 'fmulp' | '4000:8000000000000000' | 0x377   || '1FFF:FFFFFFFFFFFFFFFF' | 'OE ES B'
        '0001:8000000000000000' | 'fmulp' | '3FFE:8000000000000001' | 0x37F   || '0000:4000000000000000' | 'UE PE'
        '0001:8000000000000000' | 'fmulp' | '3FFE:8000000000000000' | 0x37F   || '0000:4000000000000000' | ''
        '0001:8000000000000000' | 'fmulp' | '3FFE:8000000000000000' | 0x36F   || '6000:8000000000000000' | 'UE ES B'
        '0000:0000000000000001' | 'fmulp' | ONE                     | 0x37F   || '0000:0000000000000001' | 'DE'
        ONE                     | 'fdivp' | '4000:C000000000000000' | 0x37F   || '3FFD:AAAAAAAAAAAAAAAB' | 'PE C1'
        ONE                     | 'fdivp' | '8000:0000000000000000' | 0x37F   || 'FFFF:8000000000000000' | 'ZE'
        '0000:0000000000000000' | 'fdivp' | '0000:0000000000000000' | 0x37F   || INDEFINITE              | 'IE'
        '7FFF:8000000000000001' | 'faddp' | 'FFFF:C000000000000000' | 0x37F   || INDEFINITE              | 'IE'
        '7FFF:C000000000000002' | 'faddp' | 'FFFF:C000000000000001' | 0x37F   || '7FFF:C000000000000002' | ''
        '3FFF:0000000000000001' | 'faddp' | ONE                     | 0x37F   || INDEFINITE              | 'IE'
    }

    def "#op of #a is #result, flags #flags"() {
        given:
        push(a)

        when:
        type."$op"(cpu, 0)

        then:
        st(0) == result
        exceptions() == flags

        where:
        type             | op        | a                       || result                  | flags
        X87Functions     | 'fsqrt'   | '4000:8000000000000000' || '3FFF:B504F333F9DE6484' | 'PE'
        X87Functions     | 'fsqrt'   | '4002:9000000000000000' || '4000:C000000000000000' | ''
        X87Functions     | 'fsqrt'   | '8000:0000000000000000' || '8000:0000000000000000' | ''
        X87Functions     | 'fsqrt'   | 'BFFF:8000000000000000' || INDEFINITE              | 'IE'
        X87Functions     | 'frndint' | '4000:A000000000000000' || '4000:8000000000000000' | 'PE'
        X87Functions     | 'frndint' | '3FFE:8000000000000001' || ONE                     | 'PE C1'
        X87Transcendental | 'fsin'    | ONE                     || '3FFE:D76AA47848677021' | 'PE C1'
        X87Transcendental | 'fcos'    | ONE                     || '3FFE:8A51407DA8345C92' | 'PE C1'
        X87Transcendental | 'fsin'    | '4000:C90FDAA22168C235' || 'BFBF:8000000000000000' | 'PE C1'
        X87Transcendental | 'fsin'    | '403E:8000000000000000' || '403E:8000000000000000' | 'C2'
        X87Transcendental | 'f2xm1'   | '3FFE:8000000000000000' || '3FFD:D413CCCFE7799211' | 'PE'
        X87Functions     | 'fchs'    | 'FFFF:8000000000000001' || '7FFF:8000000000000001' | ''
    }

    def "ST(1) = #y op #x, #op: #result"() {
        given:
        push(y)
        push(x)

        when:
        X87Transcendental."$op"(cpu, 0)

        then:
        st(0) == result

        where:
        op        | y                       | x                       || result
        'fpatan'  | ONE                     | ONE                     || '3FFE:C90FDAA22168C235'
        'fpatan'  | '8000:0000000000000000' | 'BFFF:8000000000000000' || 'C000:C90FDAA22168C235'
        'fyl2x'   | ONE                     | '4002:A000000000000000' || '4000:D49A784BCD1B8AFE'
        'fyl2x'   | ONE                     | '0000:0000000000000000' || 'FFFF:8000000000000000'
        'fyl2xp1' | ONE                     | '3FBF:8000000000000000' || '3FBF:B8AA3B295C17F0BB'
    }

    def "FPREM of #a by #b leaves #result, condition codes #codes"() {
        given:
        push(b)
        push(a)

        when:
        X87Functions."$op"(cpu, 0)

        then:
        st(0) == result
        exceptions() == codes

        where:
        op       | a                       | b                       || result                  | codes
        'fprem'  | '4001:F000000000000000' | '4000:8000000000000000' || '3FFF:C000000000000000' | 'C1 C3'
        'fprem1' | '4001:F000000000000000' | '4000:8000000000000000' || 'BFFE:8000000000000000' | 'C0'
        'fprem'  | '407F:8000000000000000' | '4000:C000000000000000' || '403F:8000000000000000' | 'C2'
    }

    def "#a is stored as #bits-bit real #result, flags #flags"() {
        given:
        push(a)

        when:
        X87Store.fstpM(cpu, mem, Segment.DS, X87Bench.OPERAND, bits, 0)

        then:
        (bits == 32 ? mem.read32(X87Bench.OPERAND) : mem.read64(X87Bench.OPERAND)) == result
        exceptions() == flags
        fpu.empty == 0xFF

        where:
        a                       | bits || result                | flags
        ONE                     | 32   || 0x3F800000            | ''
        ONE                     | 64   || 0x3FF0000000000000L   | ''
        '3FFF:8000008000000000' | 32   || 0x3F800000            | 'PE'
        '407F:8000000000000000' | 32   || 0x7F800000            | 'OE PE C1'
        '3F80:8000000000000000' | 32   || 0x00400000            | ''
        '3F6A:8000000000000000' | 32   || 0x00000001            | ''
        '3F69:8000000000000000' | 32   || 0x00000000            | 'UE PE'
        '7FFF:8000000000000001' | 64   || 0x7FF8000000000000L   | 'IE'
    }

    def "#a is stored as #bits-bit integer #result, flags #flags"() {
        given:
        push(a)

        when:
        X87Store.fistp(cpu, mem, Segment.DS, X87Bench.OPERAND, bits, 0)

        then:
        mem.read64(X87Bench.OPERAND) << 64 - bits >> 64 - bits == result
        exceptions() == flags

        where:
        a                       | bits || result         | flags
        '4000:A000000000000000' | 16   || 2              | 'PE'
        'C00E:8000000000000000' | 16   || -32768         | ''
        '400E:8000000000000000' | 16   || -32768         | 'IE'
        '401D:FFFFFFFE00000000' | 32   || 0x7FFFFFFF     | ''
        '401D:FFFFFFFF00000000' | 32   || -0x80000000    | 'IE'
        'C01D:FFFFFFFF00000000' | 32   || -0x80000000    | 'PE C1'
        'C03E:8000000000000000' | 64   || Long.MIN_VALUE | ''
        INDEFINITE              | 32   || -0x80000000    | 'IE'
    }

    def "18 decimal digits come back as they went"() {
        given:
        mem.write64(X87Bench.OPERAND, 0x7654321098765432L)
        mem.write16(X87Bench.OPERAND + 8, 0x8098)

        when:
        X87Load.fbld(cpu, mem, Segment.DS, X87Bench.OPERAND, 0)
        X87Store.fbstp(cpu, mem, Segment.DS, X87Bench.OPERAND + 16, 0)

        then:
        mem.read64(X87Bench.OPERAND + 16) == 0x7654321098765432L
        mem.read16(X87Bench.OPERAND + 24) == 0x8098
    }

    def "a ninth push overflows the stack, a pop too many underflows it"() {
        when:
        9.times { X87Constants.fld1(cpu, 0) }

        then:
        st(0) == INDEFINITE
        exceptions() == 'IE SF C1'

        when:
        X87Control.fninit(cpu)
        X87Functions.fchs(cpu, 0)

        then:
        st(0) == INDEFINITE
        exceptions() == 'IE SF'
    }

    def "FCOMI ST,ST(1) with #a and #b sets #flags"() {
        given:
        push(b)
        push(a)

        when:
        X87Compare.fcomi(cpu, 1, 0)

        then:
        Eflags.describe(cpu.statusFlags()) == flags

        where:
        a          | b                       || flags
        ONE        | '4000:8000000000000000' || 'CF'
        ONE        | ONE                     || 'ZF'
        ONE        | '3FFE:8000000000000000' || ''
        INDEFINITE | ONE                     || 'CF PF ZF'
    }

    def "#op is #fault while CR0 has #set"() {
        given:
        cpu.cr0 |= set.collect { CpuState."CR0_$it" }.sum(0)

        expect:
        outcome { op == 'fld1' ? X87Constants.fld1(cpu, 0) : X87Control."$op"(cpu) } == fault

        where:
        op       | set          || fault
        'fld1'   | []           || 'ok'
        'fld1'   | ['TS']       || '#NM(0)'
        'fld1'   | ['EM']       || '#NM(0)'
        'fninit' | ['TS']       || '#NM(0)'
        'fwait'  | ['TS']       || 'ok'
        'fwait'  | ['MP']       || 'ok'
        'fwait'  | ['MP', 'TS'] || '#NM(0)'
        'fwait'  | ['EM']       || 'ok'
    }

    def "an exception that is not masked waits for the next instruction that looks"() {
        given:
        fpu.setControl(0x37F & ~Fpu.ZE)
        push('0000:0000000000000000')
        push(ONE)

        when: 'one divided by zero'
        X87Arithmetic.fdivrp(cpu, 1, 0)

        then: 'the operands are still there'
        exceptions() == 'ZE ES B'
        st(0) == ONE
        st(1) == '0000:0000000000000000'

        expect:
        outcome { X87Constants.fld1(cpu, 0) } == '#MF(0)'
        outcome { X87Control.fwait(cpu) } == '#MF(0)'
        outcome { X87Control.fldcw(cpu, mem, Segment.DS, X87Bench.OPERAND) } == '#MF(0)'
        outcome { X87Control.fnstcw(cpu, mem, Segment.DS, X87Bench.OPERAND) } == 'ok'
        X87Control.fnstswAx(cpu) == (Fpu.ZE | Fpu.ES | Fpu.B | 6 << Fpu.TOP_SHIFT)
        outcome { X87Control.fnclex(cpu) } == 'ok'
        outcome { X87Control.fwait(cpu) } == 'ok'
    }

    def "a store that faults changes nothing"() {
        given:
        push('4000:8000000000000001')
        cpu.segments[Segment.FS].loadNull(0)

        expect:
        outcome { X87Store.fstpM(cpu, mem, Segment.FS, X87Bench.OPERAND, 32, 0x1234) } == '#GP(0)'
        exceptions() == ''
        fpu.top == 7
        fpu.instructionOffset == 0
    }

    def "the instruction and its operand are remembered"() {
        when:
        X87Load.fldM(cpu, mem, Segment.DS, X87Bench.OPERAND, 32, 0x1234)

        then:
        [fpu.instructionSelector, fpu.instructionOffset] == [16, 0x1234]
        [fpu.operandSelector, fpu.operandOffset] == [8, X87Bench.OPERAND]

        when:
        X87Control.fnclex(cpu)

        then: 'control instructions are not'
        fpu.instructionOffset == 0x1234
    }

    def "FXSAVE and FXRSTOR keep every register and leave the rest of the 512 bytes alone"() {
        given:
        push(ONE)
        push('C000:8123456789ABCDEF')
        fpu.setControl(0x27F)
        (0..<128).each { mem.write32(X87Bench.OPERAND + 4 * it, -1) }

        when:
        X87Control.fxsave(cpu, mem, Segment.DS, X87Bench.OPERAND)
        X87Control.fninit(cpu)
        2.times { X87Constants.fldz(cpu, 0) }
        X87Control.fxrstor(cpu, mem, Segment.DS, X87Bench.OPERAND)

        then:
        [0, 2, 4].collect { mem.read16(X87Bench.OPERAND + it) } == [0x27F, 6 << 11, 0xC0]
        [st(0), st(1)] == ['C000:8123456789ABCDEF', ONE]
        [fpu.control, fpu.top, fpu.empty] == [0x27F, 6, 0x3F]
        [24, 28, 160, 508].every { mem.read32(X87Bench.OPERAND + it) == -1 }
    }

    def "FXSAVE to an address that is no multiple of 16 is #GP(0)"() {
        expect:
        outcome { X87Control.fxsave(cpu, mem, Segment.DS, X87Bench.OPERAND + 8) } == '#GP(0)'
        outcome { X87Control.fxrstor(cpu, mem, Segment.DS, X87Bench.OPERAND + 8) } == '#GP(0)'
    }

    def "the #bits-bit environment has its words where the manual draws them"() {
        given:
        fpu.setControl(0x360)
        push(ONE)
        push('0000:0000000000000000')
        fpu.instructionOffset = 0x11223344
        fpu.instructionSelector = 0x23
        fpu.operandOffset = 0x55667788
        fpu.operandSelector = 0x2B

        when:
        X87Control.fnstenv(cpu, mem, Segment.DS, X87Bench.OPERAND, bits)

        then:
        (0..6).collect { mem.read(Segment.DS, X87Bench.OPERAND + it * bits.intdiv(8), bits) } == words*.intValue()
        fpu.control == 0x37F

        where:
        bits || words
        16   || [0x360, 6 << 11, 0x1FFF, 0x3344, 0x23, 0x7788, 0x2B]
        32   || [0xFFFF0360, 0xFFFF3000, 0xFFFF1FFF, 0x11223344, 0x23, 0x55667788, 0xFFFF002B]
    }

    private String st(int i) {
        int n = fpu.physical(i)
        String.format('%04X:%016X', fpu.signExponent[n], fpu.significand[n])
    }

    private void push(String value) {
        fpu.result(Integer.parseInt(value[0..3], 16), Long.parseUnsignedLong(value[5..-1], 16))
        fpu.pushResult()
    }

    /** Whatever the status word says beside TOP. */
    private String exceptions() {
        ['IE', 'DE', 'ZE', 'OE', 'UE', 'PE', 'SF', 'ES', 'C0', 'C1', 'C2', 'C3', 'B']
            .findAll { (fpu.status & Fpu."$it") != 0 }.join(' ')
    }

    private static String outcome(Closure<?> instruction) {
        try {
            instruction()
            'ok'
        } catch (CpuFault fault) {
            fault.message
        }
    }
}
