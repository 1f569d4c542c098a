package lguest.sem;

import lguest.cpu.CpuState;

/**
 * Shifts and rotates. Counts are taken modulo 32; a count of 0 changes no flag. OF for counts above 1 and CF for counts above
 * the width are undefined in the SDM and pinned here to what processors do: OF is that of a shift by one place.
 */
public final class Shift {
    private Shift() {
    }

    @Semantics
    public static int shl(CpuState cpu, int dst, int count, int bits) {
        int n = count & 31;
        if (n == 0) {
            return dst;
        }
        long wide = (dst & 0xFFFFFFFFL) << n;
        boolean carry = (wide >>> bits & 1) != 0;
        int result = (int) wide;
        return Flags.resultFlags(cpu, result, carry, topTwoDiffer(dst, bits), bits);
    }

    @Semantics
    public static int shr(CpuState cpu, int dst, int count, int bits) {
        int n = count & 31;
        if (n == 0) {
            return dst;
        }
        boolean carry = ((dst & 0xFFFFFFFFL) >>> n - 1 & 1) != 0;
        int result = (int) ((dst & 0xFFFFFFFFL) >>> n);
        return Flags.resultFlags(cpu, result, carry, top(dst, bits), bits);
    }

    @Semantics
    public static int sar(CpuState cpu, int dst, int count, int bits) {
        int n = count & 31;
        if (n == 0) {
            return dst;
        }
        int value = Flags.signed(dst, bits);
        boolean carry = (value >> n - 1 & 1) != 0;
        return Flags.resultFlags(cpu, value >> n, carry, false, bits);
    }

    @Semantics
    public static int rol(CpuState cpu, int dst, int count, int bits) {
        if ((count & 31) == 0) {
            return dst;
        }
        int n = count & bits - 1;
        int result = n == 0 ? dst : Flags.cut(dst << n | dst >>> bits - n, bits);
        Flags.carryOverflow(cpu, (result & 1) != 0, topTwoDiffer(dst, bits));
        return result;
    }

    @Semantics
    public static int ror(CpuState cpu, int dst, int count, int bits) {
        if ((count & 31) == 0) {
            return dst;
        }
        int n = count & bits - 1;
        int result = n == 0 ? dst : Flags.cut(dst >>> n | dst << bits - n, bits);
        Flags.carryOverflow(cpu, top(result, bits), top(dst, bits) != ((dst & 1) != 0));
        return result;
    }

    /** RCL: rotates through CF, so by up to {@code bits} of {@code bits + 1} places. SDM vol. 2B "RCL". */
    @Semantics
    public static int rcl(CpuState cpu, int dst, int count, int bits) {
        int n = (count & 31) % (bits + 1);
        if (n == 0) {
            return dst;
        }
        long wide = dst & 0xFFFFFFFFL | (long) cpu.carry() << bits;
        long mask = (1L << bits + 1) - 1;
        long rotated = (wide << n | wide >>> bits + 1 - n) & mask;
        Flags.carryOverflow(cpu, (rotated >>> bits & 1) != 0, topTwoDiffer(dst, bits));
        return Flags.cut((int) rotated, bits);
    }

    @Semantics
    public static int rcr(CpuState cpu, int dst, int count, int bits) {
        int n = (count & 31) % (bits + 1);
        if (n == 0) {
            return dst;
        }
        long wide = dst & 0xFFFFFFFFL | (long) cpu.carry() << bits;
        long mask = (1L << bits + 1) - 1;
        long rotated = (wide >>> n | wide << bits + 1 - n) & mask;
        Flags.carryOverflow(cpu, (rotated >>> bits & 1) != 0, top(dst, bits) != cpu.cf());
        return Flags.cut((int) rotated, bits);
    }

    /** SHLD: shifts left, filling from the top of {@code src}. SDM vol. 2B "SHLD". */
    @Semantics
    public static int shld(CpuState cpu, int dst, int src, int count, int bits) {
        int n = count & 31;
        if (n == 0) {
            return dst;
        }
        int result;
        boolean carry;
        if (bits == 32) {
            result = dst << n | src >>> 32 - n;
            carry = (dst >>> 32 - n & 1) != 0;
        } else {
            // Counts above 16 shift the first operand in again, as processors do.
            long wide = (long) dst << 32 | (long) src << 16 | dst;
            result = (int) (wide << n >>> 32) & 0xFFFF;
            carry = (wide >>> 48 - n & 1) != 0;
        }
        return Flags.resultFlags(cpu, result, carry, topTwoDiffer(dst, bits), bits);
    }

    /** SHRD: shifts right, filling from the bottom of {@code src}. SDM vol. 2B "SHRD". */
    @Semantics
    public static int shrd(CpuState cpu, int dst, int src, int count, int bits) {
        int n = count & 31;
        if (n == 0) {
            return dst;
        }
        int result;
        boolean carry;
        if (bits == 32) {
            result = dst >>> n | src << 32 - n;
            carry = (dst >>> n - 1 & 1) != 0;
        } else {
            long wide = (long) dst << 32 | (long) src << 16 | dst;
            result = (int) (wide >>> n) & 0xFFFF;
            carry = (wide >>> n - 1 & 1) != 0;
        }
        return Flags.resultFlags(cpu, result, carry, top(dst, bits) != ((src & 1) != 0), bits);
    }

    private static boolean top(int value, int bits) {
        return (value >>> bits - 1 & 1) != 0;
    }

    /** Whether a shift to the left by one place changes the sign. */
    private static boolean topTwoDiffer(int value, int bits) {
        return top(value << 1 ^ value, bits);
    }
}
