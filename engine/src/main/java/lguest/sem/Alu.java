package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.mem.LinearMemory;

/** Addition, subtraction, logic, comparison, and the instructions that touch flags directly. */
public final class Alu {
    private Alu() {
    }

    /** ADD; XADD too, whose second operand receives the first's old value by the row's {@code exchange}. */
    @Semantics
    public static int add(CpuState cpu, int dst, int src, int bits) {
        return Flags.addFlags(cpu, dst, src, dst + src, bits);
    }

    /** ADC: {@code dst + src + CF}. SDM vol. 2A "ADC". */
    @Semantics
    public static int adc(CpuState cpu, int dst, int src, int bits) {
        return Flags.addFlags(cpu, dst, src, dst + src + cpu.carry(), bits);
    }

    @Semantics
    public static int sub(CpuState cpu, int dst, int src, int bits) {
        return Flags.subFlags(cpu, dst, src, dst - src, bits);
    }

    /** SBB: {@code dst - src - CF}. SDM vol. 2B "SBB". */
    @Semantics
    public static int sbb(CpuState cpu, int dst, int src, int bits) {
        return Flags.subFlags(cpu, dst, src, dst - src - cpu.carry(), bits);
    }

    @Semantics
    public static void cmp(CpuState cpu, int dst, int src, int bits) {
        Flags.subFlags(cpu, dst, src, dst - src, bits);
    }

    @Semantics
    public static int and(CpuState cpu, int dst, int src, int bits) {
        return Flags.logicFlags(cpu, dst & src, bits);
    }

    @Semantics
    public static int or(CpuState cpu, int dst, int src, int bits) {
        return Flags.logicFlags(cpu, dst | src, bits);
    }

    @Semantics
    public static int xor(CpuState cpu, int dst, int src, int bits) {
        return Flags.logicFlags(cpu, dst ^ src, bits);
    }

    @Semantics
    public static void test(CpuState cpu, int dst, int src, int bits) {
        Flags.logicFlags(cpu, dst & src, bits);
    }

    /** INC: adds 1 and leaves CF alone. SDM vol. 2A "INC". */
    @Semantics
    public static int inc(CpuState cpu, int dst, int bits) {
        boolean carry = cpu.cf();
        int sum = Flags.addFlags(cpu, dst, 1, dst + 1, bits);
        cpu.setCarryOverflow(carry, cpu.of());
        return sum;
    }

    /** DEC: subtracts 1 and leaves CF alone. SDM vol. 2A "DEC". */
    @Semantics
    public static int dec(CpuState cpu, int dst, int bits) {
        boolean carry = cpu.cf();
        int difference = Flags.subFlags(cpu, dst, 1, dst - 1, bits);
        cpu.setCarryOverflow(carry, cpu.of());
        return difference;
    }

    @Semantics
    public static int neg(CpuState cpu, int dst, int bits) {
        return Flags.subFlags(cpu, 0, dst, -dst, bits);
    }

    /** NOT: no flags. */
    @Semantics
    public static int not(int dst, int bits) {
        return Flags.cut(~dst, bits);
    }

    /** CMPXCHG: always writes the first operand, with its own value when the comparison failed. SDM vol. 2A "CMPXCHG". */
    @Semantics
    public static int cmpxchg(CpuState cpu, int dst, int src, int bits) {
        int accumulator = Flags.cut(cpu.regs[CpuState.EAX], bits);
        Flags.subFlags(cpu, accumulator, dst, accumulator - dst, bits);
        if (accumulator == dst) {
            return src;
        }
        cpu.setReg(CpuState.EAX, dst, bits);
        return dst;
    }

    /** CMPXCHG8B: EDX:EAX against memory, ECX:EBX into it if equal; ZF alone changes. SDM vol. 2A "CMPXCHG8B". */
    @Semantics
    public static void cmpxchg8b(CpuState cpu, LinearMemory mem, int segment, int offset) {
        int linear = mem.linear(segment, offset, 8, true);
        mem.touch(linear, 8, true);
        int low = mem.read32(linear);
        int high = mem.read32(linear + 4);
        boolean equal = low == cpu.regs[CpuState.EAX] && high == cpu.regs[CpuState.EDX];
        mem.write32(linear, equal ? cpu.regs[CpuState.EBX] : low);
        mem.write32(linear + 4, equal ? cpu.regs[CpuState.ECX] : high);
        if (!equal) {
            cpu.regs[CpuState.EAX] = low;
            cpu.regs[CpuState.EDX] = high;
        }
        int flags = cpu.statusFlags() & ~Eflags.ZF;
        cpu.setStatusFlags(equal ? flags | Eflags.ZF : flags);
    }

    @Semantics
    public static void lahf(CpuState cpu) {
        cpu.setReg8(4, cpu.statusFlags() & 0xFF | Eflags.FIXED);
    }

    @Semantics
    public static void sahf(CpuState cpu) {
        cpu.setStatusFlags(cpu.statusFlags() & Eflags.OF | cpu.reg8(4));
    }

    @Semantics
    public static void clc(CpuState cpu) {
        cpu.setCarryOverflow(false, cpu.of());
    }

    @Semantics
    public static void stc(CpuState cpu) {
        cpu.setCarryOverflow(true, cpu.of());
    }

    @Semantics
    public static void cmc(CpuState cpu) {
        cpu.setCarryOverflow(!cpu.cf(), cpu.of());
    }

    @Semantics
    public static void cld(CpuState cpu) {
        cpu.eflagsRest &= ~Eflags.DF;
    }

    @Semantics
    public static void std(CpuState cpu) {
        cpu.eflagsRest |= Eflags.DF;
    }

    /** SALC, undocumented: AL = CF ? 0xFF : 0. */
    @Semantics
    public static void salc(CpuState cpu) {
        cpu.setReg8(CpuState.EAX, -cpu.carry());
    }
}
