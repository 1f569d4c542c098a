package lguest.sem;

import java.util.function.LongUnaryOperator;
import lguest.cpu.CpuState;

/**
 * Shifts of packed integers (SDM vol. 2B "PSLLW/PSLLD/PSLLQ" and its neighbours). All elements are shifted by one count, an
 * immediate byte or an unsigned quadword; a count beyond the element's width leaves zeros, or signs.
 */
public final class PackedShift {
    /** Counts from here on have the same effect in every width. */
    private static final int MANY = 255;

    private PackedShift() {
    }

    @Semantics
    public static void psllw(CpuState cpu, int to, int from, int bits) {
        psllwImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psllwImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 15 ? 0 : value << count & repeat16(0xFFFF << count));
    }

    @Semantics
    public static void pslld(CpuState cpu, int to, int from, int bits) {
        pslldImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void pslldImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 31 ? 0 : value << count & repeat32(-1 << count));
    }

    @Semantics
    public static void psllq(CpuState cpu, int to, int from, int bits) {
        psllqImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psllqImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 63 ? 0 : value << count);
    }

    @Semantics
    public static void psrlw(CpuState cpu, int to, int from, int bits) {
        psrlwImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psrlwImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 15 ? 0 : value >>> count & repeat16(0xFFFF >>> count));
    }

    @Semantics
    public static void psrld(CpuState cpu, int to, int from, int bits) {
        psrldImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psrldImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 31 ? 0 : value >>> count & repeat32(-1 >>> count));
    }

    @Semantics
    public static void psrlq(CpuState cpu, int to, int from, int bits) {
        psrlqImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psrlqImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> count > 63 ? 0 : value >>> count);
    }

    @Semantics
    public static void psraw(CpuState cpu, int to, int from, int bits) {
        psrawImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psrawImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> Lanes.words(value, 0, (x, y) -> x >> Math.min(count, 15)));
    }

    @Semantics
    public static void psrad(CpuState cpu, int to, int from, int bits) {
        psradImmediate(cpu, to, count(cpu, from), bits);
    }

    @Semantics
    public static void psradImmediate(CpuState cpu, int to, int count, int bits) {
        shift(cpu, to, bits, value -> Lanes.doublewords(value, 0, (x, y) -> x >> Math.min(count, 31)));
    }

    /** The whole register to the left by {@code count} bytes. */
    @Semantics
    public static void pslldq(CpuState cpu, int to, int count) {
        long[] file = cpu.simd.file;
        long low = file[to];
        int shift = 8 * count;
        file[to + 1] = shift == 0 ? file[to + 1] : shift < 64 ? file[to + 1] << shift | low >>> 64 - shift
            : shift < 128 ? low << shift - 64 : 0;
        file[to] = shift < 64 ? low << shift : 0;
    }

    /** The whole register to the right by {@code count} bytes. */
    @Semantics
    public static void psrldq(CpuState cpu, int to, int count) {
        long[] file = cpu.simd.file;
        long high = file[to + 1];
        int shift = 8 * count;
        file[to] = shift == 0 ? file[to] : shift < 64 ? file[to] >>> shift | high << 64 - shift
            : shift < 128 ? high >>> shift - 64 : 0;
        file[to + 1] = shift < 64 ? high >>> shift : 0;
    }

    private static int count(CpuState cpu, int from) {
        long count = cpu.simd.file[from];
        return Long.compareUnsigned(count, MANY) > 0 ? MANY : (int) count;
    }

    private static void shift(CpuState cpu, int to, int bits, LongUnaryOperator operation) {
        long[] file = cpu.simd.file;
        file[to] = operation.applyAsLong(file[to]);
        if (bits == 128) {
            file[to + 1] = operation.applyAsLong(file[to + 1]);
        }
    }

    private static long repeat16(int mask) {
        return (mask & 0xFFFF) * 0x0001000100010001L;
    }

    private static long repeat32(int mask) {
        return (mask & 0xFFFFFFFFL) * 0x0000000100000001L;
    }
}
