package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Simd;

/**
 * SSE and SSE2 arithmetic (SDM vol. 2A "ADDPS" and its neighbours). Of scalar instructions the rest of the register stays.
 * Parameters in all {@code Sse} classes: {@code to} and {@code from} are numbers of first quadwords in {@link Simd}.
 *
 * <p>Java rounds to nearest and tells no one. That is all there is to do while rounding is to nearest, inexact results are masked
 * and known to have happened, and neither operands nor result are close to the limits of the format; {@link BinaryFormat} does
 * the others.
 */
public final class SseArithmetic {
    /** Rounding to nearest, inexactness masked and flagged already. */
    private static final int RELAXED_BITS = Simd.RC | Simd.PE << Simd.MASK_SHIFT | Simd.PE;
    private static final int RELAXED = Simd.PE << Simd.MASK_SHIFT | Simd.PE;

    private static final int SINGLE_EXPONENT = 0x7F800000;
    private static final int SINGLE_STEP = 0x00800000;
    private static final long DOUBLE_EXPONENT = 0x7FF0000000000000L;
    private static final long DOUBLE_STEP = 0x0010000000000000L;

    /** What is done to each element. */
    interface OnSingles {
        int apply(Simd simd, int a, int b);
    }

    interface OnDoubles {
        long apply(Simd simd, long a, long b);
    }

    private SseArithmetic() {
    }

    @Semantics
    public static void addps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::addSingle);
    }

    @Semantics
    public static void addss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::addSingle);
    }

    @Semantics
    public static void addpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::addDouble);
    }

    @Semantics
    public static void addsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::addDouble);
    }

    @Semantics
    public static void subps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::subSingle);
    }

    @Semantics
    public static void subss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::subSingle);
    }

    @Semantics
    public static void subpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::subDouble);
    }

    @Semantics
    public static void subsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::subDouble);
    }

    @Semantics
    public static void mulps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::mulSingle);
    }

    @Semantics
    public static void mulss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::mulSingle);
    }

    @Semantics
    public static void mulpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::mulDouble);
    }

    @Semantics
    public static void mulsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::mulDouble);
    }

    @Semantics
    public static void divps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::divSingle);
    }

    @Semantics
    public static void divss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::divSingle);
    }

    @Semantics
    public static void divpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::divDouble);
    }

    @Semantics
    public static void divsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::divDouble);
    }

    @Semantics
    public static void sqrtps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::sqrtSingle);
    }

    @Semantics
    public static void sqrtss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::sqrtSingle);
    }

    @Semantics
    public static void sqrtpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::sqrtDouble);
    }

    @Semantics
    public static void sqrtsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::sqrtDouble);
    }

    @Semantics
    public static void minps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::minSingle);
    }

    @Semantics
    public static void minss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::minSingle);
    }

    @Semantics
    public static void minpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::minDouble);
    }

    @Semantics
    public static void minsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::minDouble);
    }

    @Semantics
    public static void maxps(CpuState cpu, int to, int from) {
        packedSingles(cpu, to, from, SseArithmetic::maxSingle);
    }

    @Semantics
    public static void maxss(CpuState cpu, int to, int from) {
        scalarSingle(cpu, to, from, SseArithmetic::maxSingle);
    }

    @Semantics
    public static void maxpd(CpuState cpu, int to, int from) {
        packedDoubles(cpu, to, from, SseArithmetic::maxDouble);
    }

    @Semantics
    public static void maxsd(CpuState cpu, int to, int from) {
        scalarDouble(cpu, to, from, SseArithmetic::maxDouble);
    }

    // ---- over the elements

    static void packedSingles(CpuState cpu, int to, int from, OnSingles operation) {
        Simd simd = cpu.simd;
        long[] file = simd.file;
        simd.raised = 0;
        long low = twoSingles(simd, file[to], file[from], operation);
        long high = twoSingles(simd, file[to + 1], file[from + 1], operation);
        SseState.commit(cpu);
        file[to] = low;
        file[to + 1] = high;
    }

    private static long twoSingles(Simd simd, long a, long b, OnSingles operation) {
        int low = operation.apply(simd, (int) a, (int) b);
        int high = operation.apply(simd, (int) (a >>> 32), (int) (b >>> 32));
        return low & 0xFFFFFFFFL | (long) high << 32;
    }

    static void scalarSingle(CpuState cpu, int to, int from, OnSingles operation) {
        Simd simd = cpu.simd;
        long[] file = simd.file;
        simd.raised = 0;
        int result = operation.apply(simd, (int) file[to], (int) file[from]);
        SseState.commit(cpu);
        file[to] = file[to] & 0xFFFFFFFF00000000L | result & 0xFFFFFFFFL;
    }

    static void packedDoubles(CpuState cpu, int to, int from, OnDoubles operation) {
        Simd simd = cpu.simd;
        long[] file = simd.file;
        simd.raised = 0;
        long low = operation.apply(simd, file[to], file[from]);
        long high = operation.apply(simd, file[to + 1], file[from + 1]);
        SseState.commit(cpu);
        file[to] = low;
        file[to + 1] = high;
    }

    static void scalarDouble(CpuState cpu, int to, int from, OnDoubles operation) {
        Simd simd = cpu.simd;
        long[] file = simd.file;
        simd.raised = 0;
        long result = operation.apply(simd, file[to], file[from]);
        SseState.commit(cpu);
        file[to] = result;
    }

    // ---- elements

    private static int addSingle(Simd simd, int a, int b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            int result = Float.floatToRawIntBits(Float.intBitsToFloat(a) + Float.intBitsToFloat(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return (int) BinaryFormat.SINGLE.add(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long addDouble(Simd simd, long a, long b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            long result = Double.doubleToRawLongBits(Double.longBitsToDouble(a) + Double.longBitsToDouble(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return BinaryFormat.DOUBLE.add(simd, a, b);
    }

    private static int subSingle(Simd simd, int a, int b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            int result = Float.floatToRawIntBits(Float.intBitsToFloat(a) - Float.intBitsToFloat(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return (int) BinaryFormat.SINGLE.subtract(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long subDouble(Simd simd, long a, long b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            long result = Double.doubleToRawLongBits(Double.longBitsToDouble(a) - Double.longBitsToDouble(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return BinaryFormat.DOUBLE.subtract(simd, a, b);
    }

    private static int mulSingle(Simd simd, int a, int b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            int result = Float.floatToRawIntBits(Float.intBitsToFloat(a) * Float.intBitsToFloat(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return (int) BinaryFormat.SINGLE.multiply(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long mulDouble(Simd simd, long a, long b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            long result = Double.doubleToRawLongBits(Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return BinaryFormat.DOUBLE.multiply(simd, a, b);
    }

    private static int divSingle(Simd simd, int a, int b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            int result = Float.floatToRawIntBits(Float.intBitsToFloat(a) / Float.intBitsToFloat(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return (int) BinaryFormat.SINGLE.divide(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long divDouble(Simd simd, long a, long b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && isNormal(a) && isNormal(b)) {
            long result = Double.doubleToRawLongBits(Double.longBitsToDouble(a) / Double.longBitsToDouble(b));
            if (isComfortable(result)) {
                return result;
            }
        }
        return BinaryFormat.DOUBLE.divide(simd, a, b);
    }

    private static int sqrtSingle(Simd simd, int ignored, int b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && b > 0 && isNormal(b)) {
            // 53 bits are enough for the root of 24 to be rounded twice.
            return Float.floatToRawIntBits((float) Math.sqrt(Float.intBitsToFloat(b)));
        }
        return (int) BinaryFormat.SINGLE.squareRoot(simd, b & 0xFFFFFFFFL);
    }

    private static long sqrtDouble(Simd simd, long ignored, long b) {
        if ((simd.mxcsr & RELAXED_BITS) == RELAXED && b > 0 && isNormal(b)) {
            return Double.doubleToRawLongBits(Math.sqrt(Double.longBitsToDouble(b)));
        }
        return BinaryFormat.DOUBLE.squareRoot(simd, b);
    }

    private static int minSingle(Simd simd, int a, int b) {
        return (int) BinaryFormat.SINGLE.lesser(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long minDouble(Simd simd, long a, long b) {
        return BinaryFormat.DOUBLE.lesser(simd, a, b);
    }

    private static int maxSingle(Simd simd, int a, int b) {
        return (int) BinaryFormat.SINGLE.greater(simd, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    private static long maxDouble(Simd simd, long a, long b) {
        return BinaryFormat.DOUBLE.greater(simd, a, b);
    }

    /** Not zero, denormal, infinite or NaN. */
    private static boolean isNormal(int a) {
        return ((a & SINGLE_EXPONENT) + SINGLE_STEP & SINGLE_EXPONENT) > SINGLE_STEP;
    }

    private static boolean isNormal(long a) {
        return ((a & DOUBLE_EXPONENT) + DOUBLE_STEP & DOUBLE_EXPONENT) > DOUBLE_STEP;
    }

    /** A result that has neither overflowed nor been near underflow. */
    private static boolean isComfortable(int a) {
        int exponent = a & SINGLE_EXPONENT;
        return exponent > SINGLE_STEP && exponent != SINGLE_EXPONENT;
    }

    private static boolean isComfortable(long a) {
        long exponent = a & DOUBLE_EXPONENT;
        return exponent > DOUBLE_STEP && exponent != DOUBLE_EXPONENT;
    }
}
