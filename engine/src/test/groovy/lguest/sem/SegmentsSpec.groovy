package lguest.sem

import static lguest.sem.SmallMachine.outcome

import lguest.cpu.CpuFault
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('Segment registers')
@See('Intel SDM vol. 3A, "Protection"')
class SegmentsSpec extends Specification {
    def machine = new SmallMachine()
    def cpu = machine.cpu
    def mem = machine.mem

    def "loads #what (access #access) with RPL #rpl at CPL #cpl: DS #ds, SS #ss"() {
        given:
        machine.segment(0x40, access)
        mem.cpl = cpl
        int selector = 0x40 | rpl

        expect:
        outcome { Segments.load(cpu, mem, Segment.DS, selector) } == ds
        outcome { Segments.load(cpu, mem, Segment.SS, selector) } == ss

        where:
        what                      | access | rpl | cpl || ds        | ss
        'read-only data'          | 0x91   | 0   | 0   || 'ok'      | '#GP(40)'
        'writable data'           | 0x93   | 0   | 0   || 'ok'      | 'ok'
        'expand-down, read-only'  | 0x95   | 0   | 0   || 'ok'      | '#GP(40)'
        'expand-down, writable'   | 0x97   | 0   | 0   || 'ok'      | 'ok'
        'execute-only code'       | 0x99   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'readable code'           | 0x9B   | 0   | 0   || 'ok'      | '#GP(40)'
        'conforming execute-only' | 0x9D   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'conforming readable'     | 0x9F   | 0   | 0   || 'ok'      | '#GP(40)'
        'conforming readable'     | 0x9F   | 3   | 3   || 'ok'      | '#GP(40)'
        'an LDT'                  | 0x82   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'a TSS'                   | 0x89   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'a call gate'             | 0x8C   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'absent data'             | 0x13   | 0   | 0   || '#NP(40)' | '#SS(40)'
        'absent code'             | 0x1B   | 0   | 0   || '#NP(40)' | '#GP(40)'
        'absent LDT'              | 0x02   | 0   | 0   || '#GP(40)' | '#GP(40)'
        'data of CPL 0'           | 0x93   | 0   | 3   || '#GP(40)' | '#GP(40)'
        'data of CPL 0'           | 0x93   | 3   | 0   || '#GP(40)' | '#GP(40)'
        'data of CPL 3'           | 0xF3   | 3   | 3   || 'ok'      | 'ok'
        'data of CPL 3'           | 0xF3   | 0   | 3   || 'ok'      | '#GP(40)'
        'data of CPL 3'           | 0xF3   | 3   | 0   || 'ok'      | '#GP(40)'
        'data of CPL 3'           | 0xF3   | 0   | 0   || 'ok'      | '#GP(40)'
        'data of CPL 1'           | 0xB3   | 1   | 1   || 'ok'      | 'ok'
        'data of CPL 1'           | 0xB3   | 2   | 1   || '#GP(40)' | '#GP(40)'
        'absent data of CPL 0'    | 0x13   | 3   | 3   || '#GP(40)' | '#GP(40)'
    }

    def "selector #selector into #name is #expected"() {
        given:
        machine.segment(0x44, 0x93)
        if (!ldt) {
            Segments.lldt(cpu, 0)
        }

        expect:
        outcome { Segments.load(cpu, mem, number, selector) } == expected

        where:
        number     | selector | ldt   || expected
        Segment.DS | 0        | true  || 'ok'
        Segment.GS | 3        | true  || 'ok'
        Segment.SS | 0        | true  || '#GP(0)'
        Segment.DS | 0x44     | true  || 'ok'
        Segment.SS | 0x44     | true  || 'ok'
        Segment.DS | 0x44     | false || '#GP(44)'
        Segment.DS | 0x7F8    | true  || '#GP(7f8)'
        Segment.DS | 0x800    | true  || '#GP(800)'
        Segment.SS | 0x803    | true  || '#GP(800)'
        Segment.DS | 0x84     | true  || '#GP(84)'

        name = Segment.name(number)
    }

    def "a null selector keeps its RPL and cuts off memory"() {
        when:
        Segments.load(cpu, mem, Segment.FS, 3)

        then:
        cpu.segments[Segment.FS].selector == 3
        cpu.segments[Segment.FS].isNull()
        outcome { mem.read8(Segment.FS, 0) } == '#GP(0)'
    }

    def "fills the hidden part and marks the descriptor accessed"() {
        given:
        machine.descriptor(0x40, 0x12345678, limit, 0x92, flags)

        when:
        Segments.load(cpu, mem, Segment.ES, 0x40)

        then:
        with(cpu.segments[Segment.ES]) {
            selector == 0x40
            base == 0x12345678
            it.limit == bytes
            big() == is32
            (access & Segment.ACCESSED) != 0
        }
        (machine.high(0x40) & 0xFF00) == 0x9300

        where:
        limit   | flags || bytes      | is32
        0x12345 | 0x4   || 0x12345    | true
        0x12345 | 0xC   || 0x12345FFF | true
        0xFFFFF | 0x8   || -1         | false
        0       | 0x8   || 0xFFF      | false
    }

    def "a fault changes nothing"() {
        given:
        machine.segment(0x40, 0x12)
        def before = machine.selectors()

        when:
        Segments.load(cpu, mem, Segment.DS, 0x40)

        then:
        thrown(CpuFault)
        machine.selectors() == before
        (machine.high(0x40) & 0x100) == 0
    }

    def "MOV to segment register #number is #expected, shadows #shadow"() {
        expect:
        outcome { Segments.mov(cpu, mem, number, 0x10) } == expected
        cpu.interruptShadow == shadow
        cpu.debugShadow == shadow

        where:
        number || expected | shadow
        0      || 'ok'     | false
        1      || '#UD(0)' | false
        2      || 'ok'     | true
        3      || 'ok'     | false
        5      || 'ok'     | false
        6      || '#UD(0)' | false
        7      || '#UD(0)' | false
    }

    def "MOV from segment register 6 is #UD"() {
        expect:
        outcome { Segments.selector(cpu, 6) } == '#UD(0)'
        Segments.selector(cpu, Segment.CS) == 8
    }

    def "POP of #bits bits moves ESP by #bytes, and not at all when the selector is bad"() {
        given:
        mem.write32(Segment.SS, 0x9000, 0xABCD0000 as int | selector)

        expect:
        outcome { Segments.pop(cpu, mem, Segment.DS, bits) } == expected
        cpu.regs[CpuState.ESP] == 0x9000 + bytes

        where:
        bits | selector || expected   | bytes
        32   | 0x23     || 'ok'       | 4
        16   | 0x23     || 'ok'       | 2
        32   | 0x800    || '#GP(800)' | 0
    }

    def "PUSH writes 16 bits, however far ESP moves"() {
        given:
        mem.write32(Segment.SS, 0x8FFC, -1)

        when:
        Segments.push(cpu, mem, Segment.CS, bits)

        then:
        cpu.regs[CpuState.ESP] == 0x9000 - bits.intdiv(8)
        mem.read32(Segment.SS, 0x8FFC) == dword

        where:
        bits || dword
        32   || 0xFFFF0008 as int
        16   || 0x0008FFFF
    }

    def "LES loads offset and selector, or neither"() {
        given:
        mem.write32(Segment.DS, 0x500, 0x11223344)
        mem.write16(Segment.DS, 0x500 + bits.intdiv(8), selector)
        int value = 0

        expect:
        outcome { value = Segments.les(cpu, mem, Segment.DS, 0x500, bits, 32) } == expected
        value == offset
        cpu.segments[Segment.ES].selector == es

        where:
        bits | selector || expected   | offset     | es
        32   | 0x23     || 'ok'       | 0x11223344 | 0x23
        16   | 0x23     || 'ok'       | 0x00003344 | 0x23
        32   | 0x800    || '#GP(800)' | 0          | 0x10
    }

    def "LSS loads SS without an interrupt shadow"() {
        given:
        mem.write32(Segment.DS, 0x500, 0x7000)
        mem.write16(Segment.DS, 0x504, 0x10)

        expect:
        Segments.lss(cpu, mem, Segment.DS, 0x500, 32, 32) == 0x7000
        !cpu.interruptShadow
    }

    def "in real mode the base is the selector times 16 and the limit stays"() {
        given:
        cpu.cr0 &= ~CpuState.CR0_PE

        when:
        Segments.load(cpu, mem, Segment.DS, 0x1234)

        then:
        cpu.segments[Segment.DS].base == 0x12340
        cpu.segments[Segment.DS].limit == -1
    }

    def "in virtual-8086 mode the limit is 64 KiB"() {
        given:
        machine.virtual8086()

        when:
        Segments.load(cpu, mem, Segment.DS, 0x1234)

        then:
        cpu.segments[Segment.DS].base == 0x12340
        cpu.segments[Segment.DS].limit == 0xFFFF
        outcome { mem.read16(Segment.DS, 0xFFFF) } == '#GP(0)'
    }

    // ---- questions

    def "LAR, LSL, VERR, VERW of #what with RPL #rpl at CPL #cpl: #lar #lsl #verr #verw"() {
        given:
        machine.segment(0x40, access)
        mem.cpl = cpl
        int selector = 0x40 | rpl
        def zf = { Closure question ->
            cpu.setStatusFlags(Eflags.CF | Eflags.OF)
            question()
            assert cpu.cf() && cpu.of()
            cpu.zf()
        }
        int rights = 0
        int limit = 0

        expect:
        zf { rights = Segments.lar(cpu, 77, selector, 32) } == lar
        zf { limit = Segments.lsl(cpu, 77, selector) } == lsl
        zf { Segments.verr(cpu, selector) } == verr
        zf { Segments.verw(cpu, selector) } == verw
        rights == (lar ? 0x00CF0000 | access << 8 : 77)
        limit == (lsl ? -1 : 77)

        where:
        what             | access | rpl | cpl || lar   | lsl   | verr  | verw
        'read-only data' | 0x91   | 0   | 0   || true  | true  | true  | false
        'writable data'  | 0x93   | 0   | 0   || true  | true  | true  | true
        'writable data'  | 0x93   | 3   | 0   || false | false | false | false
        'writable data'  | 0x93   | 0   | 3   || false | false | false | false
        'absent data'    | 0x13   | 0   | 0   || true  | true  | true  | true
        'execute-only'   | 0x99   | 0   | 0   || true  | true  | false | false
        'readable code'  | 0x9B   | 0   | 0   || true  | true  | true  | false
        'conforming'     | 0x9F   | 3   | 3   || true  | true  | true  | false
        '16-bit TSS'     | 0x81   | 0   | 0   || true  | true  | false | false
        'LDT'            | 0x82   | 0   | 0   || true  | true  | false | false
        'busy TSS'       | 0x8B   | 0   | 0   || true  | true  | false | false
        '16-bit gate'    | 0x84   | 0   | 0   || true  | false | false | false
        'call gate'      | 0x8C   | 0   | 0   || true  | false | false | false
        'task gate'      | 0x85   | 0   | 0   || true  | false | false | false
        'interrupt gate' | 0x8E   | 0   | 0   || false | false | false | false
        'trap gate'      | 0x8F   | 0   | 0   || false | false | false | false
        'nothing'        | 0x80   | 0   | 0   || false | false | false | false
        'TSS'            | 0x89   | 3   | 0   || false | false | false | false
    }

    def "a selector outside its table, or null, is a no and no fault"() {
        given:
        cpu.setStatusFlags(Eflags.ZF)

        expect:
        Segments.lar(cpu, 5, selector, 32) == 5
        !cpu.zf()

        where:
        selector << [0, 3, 0x800, 0x84]
    }

    def "LAR of 16 bits has the low half alone"() {
        expect:
        Segments.lar(cpu, 0, 0x23, 16) == 0xF300
    }

    def "ARPL #dst,#src gives #result, ZF #zf"() {
        expect:
        Segments.arpl(cpu, dst, src) == result
        cpu.zf() == zf

        where:
        dst    | src    || result | zf
        0x1230 | 0x0003 || 0x1233 | true
        0x1232 | 0x0001 || 0x1232 | false
        0x1231 | 0x0001 || 0x1231 | false
    }

    def "#name does not exist in virtual-8086 mode"() {
        given:
        machine.virtual8086()

        expect:
        outcome { action(cpu) } == '#UD(0)'

        where:
        name   | action
        'LAR'  | { CpuState cpu -> Segments.lar(cpu, 0, 8, 32) }
        'VERR' | { CpuState cpu -> Segments.verr(cpu, 8) }
        'ARPL' | { CpuState cpu -> Segments.arpl(cpu, 0, 8) }
        'SLDT' | { CpuState cpu -> Segments.sldt(cpu) }
        'STR'  | { CpuState cpu -> Segments.str(cpu) }
        'LLDT' | { CpuState cpu -> Segments.lldt(cpu, 8) }
    }

    // ---- LDTR and TR

    def "LLDT of #selector (access #access) is #lldt, LTR #ltr"() {
        given:
        machine.descriptor(0x40, 0x5000, 0x67, access, 0)
        machine.descriptor(0x44, 0x5000, 0x67, access, 0)

        expect:
        outcome { Segments.lldt(cpu, selector) } == lldt
        outcome { Segments.ltr(cpu, selector) } == ltr

        where:
        selector | access || lldt       | ltr
        0x40     | 0x82   || 'ok'       | '#GP(40)'
        0x40     | 0x02   || '#NP(40)'  | '#GP(40)'
        0x40     | 0x89   || '#GP(40)'  | 'ok'
        0x40     | 0x81   || '#GP(40)'  | 'ok'
        0x40     | 0x8B   || '#GP(40)'  | '#GP(40)'
        0x40     | 0x09   || '#GP(40)'  | '#NP(40)'
        0x40     | 0x93   || '#GP(40)'  | '#GP(40)'
        0x44     | 0x82   || '#GP(44)'  | '#GP(44)'
        0x44     | 0x89   || '#GP(44)'  | '#GP(44)'
        0        | 0      || 'ok'       | '#GP(0)'
        0x800    | 0      || '#GP(800)' | '#GP(800)'
    }

    def "LTR makes the task busy"() {
        given:
        machine.descriptor(0x40, 0x5000, 0x67, 0x89, 0)

        when:
        Segments.ltr(cpu, 0x40)

        then:
        (machine.high(0x40) & 0xFF00) == 0x8B00
        cpu.tr.base == 0x5000
        Segments.str(cpu) == 0x40
    }
}
