package lguest.sem;

import lguest.cpu.CpuState;

/** Bitwise operations and comparisons of packed integers, whose results are all ones or all zeros (SDM vol. 2B "PCMPEQB"). */
public final class PackedLogic {
    private PackedLogic() {
    }

    /** PAND, ANDPS, ANDPD. */
    @Semantics
    public static void pand(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> a & b);
    }

    /** PANDN, ANDNPS, ANDNPD: the destination is inverted. */
    @Semantics
    public static void pandn(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> ~a & b);
    }

    /** POR, ORPS, ORPD. */
    @Semantics
    public static void por(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> a | b);
    }

    /** PXOR, XORPS, XORPD. */
    @Semantics
    public static void pxor(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> a ^ b);
    }

    @Semantics
    public static void pcmpeqb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.bytes(a, b, (x, y) -> x == y ? -1 : 0));
    }

    @Semantics
    public static void pcmpeqw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> x == y ? -1 : 0));
    }

    @Semantics
    public static void pcmpeqd(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.doublewords(a, b, (x, y) -> x == y ? -1 : 0));
    }

    @Semantics
    public static void pcmpgtb(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.bytes(a, b, (x, y) -> x > y ? -1 : 0));
    }

    @Semantics
    public static void pcmpgtw(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.words(a, b, (x, y) -> x > y ? -1 : 0));
    }

    @Semantics
    public static void pcmpgtd(CpuState cpu, int to, int from, int bits) {
        Lanes.each(cpu, to, from, bits, (a, b) -> Lanes.doublewords(a, b, (x, y) -> x > y ? -1 : 0));
    }
}
