package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.cpu.Eflags
import lguest.isa.Row

/** A piece of code with debug registers set: the request of dboracle.c. */
@CompileStatic
class DebugCase {
    static final int BYTES = IntegerCase.REQUEST_BYTES + 6 * 4
    /** R/W fields. */
    static final int EXECUTE = 0
    static final int WRITE = 1
    static final int ACCESS = 3

    IntegerCase code
    /** DR0 to DR3. */
    int[] address = [IntegerCase.DATA, IntegerCase.DATA, IntegerCase.DATA, IntegerCase.DATA] as int[]
    /** DR7. */
    int control
    /** TF and RF. */
    int eflags

    /** @param lengthBytes 1, 2, 4 or 8 */
    void breakpoint(int n, int at, int type, int lengthBytes) {
        address[n] = at & -lengthBytes
        control |= 2 << 2 * n | type << 16 + 4 * n | [1: 0, 2: 1, 8: 2, 4: 3][lengthBytes] << 18 + 4 * n
    }

    boolean isCode(int n) {
        (control >>> 2 * n & 3) != 0 && (control >>> 16 + 4 * n & 3) == EXECUTE
    }

    /** That of the instruction there, null if none begins there. */
    Row rowAt(int eip) {
        int at = code.starts.indexOf(eip - code.eip)
        at < 0 || at >= code.rows.size() ? null : code.rows[at]
    }

    /** Whether a repeated string instruction begins there. */
    boolean repeats(int eip) {
        rowAt(eip)?.semantics()?.startsWith('strings.')
    }

    /** That of the instruction which ends there, and the one before it if its traps come that late. */
    List<Row> rowsBefore(int eip) {
        int at = code.starts.indexOf(eip - code.eip)
        List<Row> before = at < 1 ? [] : [code.rows[at - 1]]
        at > 1 && code.rows[at - 2].semantics().startsWith('segments.') ? before + code.rows[at - 2] : before
    }

    /** Those of B0 to B3 that are breakpoints of instructions. */
    int codeBits() {
        (0..3).sum { int n -> isCode(n) ? 1 << n : 0 } as int
    }

    static ByteBuffer requests(List<DebugCase> cases) {
        ByteBuffer out = ByteBuffer.allocate(BYTES * cases.size()).order(ByteOrder.LITTLE_ENDIAN)
        cases.each { DebugCase it ->
            it.code.put(out)
            it.address.each { int at -> out.putInt(at) }
            out.putInt(it.control).putInt(it.eflags)
        }
        out
    }

    String toString() {
        String breakpoints = (0..3).findAll { int n -> (control >>> 2 * n & 3) != 0 }.collect { int n ->
            String.format('  DR%d %08X %s, %s bytes%n', n, address[n], ['executed', 'written', 'port', 'read or written'][control >>> 16 + 4 * n & 3],
                [1, 2, 8, 4][control >>> 18 + 4 * n & 3])
        }.join('')
        "$code${breakpoints}  begins with ${Eflags.describe(eflags)}\n"
    }
}
