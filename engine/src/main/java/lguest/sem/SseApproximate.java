package lguest.sem;

import lguest.cpu.CpuState;

/**
 * RCPPS and RSQRTPS, which approximate: the relative error is at most 1.5 * 2^-12, and each make of processor has its own. Ours is
 * the exact value rounded to 13 bits. They raise no exceptions and take denormals for zeros (SDM vol. 2B "RCPPS").
 */
public final class SseApproximate {
    private static final int SIGN = 1 << 31;
    private static final int INFINITY = 0x7F800000;
    private static final int QUIET_BIT = 0x00400000;
    private static final int INDEFINITE = 0xFFC00000;
    private static final int SMALLEST_NORMAL = 0x00800000;
    /** Half of the last of the 12 fraction bits that remain. */
    private static final int HALF = 0x400;

    private SseApproximate() {
    }

    @Semantics
    public static void rcpps(CpuState cpu, int to, int from) {
        SseArithmetic.packedSingles(cpu, to, from, (simd, a, b) -> reciprocal(b));
    }

    @Semantics
    public static void rcpss(CpuState cpu, int to, int from) {
        SseArithmetic.scalarSingle(cpu, to, from, (simd, a, b) -> reciprocal(b));
    }

    @Semantics
    public static void rsqrtps(CpuState cpu, int to, int from) {
        SseArithmetic.packedSingles(cpu, to, from, (simd, a, b) -> reciprocalRoot(b));
    }

    @Semantics
    public static void rsqrtss(CpuState cpu, int to, int from) {
        SseArithmetic.scalarSingle(cpu, to, from, (simd, a, b) -> reciprocalRoot(b));
    }

    private static int reciprocal(int a) {
        int magnitude = a & ~SIGN;
        if (magnitude > INFINITY) {
            return a | QUIET_BIT;
        }
        if (magnitude < SMALLEST_NORMAL) {
            return a & SIGN | INFINITY;
        }
        int result = rounded(1.0 / Float.intBitsToFloat(magnitude));
        return a & SIGN | (result < SMALLEST_NORMAL ? 0 : result);
    }

    private static int reciprocalRoot(int a) {
        if ((a & ~SIGN) > INFINITY) {
            return a | QUIET_BIT;
        }
        if ((a & ~SIGN) < SMALLEST_NORMAL) {
            return a & SIGN | INFINITY;
        }
        return a < 0 ? INDEFINITE : rounded(1.0 / Math.sqrt(Float.intBitsToFloat(a)));
    }

    private static int rounded(double value) {
        return Float.floatToRawIntBits((float) value) + HALF & -2 * HALF;
    }
}
