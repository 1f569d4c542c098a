package lguest.sem;

import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import lguest.cpu.CpuState;

/** Packed integers: a quadword holds eight bytes, four words or two doublewords, the lowest first. */
final class Lanes {
    private Lanes() {
    }

    /**
     * An operation on each quadword of two operands.
     *
     * @param to number of the destination's first quadword in {@link lguest.cpu.Simd}; also the first operand
     * @param from that of the second operand
     * @param bits 64 for MMX, 128 for XMM registers
     */
    static void each(CpuState cpu, int to, int from, int bits, LongBinaryOperator operation) {
        long[] file = cpu.simd.file;
        file[to] = operation.applyAsLong(file[to], file[from]);
        if (bits == 128) {
            file[to + 1] = operation.applyAsLong(file[to + 1], file[from + 1]);
        }
    }

    static long bytes(long a, long b, IntBinaryOperator operation) {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            result |= (operation.applyAsInt((byte) (a >>> shift), (byte) (b >>> shift)) & 0xFFL) << shift;
        }
        return result;
    }

    static long unsignedBytes(long a, long b, IntBinaryOperator operation) {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            result |= (operation.applyAsInt((int) (a >>> shift) & 0xFF, (int) (b >>> shift) & 0xFF) & 0xFFL) << shift;
        }
        return result;
    }

    static long words(long a, long b, IntBinaryOperator operation) {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 16) {
            result |= (operation.applyAsInt((short) (a >>> shift), (short) (b >>> shift)) & 0xFFFFL) << shift;
        }
        return result;
    }

    static long unsignedWords(long a, long b, IntBinaryOperator operation) {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 16) {
            result |= (operation.applyAsInt((int) (a >>> shift) & 0xFFFF, (int) (b >>> shift) & 0xFFFF) & 0xFFFFL) << shift;
        }
        return result;
    }

    static long doublewords(long a, long b, IntBinaryOperator operation) {
        return operation.applyAsInt((int) a, (int) b) & 0xFFFFFFFFL
            | (long) operation.applyAsInt((int) (a >>> 32), (int) (b >>> 32)) << 32;
    }

    static int signedByte(int value) {
        return Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, value));
    }

    static int signedWord(int value) {
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
    }

    static int unsignedByte(int value) {
        return Math.max(0, Math.min(0xFF, value));
    }

    static int unsignedWord(int value) {
        return Math.max(0, Math.min(0xFFFF, value));
    }
}
