package lguest.translate;

import lguest.cpu.CpuState;

/**
 * The status flags while translated code runs: not yet computed, but known by what they are to be computed of. The kind and its
 * operands {@code a}, {@code b}, {@code r} are local variables there.
 *
 * <pre>
 * FIELDS   nothing: they are where {@link CpuState} has them
 * LOGIC    r: result of AND, OR, XOR, TEST, sign-extended
 * WORDS    r, a, b: the three words of {@link CpuState}
 * ADD SUB  a and b: the operands, zero-extended; how far to shift them to have 32 bits in bits 4 and up of the kind
 * INC DEC  r: the result, 32 bits; a: the word that has the carry of before as bit 31
 * </pre>
 */
public final class LazyFlags {
    static final int FIELDS = 0;
    static final int LOGIC = 1;
    static final int WORDS = 2;
    static final int ADD = 3;
    static final int SUB = 4;
    static final int INC = 5;
    static final int DEC = 6;
    static final int KIND = 0xF;
    static final int SHIFT_AT = 4;

    private static final int AF = 0x10;

    private LazyFlags() {
    }

    /** Computes them into the processor's state. {@link Conditions#settle} writes out what is short. */
    static void settle(CpuState cpu, int kind, int a, int b, int r) {
        int shift = kind >> SHIFT_AT;
        switch (kind & KIND) {
            case LOGIC -> set(cpu, r, 0, 0);
            case WORDS -> set(cpu, r, a, b);
            case ADD -> set(cpu, a + b << shift >> shift, addCarry(a, b, a + b) << shift, aux(a, b, a + b));
            case SUB -> set(cpu, a - b << shift >> shift, subCarry(a, b, a - b) << shift, aux(a, b, a - b));
            case INC -> set(cpu, r, keepCarry(a, r == Integer.MIN_VALUE), aux(r - 1, 1, r));
            case DEC -> set(cpu, r, keepCarry(a, r == Integer.MAX_VALUE), aux(r + 1, 1, r));
            default -> { }
        }
    }

    private static void set(CpuState cpu, int result, int carry, int aux) {
        cpu.flagResult = result;
        cpu.flagCarry = carry;
        cpu.flagAux = aux;
    }

    /** The word whose bit 31 is CF. */
    static int carry(CpuState cpu, int kind, int a, int b) {
        int shift = kind >> SHIFT_AT;
        return switch (kind & KIND) {
            case LOGIC -> 0;
            case ADD -> addCarry(a, b, a + b) << shift;
            case SUB -> subCarry(a, b, a - b) << shift;
            case FIELDS -> cpu.flagCarry;
            default -> a;
        };
    }

    static int addCarry(int a, int b, int sum) {
        return a & b | (a | b) & ~sum;
    }

    static int subCarry(int a, int b, int difference) {
        return ~a & b | (~a | b) & difference;
    }

    static int aux(int a, int b, int result) {
        return (a ^ b ^ result) & AF;
    }

    private static int keepCarry(int carry, boolean overflow) {
        int top = carry & 1 << 31;
        return top | (overflow ? 1 << 30 : 0) ^ top >>> 1;
    }

    /** CF and OF of a shift to the left by 1 to 31 places. */
    static int shlCarry(int value, int count) {
        return carryOverflow(value >>> 32 - count & 1, (value << 1 ^ value) >>> 31);
    }

    /** CF and OF of a shift to the right by 1 to 31 places. */
    static int shrCarry(int value, int count) {
        return carryOverflow(value >>> count - 1 & 1, value >>> 31);
    }

    /** CF and OF of an arithmetic shift to the right by 1 to 31 places. */
    static int sarCarry(int value, int count) {
        return carryOverflow(value >>> count - 1 & 1, 0);
    }

    private static int carryOverflow(int carry, int overflow) {
        return carry << 31 | (carry ^ overflow) << 30;
    }

    /** CF and OF of a signed product: it does not fit in 32 bits. */
    static int imulCarry(int a, int b) {
        long product = (long) a * b;
        return product != (int) product ? 1 << 31 : 0;
    }

    /** CF and OF of an unsigned product. */
    static int mulCarry(int a, int b) {
        return mulHigh(a, b) != 0 ? 1 << 31 : 0;
    }

    /** The upper half of an unsigned product. */
    static int mulHigh(int a, int b) {
        return (int) ((a & 0xFFFFFFFFL) * (b & 0xFFFFFFFFL) >>> 32);
    }

    /** The upper half of a signed product. */
    static int imulHigh(int a, int b) {
        return (int) ((long) a * b >> 32);
    }

    /** A product sets SF and PF by its low part and clears ZF. */
    static int productResult(int low) {
        return low == 0 ? 1 : low;
    }

    /** What corrects PF for {@link #productResult}. */
    static int productAux(int low) {
        return low == 0 ? 1 << 8 : 0;
    }
}
