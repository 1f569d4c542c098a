package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Simd;

/** Moving elements about: unpacking, packing, shuffling, inserting, extracting (SDM vol. 2B "PUNPCKLBW/..." and its neighbours). */
public final class PackedShuffle {
    private PackedShuffle() {
    }

    // ---- unpacking: the low or high halves of both operands, taking turns

    @Semantics
    public static void punpcklbw(CpuState cpu, int to, int from, int bits) {
        unpackLow(cpu, to, from, bits, 8);
    }

    @Semantics
    public static void punpcklwd(CpuState cpu, int to, int from, int bits) {
        unpackLow(cpu, to, from, bits, 16);
    }

    /** PUNPCKLDQ, UNPCKLPS. */
    @Semantics
    public static void punpckldq(CpuState cpu, int to, int from, int bits) {
        unpackLow(cpu, to, from, bits, 32);
    }

    /** PUNPCKLQDQ, UNPCKLPD. */
    @Semantics
    public static void punpcklqdq(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to + 1] = file[from];
    }

    @Semantics
    public static void punpckhbw(CpuState cpu, int to, int from, int bits) {
        unpackHigh(cpu, to, from, bits, 8);
    }

    @Semantics
    public static void punpckhwd(CpuState cpu, int to, int from, int bits) {
        unpackHigh(cpu, to, from, bits, 16);
    }

    /** PUNPCKHDQ, UNPCKHPS. */
    @Semantics
    public static void punpckhdq(CpuState cpu, int to, int from, int bits) {
        unpackHigh(cpu, to, from, bits, 32);
    }

    /** PUNPCKHQDQ, UNPCKHPD. */
    @Semantics
    public static void punpckhqdq(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[to + 1];
        file[to + 1] = file[from + 1];
    }

    private static void unpackLow(CpuState cpu, int to, int from, int bits, int width) {
        long[] file = cpu.simd.file;
        long a = file[to];
        long b = file[from];
        file[to] = interleave((int) a, (int) b, width);
        if (bits == 128) {
            file[to + 1] = interleave((int) (a >>> 32), (int) (b >>> 32), width);
        }
    }

    private static void unpackHigh(CpuState cpu, int to, int from, int bits, int width) {
        long[] file = cpu.simd.file;
        int high = bits == 128 ? 1 : 0;
        long a = file[to + high];
        long b = file[from + high];
        file[to] = bits == 128 ? interleave((int) a, (int) b, width) : interleave((int) (a >>> 32), (int) (b >>> 32), width);
        if (bits == 128) {
            file[to + 1] = interleave((int) (a >>> 32), (int) (b >>> 32), width);
        }
    }

    private static long interleave(int a, int b, int width) {
        long mask = (1L << width) - 1;
        long result = 0;
        for (int shift = 0; shift < 32; shift += width) {
            result |= (a >>> shift & mask | (b >>> shift & mask) << width) << 2 * shift;
        }
        return result;
    }

    // ---- packing: elements of half the width, saturated, of the first operand and then of the second

    @Semantics
    public static void packsswb(CpuState cpu, int to, int from, int bits) {
        long[] file = cpu.simd.file;
        if (bits == 128) {
            long low = (long) signedBytes(file[to + 1]) << 32 | signedBytes(file[to]) & 0xFFFFFFFFL;
            file[to + 1] = (long) signedBytes(file[from + 1]) << 32 | signedBytes(file[from]) & 0xFFFFFFFFL;
            file[to] = low;
        } else {
            file[to] = (long) signedBytes(file[from]) << 32 | signedBytes(file[to]) & 0xFFFFFFFFL;
        }
    }

    @Semantics
    public static void packuswb(CpuState cpu, int to, int from, int bits) {
        long[] file = cpu.simd.file;
        if (bits == 128) {
            long low = (long) unsignedBytes(file[to + 1]) << 32 | unsignedBytes(file[to]) & 0xFFFFFFFFL;
            file[to + 1] = (long) unsignedBytes(file[from + 1]) << 32 | unsignedBytes(file[from]) & 0xFFFFFFFFL;
            file[to] = low;
        } else {
            file[to] = (long) unsignedBytes(file[from]) << 32 | unsignedBytes(file[to]) & 0xFFFFFFFFL;
        }
    }

    @Semantics
    public static void packssdw(CpuState cpu, int to, int from, int bits) {
        long[] file = cpu.simd.file;
        if (bits == 128) {
            long low = (long) signedWords(file[to + 1]) << 32 | signedWords(file[to]) & 0xFFFFFFFFL;
            file[to + 1] = (long) signedWords(file[from + 1]) << 32 | signedWords(file[from]) & 0xFFFFFFFFL;
            file[to] = low;
        } else {
            file[to] = (long) signedWords(file[from]) << 32 | signedWords(file[to]) & 0xFFFFFFFFL;
        }
    }

    private static int signedBytes(long words) {
        int result = 0;
        for (int i = 0; i < 4; i++) {
            result |= (Lanes.signedByte((short) (words >>> 16 * i)) & 0xFF) << 8 * i;
        }
        return result;
    }

    private static int unsignedBytes(long words) {
        int result = 0;
        for (int i = 0; i < 4; i++) {
            result |= Lanes.unsignedByte((short) (words >>> 16 * i)) << 8 * i;
        }
        return result;
    }

    private static int signedWords(long doublewords) {
        return Lanes.signedWord((int) doublewords) & 0xFFFF | Lanes.signedWord((int) (doublewords >>> 32)) << 16;
    }

    // ---- shuffling: two bits of the order for each element, the lowest element first

    @Semantics
    public static void pshufw(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        file[to] = shuffleWords(file[from], order);
    }

    @Semantics
    public static void pshuflw(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        file[to + 1] = file[from + 1];
        file[to] = shuffleWords(file[from], order);
    }

    @Semantics
    public static void pshufhw(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        file[to] = file[from];
        file[to + 1] = shuffleWords(file[from + 1], order);
    }

    @Semantics
    public static void pshufd(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        long low = pair(file, from, order, from, order >> 2);
        file[to + 1] = pair(file, from, order >> 4, from, order >> 6);
        file[to] = low;
    }

    /** The low half is chosen from the first operand, the high half from the second. */
    @Semantics
    public static void shufps(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        long low = pair(file, to, order, to, order >> 2);
        file[to + 1] = pair(file, from, order >> 4, from, order >> 6);
        file[to] = low;
    }

    @Semantics
    public static void shufpd(CpuState cpu, int to, int from, int order) {
        long[] file = cpu.simd.file;
        long high = file[from + (order >> 1 & 1)];
        file[to] = file[to + (order & 1)];
        file[to + 1] = high;
    }

    private static long shuffleWords(long words, int order) {
        long result = 0;
        for (int i = 0; i < 4; i++) {
            result |= (words >>> 16 * (order >> 2 * i & 3) & 0xFFFF) << 16 * i;
        }
        return result;
    }

    private static long pair(long[] file, int low, int lowNumber, int high, int highNumber) {
        return doubleword(file, low, lowNumber & 3) & 0xFFFFFFFFL | (long) doubleword(file, high, highNumber & 3) << 32;
    }

    private static int doubleword(long[] file, int register, int number) {
        return (int) (file[register + (number >> 1)] >>> 32 * (number & 1));
    }

    // ---- single words, and signs

    @Semantics
    public static void pinsrw(CpuState cpu, int to, int word, int position, int bits) {
        long[] file = cpu.simd.file;
        int quadword = bits == 128 ? to + (position >> 2 & 1) : to;
        int shift = 16 * (position & 3);
        file[quadword] = file[quadword] & ~(0xFFFFL << shift) | (word & 0xFFFFL) << shift;
    }

    /** @param from number of the register's first quadword: an MMX register if below {@link Simd#XMM} */
    @Semantics
    public static int pextrw(CpuState cpu, int from, int position) {
        int quadword = from >= Simd.XMM ? from + (position >> 2 & 1) : from;
        return (int) (cpu.simd.file[quadword] >>> 16 * (position & 3)) & 0xFFFF;
    }

    @Semantics
    public static int pmovmskb(CpuState cpu, int from) {
        long[] file = cpu.simd.file;
        int low = byteSigns(file[from]);
        return from >= Simd.XMM ? low | byteSigns(file[from + 1]) << 8 : low;
    }

    @Semantics
    public static int movmskps(CpuState cpu, int from) {
        long[] file = cpu.simd.file;
        return signs(file[from]) | signs(file[from + 1]) << 2;
    }

    @Semantics
    public static int movmskpd(CpuState cpu, int from) {
        long[] file = cpu.simd.file;
        return (int) (file[from] >>> 63 | file[from + 1] >>> 63 << 1);
    }

    /** The highest bit of each byte. */
    private static int byteSigns(long bytes) {
        return (int) ((bytes >>> 7 & 0x0101010101010101L) * 0x0102040810204080L >>> 56);
    }

    private static int signs(long singles) {
        return (int) (singles >>> 31 & 1 | singles >>> 63 << 1);
    }
}
