package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.Eflags
import lguest.isa.CodeBytes
import lguest.isa.Decoder

/** What random code does not come by: written by hand, with every breakpoint that it can meet, and those next to them. */
@CompileStatic
class DebugSnippets {
    private static final int DATA = IntegerCase.DATA
    /** EAX ECX EDX EBX ESP EBP ESI EDI; the last two lie before page boundaries. */
    private static final int[] REGS = [DATA + 0x100, 3, DATA + 0x300, DATA + 0x200, DATA + 0x9000, DATA + 0x9100, DATA + 0xFFC, DATA + 0x1FFE] as int[]
    /** Nothing is there. */
    private static final String NOWHERE = '00 00 00 30'

    /** An instruction is a string of hexadecimal bytes. */
    static final Map<String, List<String>> ALL = [
        'MOV'                                   : ['8B 07', '89 03', '8A 4B 03', '66 89 4B 05', 'C7 02 78 56 34 12'],
        'unaligned, across pages'               : ['89 07', '8B 46 02', '66 89 46 03'],
        'read, modify, write'                   : ['FF 02', '0F AB 0B', 'F0 01 4A 02', '87 0A', '0F C1 0B', 'F7 1B', '66 F7 13'],
        'reads only'                            : ['39 0A', '84 2A', '0F A3 0B', 'F7 02 01 00 00 00', 'D7'],
        'no access at all'                      : ['8D 02', '0F 18 0A', '0F 1F 02', '90', '66 90'],
        'CMPXCHG, unequal'                      : ['0F B1 0A', 'B8 00 00 00 00', 'F0 0F B0 0B', '0F C7 0B'],
        'CMPXCHG, equal'                        : ['8B 02', '0F B1 0A'],
        'SETcc, CMOVcc'                         : ['0F 92 02', '0F 44 0B', '0F 45 0B'],
        'far bits'                              : ['B9 00 08 00 00', '0F BB 0A'],
        'PUSH, POP'                             : ['50', '66 53', 'FF 32', '8F 03', '58', '6A 01', '9C', '9D'],
        'PUSHA, POPA'                           : ['60', '61', '66 60', '66 61'],
        'ENTER, LEAVE'                          : ['C8 10 00 02', 'C9'],
        'CALL, RET'                             : ['E8 00 00 00 00', '58', '68 0B 08 00 10', 'C3'],
        'CALL, JMP by memory'                   : ['C7 02 0A 08 00 10', 'FF 22', '90', '90', '90', 'C7 02 16 08 00 10', 'FF 12', '90'],
        'string instructions, once'             : ['A5', 'AA', '66 AD', 'AF', 'A6'],
        'REP MOVSD across pages'                : ['F3 A5', '90'],
        'REP MOVSB'                             : ['F3 A4', '90'],
        'REP MOVSW down'                        : ['FD', 'F3 66 A5', 'FC'],
        'REP STOSD across pages'                : ['F3 AB', '90'],
        'REP LODSB'                             : ['F3 AC', '90'],
        'REPE CMPSB'                            : ['F3 A6', '90'],
        'REPNE SCASB'                           : ['B0 00', 'F2 AE', '90'],
        'REP with a count of 0'                 : ['31 C9', 'F3 A4', '90'],
        'x87 loads'                             : ['D9 02', 'DD 03', 'DB 2F', 'DF 2A', 'DF 22', 'D8 02'],
        'x87 stores'                            : ['D9 EB', 'D9 12', 'DD 13', 'DB 3F', 'D9 E8', 'DB 12', 'DF 3B', 'D9 E8', 'DF 32'],
        'x87 environment'                       : ['D9 32', 'D9 22', '9B', 'D9 3B', 'D9 2B', 'DD 3A', 'DD 3A'],
        'FNSAVE, FRSTOR'                        : ['DD 37', 'DD 27'],
        'FXSAVE, FXRSTOR'                       : ['0F AE 02', '0F AE 0A'],
        'SSE'                                   : ['0F 10 07', '0F 11 46 FD', 'F3 0F 11 02', '0F 13 02', '0F 17 03', '0F 29 02', '0F 28 03', '0F AE 1A', '0F AE 12'],
        'SSE2'                                  : ['F3 0F 6F 07', 'F3 0F 7F 46 FD', '66 0F D6 02', '66 0F 7E 03', 'F2 0F 11 02', '66 0F E7 02', '0F C3 0A'],
        'MMX'                                   : ['0F 6F 07', '0F 7F 46 FE', '0F 6E 02', '0F 7E 03', '0F E7 02', '0F 77'],
        'INT3'                                  : ['90', 'CC'],
        'INT n and INTO'                        : ['90', 'CD 21'],
        'UD2'                                   : ['90', '0F 0B'],
        'a fault after a read'                  : ['90', "FF 35 $NOWHERE".toString()],
        'a fault after half a write'            : ["89 25 04 00 00 20", "BC $NOWHERE".toString(), 'FF 32'],
        'MOVS to nowhere'                       : ["BF $NOWHERE".toString(), 'A5'],
        'REP MOVSB up to where data end'        : ['BF FE FF 00 20', 'F3 A4'],
        'MOV SS'                                : ['66 B8 2B 00', '8E D0', '90', '90'],
        'MOV SS, twice'                         : ['66 B8 2B 00', '8E D0', '8E D0', '90', '90'],
        'MOV SS from memory'                    : ['C7 02 2B 00 00 00', '8E 12', '90', '90'],
        'MOV SS from memory, then a write'      : ['C7 02 2B 00 00 00', '8E 12', '89 0B', '90'],
        'POP SS'                                : ['6A 2B', '17', '40', '90', '66 6A 2B', '66 17', '40', '90'],
        'POP SS, POP ESP'                       : ['54', '6A 2B', '17', '5C', '90'],
        'MOV SS, then INT3'                     : ['C7 02 2B 00 00 00', '8E 12', 'CC'],
        'MOV SS, then a fault'                  : ['C7 02 2B 00 00 00', '8E 12', '0F 0B'],
        'LSS'                                   : ['89 22', 'C7 42 04 2B 00 00 00', '0F B2 22', '90', '90'],
        'POPF sets TF'                          : ['9C', '80 4C 24 01 01', '9D', '90', '90'],
        'POPF clears TF'                        : ['9C', '80 64 24 01 FE', '9D', '90', '90'],
        'POPF sets no RF'                       : ['9C', '81 0C 24 00 00 01 00', '9D', '90', '90'],
        'PUSHF shows no RF, and TF'             : ['9C', '58', '90'],
        'IRET with RF'                          : ['9C', '81 0C 24 00 00 01 00', '6A 23', '68 10 08 00 10', 'CF', '90', '90'],
        'IRET without RF'                       : ['9C', '6A 23', '68 09 08 00 10', 'CF', '90', '90'],
        'IRET with RF and TF'                   : ['9C', '81 0C 24 00 01 01 00', '6A 23', '68 10 08 00 10', 'CF', '90', '90'],
        '16-bit IRET'                           : ['66 9C', '66 6A 23', '66 68 0B 08', '66 CF'],
        'LOOP'                                  : ['90', 'E2 FD', '90'],
        'BOUND, ARPL'                           : ['62 03', '90'],
        'LDS'                                   : ['C7 42 04 2B 00 00 00', 'C5 02', '90'],
        'PUSH, POP of segment registers'        : ['66 1E', '66 1F', '66 06', '66 07'],
        'MOV from a segment register'           : ['8C 1A', '8C D3'],
        'XLAT, BT of memory'                    : ['D7', '0F A3 0A'],
        'address size'                          : ['67 8B 07', '90'],
    ]

    /**
     * Every case of a snippet.
     *
     * @param scout runs it first, and sees what it accesses
     * @param most of more places than that only some are tried
     */
    static List<DebugCase> cases(List<String> instructions, IntegerBench scout, int most) {
        IntegerCase code = code(instructions)
        List<List<Integer>> places = []
        for (int n = 0; n < code.starts.size(); n++) {
            places << [code.eip + code.starts[n], DebugCase.EXECUTE, 1]
        }
        accesses(code, scout).each { int[] access ->
            [DebugCase.WRITE, DebugCase.ACCESS].each { int type ->
                [access[0] - 1, access[0], access[0] + access[1] - 1, access[0] + access[1]].each { int at -> places << [at, type, 1] }
                [2, 4, 8].each { int length -> places << [access[0] & -length, type, length] << [access[0] + access[1] & -length, type, length] }
            }
        }
        places.unique()
        int every = places.size().intdiv(most) + 1
        List<List<Integer>> some = (0..<places.size()).step(every).collect { int it -> places[it] }
        List<DebugCase> cases = []
        [0, Eflags.TF, Eflags.RF, Eflags.TF | Eflags.RF].each { int eflags ->
            cases << new DebugCase(code: code, eflags: eflags)
            some.each { List<Integer> place -> cases << with(new DebugCase(code: code, eflags: eflags), 0, place) }
        }
        // And all of them together, four at a time.
        for (List<List<Integer>> four : some.collate(4)) {
            DebugCase one = new DebugCase(code: code)
            four.eachWithIndex { List<Integer> place, int n -> with(one, n, place) }
            cases << one
        }
        cases
    }

    private static DebugCase with(DebugCase one, int n, List<Integer> place) {
        one.breakpoint(n, place[0], place[1], place[2])
        one
    }

    private static List<int[]> accesses(IntegerCase code, IntegerBench scout) {
        List<int[]> accesses = []
        scout.mem.watch(DebugRandom.DATA_PAGES) { int linear, int bits, int value, boolean write -> accesses << ([linear, bits >> 3] as int[]) }
        scout.run(code)
        accesses
    }

    private static IntegerCase code(List<String> instructions) {
        IntegerCase code = new IntegerCase(regs: REGS.clone())
        code.code = bytes(instructions.join(' '))
        instructions.each { String one ->
            byte[] bytes = bytes(one)
            int at = 0
            code.rows << Decoder.decode({ bytes[at++] & 0xFF } as CodeBytes, true).row()
            assert at == bytes.length: one
            code.starts << code.starts[-1] + at
        }
        code
    }

    private static byte[] bytes(String hex) {
        hex.split(' ').collect { String it -> (byte) Integer.parseInt(it, 16) } as byte[]
    }
}
