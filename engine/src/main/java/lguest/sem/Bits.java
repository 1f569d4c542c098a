package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.mem.LinearMemory;

/**
 * Single bits: test, set, reset, complement and scan. With a register as bit base the bit number counts modulo the width; with
 * memory it reaches as far as it says, in steps of whole operands (SDM vol. 2A "BT").
 */
public final class Bits {
    private Bits() {
    }

    @Semantics
    public static void bt(CpuState cpu, int dst, int bit, int bits) {
        carry(cpu, dst >>> (bit & bits - 1) & 1);
    }

    @Semantics
    public static int bts(CpuState cpu, int dst, int bit, int bits) {
        int n = bit & bits - 1;
        carry(cpu, dst >>> n & 1);
        return dst | 1 << n;
    }

    @Semantics
    public static int btr(CpuState cpu, int dst, int bit, int bits) {
        int n = bit & bits - 1;
        carry(cpu, dst >>> n & 1);
        return dst & ~(1 << n);
    }

    @Semantics
    public static int btc(CpuState cpu, int dst, int bit, int bits) {
        int n = bit & bits - 1;
        carry(cpu, dst >>> n & 1);
        return dst ^ 1 << n;
    }

    @Semantics
    public static void btMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int bit, int bits, int addressBits) {
        int value = mem.read(segment, reach(offset, bit, bits, addressBits), bits);
        carry(cpu, value >>> (bit & bits - 1) & 1);
    }

    @Semantics
    public static void btsMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int bit, int bits, int addressBits) {
        int at = reach(offset, bit, bits, addressBits);
        int value = modify(mem, segment, at, bits);
        mem.write(segment, at, bts(cpu, value, bit, bits), bits);
    }

    @Semantics
    public static void btrMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int bit, int bits, int addressBits) {
        int at = reach(offset, bit, bits, addressBits);
        int value = modify(mem, segment, at, bits);
        mem.write(segment, at, btr(cpu, value, bit, bits), bits);
    }

    @Semantics
    public static void btcMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int bit, int bits, int addressBits) {
        int at = reach(offset, bit, bits, addressBits);
        int value = modify(mem, segment, at, bits);
        mem.write(segment, at, btc(cpu, value, bit, bits), bits);
    }

    /** BSF: the lowest set bit; with none, ZF is set and the destination keeps its value. SDM vol. 2A "BSF". */
    @Semantics
    public static int bsf(CpuState cpu, int dst, int src, int bits) {
        return scanned(cpu, src, dst, Integer.numberOfTrailingZeros(src));
    }

    @Semantics
    public static int bsr(CpuState cpu, int dst, int src, int bits) {
        return scanned(cpu, src, dst, 31 - Integer.numberOfLeadingZeros(src));
    }

    @Semantics
    public static int setcc(CpuState cpu, int cc) {
        return cpu.condition(cc) ? 1 : 0;
    }

    private static int reach(int offset, int bit, int bits, int addressBits) {
        int step = Flags.signed(bit, bits) >> (bits == 16 ? 4 : 5);
        return Flags.cut(offset + step * (bits >> 3), addressBits);
    }

    private static int modify(LinearMemory mem, int segment, int offset, int bits) {
        return bits == 16 ? mem.modify16(segment, offset) : mem.modify32(segment, offset);
    }

    /** CF alone changes. */
    private static void carry(CpuState cpu, int bit) {
        cpu.setCarryOverflow(bit != 0, cpu.of());
    }

    /** ZF says that there was no bit; the other five are undefined, and processors clear them but for PF of what was found. */
    private static int scanned(CpuState cpu, int src, int dst, int bit) {
        if (src == 0) {
            cpu.setStatusFlags(Eflags.ZF | Eflags.PF);
            return dst;
        }
        cpu.setStatusFlags((Integer.bitCount(bit) & 1) == 0 ? Eflags.PF : 0);
        return bit;
    }
}
