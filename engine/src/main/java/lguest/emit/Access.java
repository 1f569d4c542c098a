package lguest.emit;

import lguest.cpu.CpuState;
import lguest.cpu.Vector;

/** What generated code calls besides semantics: registers narrower than 32 bits, and the checks that rows ask for. */
public final class Access {
    private Access() {
    }

    public static int low8(CpuState cpu, int number) {
        return cpu.regs[number] & 0xFF;
    }

    /** @param number as encoded: 4 to 7 for AH to BH */
    public static int high8(CpuState cpu, int number) {
        return cpu.regs[number - 4] >>> 8 & 0xFF;
    }

    public static int word(CpuState cpu, int number) {
        return cpu.regs[number] & 0xFFFF;
    }

    public static void setLow8(CpuState cpu, int number, int value) {
        cpu.regs[number] = cpu.regs[number] & 0xFFFFFF00 | value & 0xFF;
    }

    public static void setHigh8(CpuState cpu, int number, int value) {
        cpu.regs[number - 4] = cpu.regs[number - 4] & 0xFFFF00FF | (value & 0xFF) << 8;
    }

    public static void setWord(CpuState cpu, int number, int value) {
        cpu.regs[number] = cpu.regs[number] & 0xFFFF0000 | value & 0xFFFF;
    }

    public static void setDword(CpuState cpu, int number, int value) {
        cpu.regs[number] = value;
    }

    /** Rows marked {@code cpl0}. */
    public static void supervisor(CpuState cpu) {
        if (cpu.cpl != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** NOP and hints. */
    public static void nothing(CpuState cpu) {
    }

    /** The row of everything that is no instruction. */
    public static void undefined(CpuState cpu) {
        throw cpu.fault(Vector.UD, 0);
    }

    /** More than 15 bytes. */
    public static void tooLong(CpuState cpu) {
        throw cpu.fault(Vector.GP, 0);
    }
}
