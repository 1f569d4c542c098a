package lguest.sem;

import lguest.cpu.CpuState;

/**
 * Arithmetic on packed integers (SDM vol. 2B "PADDB/PADDW/PADDD/PADDQ" and its neighbours), the same for MMX and XMM registers.
 * Parameters in all {@code Packed} classes are as {@link Lanes#each} says: the numbers of first quadwords, and how wide the
 * registers are.
 */
public final class PackedArithmetic {
    private static final long BYTE_SIGNS = 0x8080808080808080L;
    private static final long WORD_SIGNS = 0x8000800080008000L;

    private PackedArithmetic() {
    }

    @Semantics
    public static void paddb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::addBytes);
    }

    @Semantics
    public static void paddw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::addWords);
    }

    @Semantics
    public static void paddd(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.doublewords(a, b, Integer::sum));
    }

    @Semantics
    public static void paddq(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, Long::sum);
    }

    @Semantics
    public static void psubb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::subtractBytes);
    }

    @Semantics
    public static void psubw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::subtractWords);
    }

    @Semantics
    public static void psubd(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.doublewords(a, b, (x, y) -> x - y));
    }

    @Semantics
    public static void psubq(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> a - b);
    }

    @Semantics
    public static void paddsb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.bytes(a, b, (x, y) -> Lanes.signedByte(x + y)));
    }

    @Semantics
    public static void paddsw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> Lanes.signedWord(x + y)));
    }

    @Semantics
    public static void paddusb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedBytes(a, b, (x, y) -> Lanes.unsignedByte(x + y)));
    }

    @Semantics
    public static void paddusw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedWords(a, b, (x, y) -> Lanes.unsignedWord(x + y)));
    }

    @Semantics
    public static void psubsb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.bytes(a, b, (x, y) -> Lanes.signedByte(x - y)));
    }

    @Semantics
    public static void psubsw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> Lanes.signedWord(x - y)));
    }

    @Semantics
    public static void psubusb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedBytes(a, b, (x, y) -> Lanes.unsignedByte(x - y)));
    }

    @Semantics
    public static void psubusw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedWords(a, b, (x, y) -> Lanes.unsignedWord(x - y)));
    }

    /** Low halves of the products. */
    @Semantics
    public static void pmullw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> x * y));
    }

    /** High halves of the signed products. */
    @Semantics
    public static void pmulhw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> x * y >> 16));
    }

    /** High halves of the unsigned products. */
    @Semantics
    public static void pmulhuw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedWords(a, b, (x, y) -> x * y >>> 16));
    }

    /** The product of the low doublewords of each quadword. */
    @Semantics
    public static void pmuludq(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> (a & 0xFFFFFFFFL) * (b & 0xFFFFFFFFL));
    }

    /** Sums of neighbouring products. */
    @Semantics
    public static void pmaddwd(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::multiplyAdd);
    }

    /** The sum of the distances of eight unsigned bytes. */
    @Semantics
    public static void psadbw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, PackedArithmetic::sumOfDistances);
    }

    @Semantics
    public static void pavgb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedBytes(a, b, (x, y) -> x + y + 1 >> 1));
    }

    @Semantics
    public static void pavgw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedWords(a, b, (x, y) -> x + y + 1 >> 1));
    }

    @Semantics
    public static void pminub(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedBytes(a, b, Math::min));
    }

    @Semantics
    public static void pmaxub(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.unsignedBytes(a, b, Math::max));
    }

    @Semantics
    public static void pminsw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, Math::min));
    }

    @Semantics
    public static void pmaxsw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, Math::max));
    }

    private static long addBytes(long a, long b) {
        return add(a, b, BYTE_SIGNS);
    }

    private static long addWords(long a, long b) {
        return add(a, b, WORD_SIGNS);
    }

    private static long subtractBytes(long a, long b) {
        return subtract(a, b, BYTE_SIGNS);
    }

    private static long subtractWords(long a, long b) {
        return subtract(a, b, WORD_SIGNS);
    }

    /** Adds all but the highest bit of each element, where a carry can go, and then that without carry. */
    private static long add(long a, long b, long signs) {
        return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
    }

    private static long subtract(long a, long b, long signs) {
        return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
    }

    private static long multiplyAdd(long a, long b) {
        return Lanes.doublewords(a, b, (x, y) -> (short) x * (short) y + (x >> 16) * (y >> 16));
    }

    private static long sumOfDistances(long a, long b) {
        long sum = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            sum += Math.abs((a >>> shift & 0xFF) - (b >>> shift & 0xFF));
        }
        return sum;
    }
}
