package lguest.sem;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/** Moving and converting: nothing here computes. */
public final class Mov {
    private Mov() {
    }

    /** MOV, and MOVZX: operands arrive zero-extended. */
    @Semantics
    public static int mov(int src) {
        return src;
    }

    /** XCHG: the second operand receives the first's old value by the row's {@code exchange}. */
    @Semantics
    public static int xchg(int dst, int src) {
        return src;
    }

    @Semantics
    public static int movsx(int src, int sourceBits) {
        return Flags.signed(src, sourceBits);
    }

    @Semantics
    public static int lea(int offset) {
        return offset;
    }

    @Semantics
    public static int cmov(CpuState cpu, int dst, int src, int cc) {
        return cpu.condition(cc) ? src : dst;
    }

    /** CBW, CWDE. */
    @Semantics
    public static void cbw(CpuState cpu, int operandBits) {
        if (operandBits == 16) {
            cpu.setReg16(CpuState.EAX, (byte) cpu.regs[CpuState.EAX]);
        } else {
            cpu.regs[CpuState.EAX] = (short) cpu.regs[CpuState.EAX];
        }
    }

    /** CWD, CDQ. */
    @Semantics
    public static void cwd(CpuState cpu, int operandBits) {
        cpu.setReg(CpuState.EDX, Flags.signed(cpu.regs[CpuState.EAX], operandBits) >> 31, operandBits);
    }

    @Semantics
    public static void xlat(CpuState cpu, LinearMemory mem, int segment, int addressBits) {
        int offset = Flags.cut(cpu.regs[CpuState.EBX] + cpu.reg8(CpuState.EAX), addressBits);
        cpu.setReg8(CpuState.EAX, mem.read8(segment, offset));
    }

    /** BSWAP; of a 16-bit register it gives 0, as processors do. */
    @Semantics
    public static int bswap(int dst, int bits) {
        return bits == 16 ? 0 : Integer.reverseBytes(dst);
    }
}
