package lguest.isa

import groovy.transform.CompileStatic
import spock.lang.IgnoreIf
import spock.lang.See
import spock.lang.Specification
import spock.lang.Unroll

@See('https://sourceware.org/binutils/docs/binutils/objdump.html')
class DisassemblerSlowSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.seed', 20071009L)

    @IgnoreIf(value = { !Objdump.available }, reason = 'objdump is not installed')
    @Unroll('#count instructions of every row, #bits-bit code, #syntax syntax')
    def "agrees with objdump"() {
        given:
        def stream = new Stream(SEED, bits == 32)
        Table.rows().findAll { comparable(it) }.each { row -> stream.add(row, count) }
        def code = stream.code

        when:
        def theirs = Objdump.disassemble(code, bits == 32, syntax)
        def differences = stream.differences(theirs, syntax)

        then:
        stream.starts.size() >= count * 750
        differences.isEmpty()

        where:
        bits | syntax  | count
        32   | 'intel' | 250
        32   | 'att'   | 250
        16   | 'intel' | 25
        16   | 'att'   | 25
    }

    /** Rows whose bytes objdump reads as later processors do, or takes for undefined though processors execute them. */
    private static boolean comparable(Row row) {
        !(row.op() in ['D6', 'NP 0F AE E8+', 'NP 0F AE F0+', 'NP 0F AE F8+', '0F 1A', '0F 1B', '0F 1C', '0F 1E',
                       'D9 D8+', 'DC D0+', 'DC D8+', 'DD C8+', 'DE D0+', 'DF C8+', 'DF D0+', 'DF D8+'])
    }

    /** One instruction after the other, as objdump reads a file. */
    @CompileStatic
    private static class Stream {
        private final RandomCode random
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream()
        final List<Integer> starts = []

        Stream(long seed, boolean code32) {
            random = new RandomCode(seed, code32)
        }

        void add(Row row, int count) {
            count.times {
                starts << bytes.size()
                bytes.write(random.encode(row))
                if (row.form() == 'FWAIT') {
                    bytes.write(0x90) // objdump joins it with an x87 instruction
                }
            }
        }

        byte[] getCode() {
            bytes.toByteArray()
        }

        /** The first ten instructions that read otherwise: address, bytes, theirs, ours. */
        List<String> differences(Map<Integer, String> theirs, String syntax) {
            byte[] code = code
            List<String> found = []
            for (int start : starts) {
                int at = start
                Insn insn = Decoder.decode({ code[at++] & 0xFF } as CodeBytes, random.code32)
                String ours = syntax == 'intel' ? Disassembler.intel(insn, start) : Disassembler.att(insn, start)
                if (theirs[start] != ours) {
                    String bytes = Arrays.copyOfRange(code, start, at).encodeHex()
                    found << String.format('%x: %s (%s) objdump: %s | ours: %s', start, bytes, insn.row(), theirs[start], ours)
                    if (found.size() == 10) {
                        break
                    }
                }
            }
            found
        }
    }
}
