package lguest.isa

import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('The instruction table')
class TableSpec extends Specification {
    private static final List<Integer> PREFIXES = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3]
    private static final int ESCAPE = 0x0F

    def "has a row for every one-byte opcode that is no prefix"() {
        expect:
        (0..255).findAll { Table.oneByte(it) == null } as Set == (PREFIXES + [ESCAPE]) as Set
    }

    @Unroll('0F #range: #slots of 16 opcodes')
    def "has the two-byte opcodes of a Pentium 4"() {
        expect:
        range.count { opcode -> (0..3).any { Table.twoByte(it, opcode) != null } } == slots

        where:
        range        | slots
        0x00..0x0F   | 9      // groups 6 and 7, LAR, LSL, CLTS, INVD, WBINVD, UD2, prefetch
        0x10..0x1F   | 16     // hint NOPs
        0x20..0x2F   | 12     // control and debug registers
        0x30..0x3F   | 6      // model-specific registers and counters, SYSENTER, SYSEXIT
        0x40..0x4F   | 16     // CMOVcc
        0x50..0x5F   | 16     // SSE, as many that follow
        0x60..0x6F   | 16
        0x70..0x7F   | 10
        0x80..0x8F   | 16     // Jcc
        0x90..0x9F   | 16     // SETcc
        0xA0..0xAF   | 13
        0xB0..0xBF   | 15
        0xC0..0xCF   | 16     // XADD, CMPXCHG8B, BSWAP
        0xD0..0xDF   | 15
        0xE0..0xEF   | 16
        0xF0..0xFF   | 15     // UD0
    }

    def "is reached by its own encodings, row by row"() {
        given: 'a row that another one shadowed would never be decoded to'
        def random = new RandomCode(1, true)

        expect:
        Table.rows().every { row ->
            (1..50).every {
                def code = random.encode(row)
                int at = 0
                def insn = Decoder.decode({ code[at++] & 0xFF } as CodeBytes, true)
                assert insn.row().is(row), "$row, bytes ${code.encodeHex()}, gave ${insn.row()}"
                insn.length() == code.length
            }
        }
    }

    def "refuses rows that overlap"() {
        when:
        Table.place(new Row(op, form, 'alu.add', '-', ''))

        then:
        def refusal = thrown(IllegalArgumentException)
        refusal.message.contains('overlaps')

        where:
        op      | form
        '01'    | 'ADD Ev,Gv'
        '80 /0' | 'ADD Eb,Ib'
        '70cc'  | 'Jcc Jb'
        '50+'   | 'PUSH Zv'
        'D9 E0' | 'FCHS'
        '0F A3' | 'BT Rv,Gv'
        '66 0F 58' | 'ADDPD Vpd,Wpd'
        '66 0F AF' | 'IMUL Gv,Ev'
    }

    @Unroll('#form #notes: #complaint')
    def "refuses what it does not know"() {
        when:
        new Row('D6', form, 'alu.add', '-', notes)

        then:
        def refusal = thrown(IllegalArgumentException)
        refusal.message == complaint

        where:
        form        | notes       || complaint
        'ADD Hv,Gv' | ''          || "no operand is called 'Hv'"
        'ADD Ek,Gv' | ''          || "no operand size is called 'k'"
        'ADD Ev,Gv' | 'lock ends!' || "no note is called 'ends!'"
    }

    def "describes flags as read->written(undefined?)"() {
        expect:
        Table.rows().every { row ->
            assert row.flags() ==~ /-|(all|cc|[OSZAPCDI]*)->(all|[OSZAPCDI]*(\([OSZAPC]+\?\))?)/, "$row: ${row.flags()}"
            true
        }
    }

    def "names semantics by class and method"() {
        given:
        def classes = '(alu|bcd|bits|control|far|mov|muldiv|packed|ports|segments|shift|sse|stack|strings|sys|x87)'

        expect:
        Table.rows().every { row ->
            assert row.semantics() ==~ /-|ud|$classes\.[a-z][a-z0-9A-Z]*/, "$row: ${row.semantics()}"
            true
        }
    }

    def "demands features that a processor model can lack"() {
        expect:
        Table.rows()*.feature() as Set == ['', 'CLFSH', 'CMOV', 'CX8', 'FPU', 'FXSR', 'MMX', 'MSR', 'SSE', 'SSE2', 'TSC'] as Set
    }

    def "allows LOCK where the manual does"() {
        expect: 'SDM vol. 2A "LOCK"'
        Table.rows().findAll { it.lock() }*.mnemonic(32) as Set == [
            'ADD', 'ADC', 'AND', 'BTC', 'BTR', 'BTS', 'CMPXCHG', 'CMPXCHG8B', 'DEC', 'INC', 'NEG', 'NOT', 'OR', 'SBB', 'SUB', 'XOR',
            'XADD', 'XCHG'] as Set
    }
}
