package lguest.sem;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/** Moves to, from and between MMX and XMM registers, and the few instructions that only mark or mask (SDM vol. 2B "MOVDQA"). */
public final class PackedMove {
    private PackedMove() {
    }

    /** All 128 bits: MOVAPS, MOVUPD, MOVDQA, MOVNTDQ and so on. */
    @Semantics
    public static void mov(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[from];
        file[to + 1] = file[from + 1];
    }

    /** 64 bits; the rest of an XMM register stays: MOVQ of MMX, MOVSD between registers, MOVLPS, MOVLPD, MOVDQ2Q. */
    @Semantics
    public static void movq(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[from];
    }

    /** What there is of the source, and 0 above: MOVQ of XMM, MOVSS and MOVSD from memory, MOVQ2DQ. */
    @Semantics
    public static void movqZero(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[from];
        file[to + 1] = 0;
    }

    /** 32 bits; the rest of the register stays. */
    @Semantics
    public static void movss(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[to] & 0xFFFFFFFF00000000L | file[from] & 0xFFFFFFFFL;
    }

    /** The high quadword to the low one: MOVHLPS; MOVHPS and MOVHPD to memory. */
    @Semantics
    public static void movhlps(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to] = file[from + 1];
    }

    /** The low quadword to the high one: MOVLHPS; MOVHPS and MOVHPD from memory. */
    @Semantics
    public static void movlhps(CpuState cpu, int to, int from) {
        long[] file = cpu.simd.file;
        file[to + 1] = file[from];
    }

    /** MOVD from a general register or memory. */
    @Semantics
    public static void movdIn(CpuState cpu, int to, int value, int bits) {
        long[] file = cpu.simd.file;
        file[to] = value & 0xFFFFFFFFL;
        if (bits == 128) {
            file[to + 1] = 0;
        }
    }

    /** MOVD to a general register or memory. */
    @Semantics
    public static int movdOut(CpuState cpu, int from) {
        return (int) cpu.simd.file[from];
    }

    /**
     * MASKMOVQ, MASKMOVDQU: bytes whose mask has its highest bit set go to DS:EDI. Faults come as for writing all bytes, but only
     * if there is one to write.
     */
    @Semantics
    public static void maskmovq(CpuState cpu, LinearMemory mem, int value, int mask, int segment, int addressBits, int bits) {
        long[] file = cpu.simd.file;
        int linear = mem.linear(segment, Flags.cut(cpu.regs[CpuState.EDI], addressBits), bits >> 3, true);
        if (PackedShuffle.pmovmskb(cpu, mask) == 0) {
            return;
        }
        mem.touch(linear, bits >> 3, true);
        for (int i = 0; i < bits >> 3; i++) {
            if ((file[mask + (i >> 3)] >>> 8 * (i & 7) & 0x80) != 0) {
                mem.write8(linear + i, (int) (file[value + (i >> 3)] >>> 8 * (i & 7)) & 0xFF);
            }
        }
    }

    /** EMMS: all x87 registers are empty. */
    @Semantics
    public static void emms(CpuState cpu) {
        X87Access.mmx(cpu);
        cpu.fpu.leaveMmx();
    }

    /** CLFLUSH: there is no cache, but the address must be one that can be read. */
    @Semantics
    public static void clflush(LinearMemory mem, int segment, int offset) {
        mem.touch(mem.linear(segment, offset, 1, false), 1, false);
    }
}
