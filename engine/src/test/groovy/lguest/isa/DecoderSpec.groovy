package lguest.isa

import lguest.isa.Operand.FarPointer
import lguest.isa.Operand.Immediate
import lguest.isa.Operand.Memory
import lguest.isa.Operand.Numbered
import lguest.isa.Operand.Register
import lguest.isa.Operand.StringElement
import lguest.isa.Operand.Target
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('Decoding instructions')
@See('Intel SDM vol. 2A, Instruction Format')
class DecoderSpec extends Specification {
    private static final int NONE = Operand.NO_REGISTER
    private static final int ES = 0, SS = 2, DS = 3, FS = 4

    @Unroll('#hex is #length long in #bits-bit code')
    def "knows where an instruction ends"() {
        expect:
        decode(hex, bits == 32).length() == length

        where:
        hex                          | bits || length
        '90'                         | 32   || 1
        '05 01 02 03 04'             | 32   || 5
        '66 05 01 02'                | 32   || 4
        '05 01 02'                   | 16   || 3
        '66 05 01 02 03 04'          | 16   || 6
        '8B 84 24 01 02 03 04'       | 32   || 7
        '8B 04 25 01 02 03 04'       | 32   || 7
        '67 8B 46 01'                | 32   || 4
        '8B 0E 01 02'                | 16   || 4
        '81 84 24 01 02 03 04 05 06 07 08' | 32 || 11
        'C8 01 02 03'                | 32   || 4
        '9A 01 02 03 04 05 06'       | 32   || 7
        '66 9A 01 02 03 04'          | 32   || 6
        'A1 01 02 03 04'             | 32   || 5
        '67 A1 01 02'                | 32   || 4
        'F6 C0 01'                   | 32   || 3
        'F6 D0'                      | 32   || 2
        'F7 C0 01 02 03 04'          | 32   || 6
        '0F 80 01 02 03 04'          | 32   || 6
        '0F BA E0 1F'                | 32   || 4
        'D9 04 24'                   | 32   || 3
        '66 66 66 90'                | 32   || 4
    }

    @Unroll('#hex addresses #memory')
    def "computes addresses"() {
        expect:
        decode(hex, bits == 32).memory() == memory

        where:
        hex                       | bits || memory
        '8B 00'                   | 32   || new Memory(0, NONE, 0, 0, DS, 32, 32)
        '8B 45 FC'                | 32   || new Memory(5, NONE, 0, -4, SS, 32, 32)
        '8B 04 24'                | 32   || new Memory(4, NONE, 0, 0, SS, 32, 32)
        '8B 44 88 80'             | 32   || new Memory(0, 1, 2, -128, DS, 32, 32)
        '8B 04 2B'                | 32   || new Memory(3, 5, 0, 0, DS, 32, 32)
        '8B 05 00 10 00 C0'       | 32   || new Memory(NONE, NONE, 0, 0xC0001000 as int, DS, 32, 32)
        '8B 04 8D 00 10 00 C0'    | 32   || new Memory(NONE, 1, 2, 0xC0001000 as int, DS, 32, 32)
        '64 8A 05 04 00 00 00'    | 32   || new Memory(NONE, NONE, 0, 4, FS, 32, 8)
        '3E 8B 45 FC'             | 32   || new Memory(5, NONE, 0, -4, DS, 32, 32)
        '67 8B 42 10'             | 32   || new Memory(5, 6, 0, 16, SS, 16, 32)
        '8B 07'                   | 16   || new Memory(3, NONE, 0, 0, DS, 16, 16)
        '8B 80 00 F0'             | 16   || new Memory(3, 6, 0, -4096, DS, 16, 16)
        '8B 0E 00 F0'             | 16   || new Memory(NONE, NONE, 0, 0xF000, DS, 16, 16)
        '67 66 8B 04 24'          | 16   || new Memory(4, NONE, 0, 0, SS, 32, 32)
        'A0 00 10 00 C0'          | 32   || new Memory(NONE, NONE, 0, 0xC0001000 as int, DS, 32, 8)
        '8D 40 01'                | 32   || new Memory(0, NONE, 0, 1, DS, 32, 0)
        'DB 28'                   | 32   || new Memory(0, NONE, 0, 0, DS, 32, 80)
        'FF 28'                   | 32   || new Memory(0, NONE, 0, 0, DS, 32, 48)
    }

    @Unroll('#hex has operands #operands')
    def "finds operands"() {
        expect:
        decode(hex, true).operands() == operands

        where:
        hex                    || operands
        '01 D8'                || [new Register(0, 32), new Register(3, 32)]
        '66 03 C3'             || [new Register(0, 16), new Register(3, 16)]
        '00 E1'                || [new Register(1, 8), new Register(4, 8)]
        '83 C0 FF'             || [new Register(0, 32), new Immediate(-1, 32)]
        '66 83 C0 FF'          || [new Register(0, 16), new Immediate(0xFFFF, 16)]
        '6A FF'                || [new Immediate(-1, 32)]
        'B0 FF'                || [new Register(0, 8), new Immediate(0xFF, 8)]
        'C1 E0 04'             || [new Register(0, 32), new Immediate(4, 8)]
        'D1 E0'                || [new Register(0, 32), new Immediate(1, 8)]
        'D3 E0'                || [new Register(0, 32), new Register(1, 8)]
        'EB FE'                || [new Target(-2, 32)]
        '66 E9 00 80'          || [new Target(-32768, 16)]
        'EA 78 56 34 12 60 00' || [new FarPointer(0x60, 0x12345678, 48)]
        '8E D8'                || [new Numbered(Numbered.Kind.SEGMENT, DS), new Register(0, 32)]
        '1E'                   || [new Numbered(Numbered.Kind.SEGMENT, DS)]
        '0F 22 D8'             || [new Numbered(Numbered.Kind.CONTROL, 3), new Register(0, 32)]
        '0F 22 18'             || [new Numbered(Numbered.Kind.CONTROL, 3), new Register(0, 32)]
        '0F 23 F8'             || [new Numbered(Numbered.Kind.DEBUG, 7), new Register(0, 32)]
        'A5'                   || [new StringElement(7, ES, 32, 32), new StringElement(6, DS, 32, 32)]
        '64 67 A4'             || [new StringElement(7, ES, 16, 8), new StringElement(6, FS, 16, 8)]
        'D8 C3'                || [new Operand.StackTop(), new Numbered(Numbered.Kind.X87, 3)]
        '69 C3 01 00 00 00'    || [new Register(0, 32), new Register(3, 32), new Immediate(1, 32)]
        'E5 60'                || [new Register(0, 32), new Immediate(0x60, 8)]
    }

    @Unroll('#hex works on #bits bits from #sourceBits')
    def "tells how wide the operands are"() {
        given:
        def insn = decode(hex, true)

        expect:
        [insn.bits(), insn.sourceBits()] == [bits, sourceBits]

        where:
        hex        || bits | sourceBits
        '00 C0'    || 8    | 8
        '66 01 C0' || 16   | 16
        '0F BE C0' || 32   | 8
        '0F BF C0' || 32   | 16
        'EE'       || 16   | 8
        '90'       || 32   | 32
        '6A 01'    || 32   | 32
    }

    @Unroll('#hex')
    def "takes prefixes in any order, the last of a kind counts"() {
        given:
        def insn = decode(hex, true)

        expect:
        insn.repeat() == repeat
        insn.segment() == segment
        insn.operandBits() == operandBits
        insn.addressBits() == addressBits

        where:
        hex              || repeat      | segment | operandBits | addressBits
        'A5'             || 0           | DS      | 32          | 32
        'F3 A5'          || Insn.REP    | DS      | 32          | 32
        'F3 F2 A5'       || Insn.REPNE  | DS      | 32          | 32
        '66 F3 A5'       || Insn.REP    | DS      | 16          | 32
        'F3 66 64 A5'    || Insn.REP    | FS      | 16          | 32
        '64 67 66 F3 A5' || Insn.REP    | FS      | 16          | 16
        '64 36 A5'       || 0           | SS      | 32          | 32
        '66 66 A5'       || 0           | DS      | 16          | 32
    }

    @Unroll('#hex')
    def "keeps the condition of conditional instructions"() {
        expect:
        decode(hex, true).cc() == cc

        where:
        hex                 || cc
        '75 00'             || 5
        '0F 8F 00 00 00 00' || 15
        '0F 94 C0'          || 4
        '0F 42 C0'          || 2
    }

    @Unroll('#hex: #form')
    def "lets modrm.mod choose between rows"() {
        expect:
        decode(hex, true).row().form() == form

        where:
        hex        || form
        '0F A3 00' || 'BT Mv,Gv'
        '0F A3 C0' || 'BT Rv,Gv'
        '8C 00'    || 'MOV Mw,Sw'
        '8C C0'    || 'MOV Rv,Sw'
        'DF 20'    || 'FBLD Mt'
        'DF E0'    || 'FNSTSW AX'
        'D9 00'    || 'FLD Md'
        'D9 C1'    || 'FLD STi'
    }

    @Unroll('#hex, #length bytes of it')
    def "calls undefined what has no row"() {
        given:
        def insn = decode(hex, true)

        expect:
        insn.row().is(Table.UNDEFINED)
        insn.row().semantics() == 'ud'
        insn.length() == length
        insn.operands().empty

        where:
        hex        || length
        '0F 04'    || 2        // no such opcode
        '0F 38 00' || 2        // SSSE3
        'F3 0F 6E C0' || 3     // MOVD has no such prefix
        'FF F8'    || 2        // group 5 /7
        'FE 10'    || 2        // group 4 /2
        '8D C0'    || 2        // LEA of a register
        'C5 C0'    || 2        // LDS of a register
        '8E F0'    || 2        // no such segment register
        'D9 D1'    || 2
        '0F C7 C8' || 3        // CMPXCHG8B of a register
    }

    @Unroll('LOCK #hex: #allowed')
    def "allows LOCK only before a memory destination"() {
        given:
        def insn = decode('F0 ' + hex, true)

        expect:
        insn.row().is(Table.UNDEFINED) != allowed
        insn.lock()

        where:
        hex           || allowed
        '01 00'       || true
        '01 C0'       || false
        '03 00'       || false
        '39 00'       || false
        '89 00'       || false
        '87 00'       || true
        '0F C1 00'    || true
        '0F B1 00'    || true
        '0F C7 08'    || true
        '0F AB 00'    || true
        '0F A3 00'    || false
        '0F BA 28 01' || true
        '90'          || false
        'F3 A4'       || false
    }

    def "refuses more than 15 bytes"() {
        given:
        def insn = decode(hex, true)

        expect:
        insn.row().is(row)
        insn.length() == 15

        where:
        hex                          || row
        '66 ' * 14 + '90'            || decode('90', true).row()
        '66 ' * 15 + '90'            || Table.TOO_LONG
        '2E ' * 11 + '05 01 02 03 04' || Table.TOO_LONG
        '2E ' * 10 + '05 01 02 03 04' || decode('05 01 02 03 04', true).row()
    }

    def "asks for no byte beyond the instruction"() {
        given:
        int asked = 0
        def nops = { asked++; 0x90 } as CodeBytes

        expect:
        Decoder.decode(nops, true).length() == 1
        asked == 1
    }

    def "lets a fault of the fetch pass"() {
        given:
        def fault = new IllegalStateException('page fault')
        int fetched = 0

        when:
        Decoder.decode({ if (fetched++ == 2) { throw fault } else { 0x05 } } as CodeBytes, true)

        then:
        def thrown = thrown(IllegalStateException)
        thrown.is(fault)
    }

    def "decodes any bytes to something of 1 to 15 bytes"() {
        given:
        def random = new Random(5)
        def code = new byte[100_000]
        random.nextBytes(code)

        expect:
        [true, false].every { code32 ->
            int at = 0
            while (at < code.length - 15) {
                int start = at
                def insn = Decoder.decode({ code[at++] & 0xFF } as CodeBytes, code32)
                assert insn.length() == at - start && insn.length() in 1..15
            }
            true
        }
    }

    @Unroll('#hex at #eip goes to #target')
    def "resolves jumps"() {
        given:
        def insn = decode(hex, bits == 32)

        expect:
        insn.target(insn.operands()[0], eip as int) == target as int

        where:
        hex              | bits | eip        || target
        'EB FE'          | 32   | 0x1000     || 0x1000
        'E8 00 00 00 C0' | 32   | 0x1000     || 0xC0001005
        'EB 10'          | 32   | 0xFFFFFFF8 || 0xA
        '66 E9 FF 7F'    | 32   | 0x18000    || 0x3
        'EB 10'          | 16   | 0xFFF8     || 0xA
    }

    private static Insn decode(String hex, boolean code32) {
        def bytes = hex.replace(' ', '').decodeHex()
        int at = 0
        Decoder.decode({ at < bytes.length ? bytes[at++] & 0xFF : 0 } as CodeBytes, code32)
    }
}
