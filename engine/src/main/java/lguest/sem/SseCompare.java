package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Simd;

/** SSE and SSE2 comparisons, whose results are masks or flags (SDM vol. 2A "CMPPS", "COMISS"). */
public final class SseCompare {
    private static final int LESS = 1;
    private static final int EQUAL = 2;
    private static final int GREATER = 4;
    private static final int UNORDERED = 8;
    /** By the low two bits of the predicate: EQ, LT, LE, UNORD. Bit 2 negates them. */
    private static final int[] HOLDS = {EQUAL, LESS, LESS | EQUAL, UNORDERED};

    private SseCompare() {
    }

    @Semantics
    public static void cmpps(CpuState cpu, int to, int from, int predicate) {
        SseArithmetic.packedSingles(cpu, to, from, (simd, a, b) -> (int) mask(simd, BinaryFormat.SINGLE, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL, predicate));
    }

    @Semantics
    public static void cmpss(CpuState cpu, int to, int from, int predicate) {
        SseArithmetic.scalarSingle(cpu, to, from, (simd, a, b) -> (int) mask(simd, BinaryFormat.SINGLE, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL, predicate));
    }

    @Semantics
    public static void cmppd(CpuState cpu, int to, int from, int predicate) {
        SseArithmetic.packedDoubles(cpu, to, from, (simd, a, b) -> mask(simd, BinaryFormat.DOUBLE, a, b, predicate));
    }

    @Semantics
    public static void cmpsd(CpuState cpu, int to, int from, int predicate) {
        SseArithmetic.scalarDouble(cpu, to, from, (simd, a, b) -> mask(simd, BinaryFormat.DOUBLE, a, b, predicate));
    }

    @Semantics
    public static void ucomiss(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        flags(cpu, BinaryFormat.SINGLE, file[to] & 0xFFFFFFFFL, file[from] & 0xFFFFFFFFL, false);
    }

    @Semantics
    public static void ucomisd(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        flags(cpu, BinaryFormat.DOUBLE, file[to], file[from], false);
    }

    @Semantics
    public static void comiss(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        flags(cpu, BinaryFormat.SINGLE, file[to] & 0xFFFFFFFFL, file[from] & 0xFFFFFFFFL, true);
    }

    @Semantics
    public static void comisd(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        flags(cpu, BinaryFormat.DOUBLE, file[to], file[from], true);
    }

    /** LT, LE and their negations signal any NaN, the others only signalling ones. */
    private static long mask(Simd simd, BinaryFormat format, long a, long b, int predicate) {
        boolean ordered = (predicate & 3) == 1 || (predicate & 3) == 2;
        boolean holds = (compare(simd, format, a, b, ordered) & HOLDS[predicate & 3]) != 0;
        return holds != ((predicate & 4) != 0) ? -1 : 0;
    }

    private static void flags(CpuState cpu, BinaryFormat format, long a, long b, boolean ordered) {
        cpu.simd.raised = 0;
        int order = compare(cpu.simd, format, a, b, ordered);
        SseState.commit(cpu);
        cpu.setStatusFlags(switch (order) {
            case LESS -> Eflags.CF;
            case EQUAL -> Eflags.ZF;
            case GREATER -> 0;
            default -> Eflags.CF | Eflags.PF | Eflags.ZF;
        });
    }

    private static int compare(Simd simd, BinaryFormat format, long first, long second, boolean ordered) {
        if (format.isNan(first) || format.isNan(second)) {
            if (ordered || format.isSignalling(first) || format.isSignalling(second)) {
                simd.raised |= Simd.IE;
            }
            return UNORDERED;
        }
        int order = format.compare(format.operand(simd, first), format.operand(simd, second));
        return order < 0 ? LESS : order > 0 ? GREATER : EQUAL;
    }
}
