package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** What an instruction left behind. */
@CompileStatic
class X87Answer {
    private static final int STATUS_FLAGS = 0x8D5

    int eflags
    int eax
    byte[] state = new byte[X87Case.STATE_BYTES]
    byte[] memory = new byte[X87Case.MEMORY_BYTES]

    static X87Answer read(ByteBuffer from) {
        X87Answer answer = new X87Answer(eflags: from.getInt(), eax: from.getInt())
        from.get(answer.state)
        from.get(answer.memory)
        answer
    }

    /** Equal but for instruction and operand pointers, which depend on where the code lies. */
    boolean matches(X87Answer other, X87Case one) {
        if (((eflags ^ other.eflags) & STATUS_FLAGS) != 0 || (eax & 0xFFFF) != (other.eax & 0xFFFF)) {
            return false
        }
        if (!sameBut(state, other.state, 12, 28)) {
            return false
        }
        boolean environment = one.row.form.endsWith(' M')
        int unit = one.operandBits >> 3
        sameBut(memory, other.memory, environment ? 3 * unit : 0, environment ? 7 * unit : 0)
    }

    private static boolean sameBut(byte[] a, byte[] b, int from, int to) {
        Arrays.equals(a, 0, from, b, 0, from) && Arrays.equals(a, to, a.length, b, to, b.length)
    }

    /** How far apart the registers are in units in the last place; a big number if they are not neighbours at all. */
    long distance(X87Answer other) {
        long furthest = 0
        for (int i = 0; i < 8; i++) {
            long difference = significand(i) - other.significand(i)
            // Denormals have the exponent of the smallest normal numbers.
            int exponents = scale(i) - other.scale(i)
            if (exponents == 1 && significand(i) == Long.MIN_VALUE) {
                difference = -other.significand(i)
            } else if (exponents == -1 && other.significand(i) == Long.MIN_VALUE) {
                difference = significand(i)
            } else if (exponents != 0) {
                difference = Long.MAX_VALUE
            }
            furthest = Math.max(furthest, difference == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(difference))
        }
        furthest
    }

    int status() {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getShort(4) & 0xFFFF
    }

    private int scale(int i) {
        int signExponent = signExponent(i)
        (signExponent & 0x7FFF) == 0 ? signExponent | 1 : signExponent
    }

    int signExponent(int i) {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getShort(36 + 10 * i) & 0xFFFF
    }

    long significand(int i) {
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getLong(28 + 10 * i)
    }

    String toString() {
        "  eflags ${Integer.toHexString(eflags & STATUS_FLAGS)} eax ${Integer.toHexString(eax)}" +
            " memory ${X87Case.hex(memory, 0, 16)}\n" + X87Case.describe(state)
    }
}
