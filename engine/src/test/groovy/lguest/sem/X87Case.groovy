package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** One instruction with everything it starts from. The layouts are those of x87oracle.c. */
@CompileStatic
class X87Case {
    static final int STATE_BYTES = 108
    static final int MEMORY_BYTES = 128
    static final int REQUEST_BYTES = 16 + STATE_BYTES + MEMORY_BYTES
    static final int ANSWER_BYTES = 8 + STATE_BYTES + MEMORY_BYTES

    X87Row row
    int sti
    int operandBits = 32
    int eflags = 2
    int eax
    byte[] state = new byte[STATE_BYTES]
    byte[] memory = new byte[MEMORY_BYTES]

    byte[] request() {
        ByteBuffer out = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        byte[] code = row.code(sti, operandBits)
        out.put(code.length as byte).put(Arrays.copyOf(code, 7)).putInt(eflags).putInt(eax).put(state).put(memory)
        out.array()
    }

    static X87Case state(X87Row row, int control, int status, int tags) {
        X87Case one = new X87Case(row: row)
        ByteBuffer state = ByteBuffer.wrap(one.state).order(ByteOrder.LITTLE_ENDIAN)
        state.putInt(control | 0xFFFF0000 as int).putInt(status | 0xFFFF0000 as int).putInt(tags | 0xFFFF0000 as int)
        one
    }

    void st(int i, int se, long sig) {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN)
            .putLong(28 + 10 * i, sig).putShort(36 + 10 * i, se as short)
    }

    int control() {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getShort(0) & 0xFFFF
    }

    int signExponent(int i) {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getShort(36 + 10 * i) & 0xFFFF
    }

    long significand(int i) {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getLong(28 + 10 * i)
    }

    boolean empty(int i) {
        ByteBuffer words = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN)
        int register = (words.getShort(4) >> 11) + i & 7
        (words.getShort(8) >> 2 * register & 3) == 3
    }

    String toString() {
        "$row (ST($sti), operand size $operandBits) eflags ${Integer.toHexString(eflags)}\n" +
            "  memory ${hex(memory, 0, 16)}\n" + describe(state)
    }

    static String describe(byte[] state) {
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN)
        StringBuilder out = new StringBuilder()
        out << String.format('  control %04X status %04X tag %04X', in.getShort(0), in.getShort(4), in.getShort(8))
        for (int i = 0; i < 8; i++) {
            out << (i % 4 == 0 ? '\n    ' : '  ')
            out << String.format('%d %04X:%016X', i, in.getShort(36 + 10 * i), in.getLong(28 + 10 * i))
        }
        out.toString()
    }

    static String hex(byte[] bytes, int from, int length) {
        (from..<from + length).collect { int it -> String.format('%02X', bytes[it]) }.join(' ')
    }
}
