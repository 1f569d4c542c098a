package lguest.isa

import groovy.transform.CompileStatic
import spock.lang.IgnoreIf
import spock.lang.See
import spock.lang.Specification
import spock.lang.Unroll

@See('https://sourceware.org/binutils/docs/binutils/objdump.html')
class DisassemblerSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.seed', 20071009L)

    @Unroll('#hex is #intel, #att')
    def "prints both notations"() {
        given:
        def insn = decode(hex)

        expect:
        Disassembler.intel(insn, 0x1000) == intel
        Disassembler.att(insn, 0x1000) == att

        where:
        hex                      || intel                                             | att
        '90'                     || 'nop'                                             | 'nop'
        'F3 90'                  || 'pause'                                           | 'pause'
        '66 90'                  || 'xchg   ax,ax'                                    | 'xchg   %ax,%ax'
        '8B 45 FC'               || 'mov    eax,DWORD PTR [ebp-0x4]'                  | 'mov    -0x4(%ebp),%eax'
        '83 45 FC 01'            || 'add    DWORD PTR [ebp-0x4],0x1'                  | 'addl   $0x1,-0x4(%ebp)'
        '66 83 C0 FF'            || 'add    ax,0xffff'                                | 'add    $0xffff,%ax'
        '8D B4 26 00 00 00 00'   || 'lea    esi,[esi+eiz*1+0x0]'                      | 'lea    0x0(%esi,%eiz,1),%esi'
        '8B 0C B5 00 00 10 C0'   || 'mov    ecx,DWORD PTR [esi*4-0x3ff00000]'         | 'mov    -0x3ff00000(,%esi,4),%ecx'
        '65 A1 14 00 00 00'      || 'mov    eax,gs:0x14'                              | 'mov    %gs:0x14,%eax'
        'F3 A5'                  || 'rep movs DWORD PTR es:[edi],DWORD PTR ds:[esi]'  | 'rep movsl %ds:(%esi),%es:(%edi)'
        'F2 AE'                  || 'repnz scas al,BYTE PTR es:[edi]'                 | 'repnz scas %es:(%edi),%al'
        'F0 0F C1 02'            || 'lock xadd DWORD PTR [edx],eax'                   | 'lock xadd %eax,(%edx)'
        '75 FE'                  || 'jne    0x1000'                                   | 'jne    0x1000'
        'E8 FB EF FF FF'         || 'call   0x0'                                      | 'call   0x0'
        'EA 00 00 10 00 60 00'   || 'jmp    0x60:0x100000'                            | 'ljmp   $0x60,$0x100000'
        'CD 1F'                  || 'int    0x1f'                                     | 'int    $0x1f'
        'D1 E0'                  || 'shl    eax,1'                                    | 'shl    %eax'
        '0F B6 C0'               || 'movzx  eax,al'                                   | 'movzbl %al,%eax'
        '0F 20 C0'               || 'mov    eax,cr0'                                  | 'mov    %cr0,%eax'
        'DC E1'                  || 'fsubr  st(1),st'                                 | 'fsub   %st,%st(1)'
        'EC'                     || 'in     al,dx'                                    | 'in     (%dx),%al'
        '0F FF'                  || 'ud0    eax,DWORD PTR [eax]'                      | 'ud0    (%eax),%eax'
        '0F 04'                  || '(bad)'                                           | '(bad)'
    }

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

    private static Insn decode(String hex) {
        def bytes = hex.replace(' ', '').decodeHex()
        int at = 0
        Decoder.decode({ at < bytes.length ? bytes[at++] & 0xFF : 0 } as CodeBytes, true)
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
