package lguest.sem;

import lguest.cpu.CpuState;

/**
 * How arithmetic leaves its status flags behind. Semantic methods call these and never learn that the flags are lazy
 * ({@link CpuState}). Each returns the result cut to {@code bits}.
 */
public final class Flags {
    private Flags() {
    }

    /** Cuts to 8, 16 or 32 bits, zero-extended. */
    public static int cut(int value, int bits) {
        return bits == 32 ? value : value & (1 << bits) - 1;
    }

    /** Sign-extends from 8, 16 or 32 bits. */
    public static int signed(int value, int bits) {
        return value << 32 - bits >> 32 - bits;
    }

    /** OSZAPC of {@code sum = a + b} or {@code a + b + CF}. */
    static int addFlags(CpuState cpu, int a, int b, int sum, int bits) {
        cpu.flagResult = signed(sum, bits);
        cpu.flagCarry = (a & b | (a | b) & ~sum) << 32 - bits;
        cpu.flagAux = (a ^ b ^ sum) & 0x10;
        return cut(sum, bits);
    }

    /** OSZAPC of {@code difference = a - b} or {@code a - b - CF}. */
    static int subFlags(CpuState cpu, int a, int b, int difference, int bits) {
        cpu.flagResult = signed(difference, bits);
        cpu.flagCarry = (~a & b | (~a | b) & difference) << 32 - bits;
        cpu.flagAux = (a ^ b ^ difference) & 0x10;
        return cut(difference, bits);
    }

    /** SZP of a result; C, O and A cleared (AND, OR, XOR, TEST: A is undefined and cleared by processors). */
    static int logicFlags(CpuState cpu, int result, int bits) {
        cpu.flagResult = signed(result, bits);
        cpu.flagCarry = 0;
        cpu.flagAux = 0;
        return cut(result, bits);
    }

    /** SZP of a result, with C and O as told; A cleared. */
    static int resultFlags(CpuState cpu, int result, boolean carry, boolean overflow, int bits) {
        cpu.flagResult = signed(result, bits);
        cpu.flagAux = 0;
        cpu.setCarryOverflow(carry, overflow);
        return cut(result, bits);
    }

    /** C and O say whether a product is wider than {@code bits}; S and P of its low part, Z and A cleared. */
    static int productFlags(CpuState cpu, int low, boolean wide, int bits) {
        int cut = resultFlags(cpu, low, wide, wide, bits);
        if (cpu.zf()) {
            cpu.flagResult = 1;
            cpu.flagAux = 1 << 8;
        }
        return cut;
    }

    /** Changes C and O alone; S, Z, A and P stay. */
    static void carryOverflow(CpuState cpu, boolean carry, boolean overflow) {
        cpu.setCarryOverflow(carry, overflow);
    }
}
