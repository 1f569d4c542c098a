package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Simd;

/** SSE and SSE2 conversions between integers, singles and doubles (SDM vol. 2A "CVTPS2PI" and its neighbours). */
public final class SseConvert {
    /** What a number out of range becomes. */
    private static final int INDEFINITE = 1 << 31;

    private SseConvert() {
    }

    // ---- from integers

    /** CVTPI2PS: the high half of the register stays. */
    @Semantics
    public static void cvtpi2ps(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = singles(simd, simd.file[from]);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvtdq2ps(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long low = singles(simd, simd.file[from]);
        long high = singles(simd, simd.file[from + 1]);
        SseState.commit(cpu);
        simd.file[to] = low;
        simd.file[to + 1] = high;
    }

    @Semantics
    public static void cvtsi2ss(CpuState cpu, int to, int value) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = BinaryFormat.SINGLE.fromInteger(simd, value);
        SseState.commit(cpu);
        simd.file[to] = simd.file[to] & 0xFFFFFFFF00000000L | result;
    }

    @Semantics
    public static void cvtsi2sd(CpuState cpu, int to, int value) {
        cpu.simd.file[to] = Double.doubleToRawLongBits(value);
    }

    @Semantics
    public static void cvtpi2pd(CpuState cpu, int to, int from) {
        cvtdq2pd(cpu, to, from);
    }

    @Semantics
    public static void cvtdq2pd(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        long integers = file[from];
        file[to] = Double.doubleToRawLongBits((int) integers);
        file[to + 1] = Double.doubleToRawLongBits((int) (integers >>> 32));
    }

    private static long singles(Simd simd, long integers) {
        return BinaryFormat.SINGLE.fromInteger(simd, (int) integers)
            | BinaryFormat.SINGLE.fromInteger(simd, (int) (integers >>> 32)) << 32;
    }

    // ---- between singles and doubles

    @Semantics
    public static void cvtss2sd(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = widened(simd, (int) simd.file[from]);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvtps2pd(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long singles = simd.file[from];
        long low = widened(simd, (int) singles);
        long high = widened(simd, (int) (singles >>> 32));
        SseState.commit(cpu);
        simd.file[to] = low;
        simd.file[to + 1] = high;
    }

    @Semantics
    public static void cvtsd2ss(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = narrowed(simd, simd.file[from]);
        SseState.commit(cpu);
        simd.file[to] = simd.file[to] & 0xFFFFFFFF00000000L | result;
    }

    @Semantics
    public static void cvtpd2ps(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = narrowed(simd, simd.file[from]) | narrowed(simd, simd.file[from + 1]) << 32;
        SseState.commit(cpu);
        simd.file[to] = result;
        simd.file[to + 1] = 0;
    }

    private static long widened(Simd simd, int single) {
        return BinaryFormat.SINGLE.convert(simd, single & 0xFFFFFFFFL, BinaryFormat.DOUBLE);
    }

    private static long narrowed(Simd simd, long value) {
        return BinaryFormat.DOUBLE.convert(simd, value, BinaryFormat.SINGLE);
    }

    // ---- to integers, rounded as MXCSR says or, with a T, towards zero

    @Semantics
    public static int cvtss2si(CpuState cpu, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        int result = fromSingle(simd, (int) simd.file[from], simd.mxcsr & Simd.RC);
        SseState.commit(cpu);
        return result;
    }

    @Semantics
    public static int cvtsd2si(CpuState cpu, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        int result = fromDouble(simd, simd.file[from], simd.mxcsr & Simd.RC);
        SseState.commit(cpu);
        return result;
    }

    @Semantics
    public static void cvtps2pi(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = fromSingles(simd, simd.file[from], simd.mxcsr & Simd.RC);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvtpd2pi(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = fromDoubles(simd, from, simd.mxcsr & Simd.RC);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvtps2dq(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long low = fromSingles(simd, simd.file[from], simd.mxcsr & Simd.RC);
        long high = fromSingles(simd, simd.file[from + 1], simd.mxcsr & Simd.RC);
        SseState.commit(cpu);
        simd.file[to] = low;
        simd.file[to + 1] = high;
    }

    /** The high half becomes 0. */
    @Semantics
    public static void cvtpd2dq(CpuState cpu, int to, int from) {
        cvtpd2pi(cpu, to, from);
        cpu.simd.file[to + 1] = 0;
    }

    @Semantics
    public static int cvttss2si(CpuState cpu, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        int result = fromSingle(simd, (int) simd.file[from], Simd.RC_CHOP);
        SseState.commit(cpu);
        return result;
    }

    @Semantics
    public static int cvttsd2si(CpuState cpu, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        int result = fromDouble(simd, simd.file[from], Simd.RC_CHOP);
        SseState.commit(cpu);
        return result;
    }

    @Semantics
    public static void cvttps2pi(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = fromSingles(simd, simd.file[from], Simd.RC_CHOP);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvttpd2pi(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long result = fromDoubles(simd, from, Simd.RC_CHOP);
        SseState.commit(cpu);
        simd.file[to] = result;
    }

    @Semantics
    public static void cvttps2dq(CpuState cpu, int to, int from) {
        Simd simd = cpu.simd;
        simd.raised = 0;
        long low = fromSingles(simd, simd.file[from], Simd.RC_CHOP);
        long high = fromSingles(simd, simd.file[from + 1], Simd.RC_CHOP);
        SseState.commit(cpu);
        simd.file[to] = low;
        simd.file[to + 1] = high;
    }

    /** The high half becomes 0. */
    @Semantics
    public static void cvttpd2dq(CpuState cpu, int to, int from) {
        cvttpd2pi(cpu, to, from);
        cpu.simd.file[to + 1] = 0;
    }

    private static long fromSingles(Simd simd, long singles, int rounding) {
        return fromSingle(simd, (int) singles, rounding) & 0xFFFFFFFFL
            | (long) fromSingle(simd, (int) (singles >>> 32), rounding) << 32;
    }

    private static long fromDoubles(Simd simd, int from, int rounding) {
        return fromDouble(simd, simd.file[from], rounding) & 0xFFFFFFFFL
            | (long) fromDouble(simd, simd.file[from + 1], rounding) << 32;
    }

    private static int fromSingle(Simd simd, int single, int rounding) {
        boolean zero = (single & 0x7F800000) == 0 && (simd.mxcsr & Simd.DAZ) != 0;
        return zero ? 0 : fromValue(simd, Float.intBitsToFloat(single), rounding);
    }

    private static int fromDouble(Simd simd, long value, int rounding) {
        boolean zero = (value & 0x7FF0000000000000L) == 0 && (simd.mxcsr & Simd.DAZ) != 0;
        return zero ? 0 : fromValue(simd, Double.longBitsToDouble(value), rounding);
    }

    /** Denormals are nothing special here. */
    private static int fromValue(Simd simd, double value, int rounding) {
        double rounded = switch (rounding) {
            case Simd.RC_NEAREST -> Math.rint(value);
            case Simd.RC_DOWN -> Math.floor(value);
            case Simd.RC_UP -> Math.ceil(value);
            default -> value < 0 ? Math.ceil(value) : Math.floor(value);
        };
        if (!(rounded >= Integer.MIN_VALUE && rounded <= Integer.MAX_VALUE)) {
            simd.raised |= Simd.IE;
            return INDEFINITE;
        }
        if (rounded != value) {
            simd.raised |= Simd.PE;
        }
        return (int) rounded;
    }
}
