package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.locate;
import static lguest.sem.X87Access.present;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.mem.LinearMemory;

/**
 * Stores of ST to a register, or to memory as real, integer or packed decimal (SDM vol. 1 "Data Transfer Instructions").
 * Memory is written before anything changes in the unit: a store that faults can start again.
 */
public final class X87Store {
    private X87Store() {
    }

    @Semantics
    public static void fst(CpuState cpu, int sti, int self) {
        copy(cpu, self, sti, false);
    }

    @Semantics
    public static void fstp(CpuState cpu, int sti, int self) {
        copy(cpu, self, sti, true);
    }

    /** The undocumented D9 D8+: FSTP ST(i) that takes an empty ST for no fault and moves nothing then. */
    @Semantics
    public static void fstpnce(CpuState cpu, int sti, int self) {
        if (cpu.fpu.isEmpty(0)) {
            Fpu fpu = enter(cpu, self);
            commit(fpu);
            fpu.pop();
        } else {
            copy(cpu, self, sti, true);
        }
    }

    @Semantics
    public static void fstM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        storeReal(cpu, mem, segment, offset, bits, self, false);
    }

    @Semantics
    public static void fstpM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        storeReal(cpu, mem, segment, offset, bits, self, true);
    }

    @Semantics
    public static void fist(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        storeInteger(cpu, mem, segment, offset, bits, self, false);
    }

    @Semantics
    public static void fistp(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        storeInteger(cpu, mem, segment, offset, bits, self, true);
    }

    @Semantics
    public static void fstpM80(CpuState cpu, LinearMemory mem, int segment, int offset, int self) {
        Fpu fpu = enter(cpu);
        if (present(fpu)) {
            fpu.result(fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        storeTenBytesAndPop(cpu, mem, segment, offset, self);
    }

    @Semantics
    public static void fbstp(CpuState cpu, LinearMemory mem, int segment, int offset, int self) {
        Fpu fpu = enter(cpu);
        if (present(fpu)) {
            Float80Decimal.toDecimal(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        storeTenBytesAndPop(cpu, mem, segment, offset, self);
    }

    private static void copy(CpuState cpu, int self, int sti, boolean pop) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            fpu.result(fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        if (commit(fpu)) {
            fpu.storeResult(sti);
            if (pop) {
                fpu.pop();
            }
        }
    }

    private static void storeReal(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, boolean pop) {
        Fpu fpu = enter(cpu);
        long value;
        if (fpu.isEmpty(0)) {
            value = Float80Convert.toReal(fpu, Float80.INDEFINITE_SE, Float80.INDEFINITE, bits);
            underflow(fpu);
        } else {
            value = Float80Convert.toReal(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top], bits);
        }
        store(cpu, mem, segment, offset, bits, self, value, pop);
    }

    private static void storeInteger(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, boolean pop) {
        Fpu fpu = enter(cpu);
        long value = present(fpu)
            ? Float80Convert.toInteger(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top], bits)
            : -1L << bits - 1;
        store(cpu, mem, segment, offset, bits, self, value, pop);
    }

    private static void store(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, long value,
            boolean pop) {
        Fpu fpu = cpu.fpu;
        boolean stores = storable(fpu);
        if (stores) {
            switch (bits) {
                case 16 -> mem.write16(segment, offset, (int) value);
                case 32 -> mem.write32(segment, offset, (int) value);
                default -> mem.write64(segment, offset, value);
            }
        }
        locate(cpu, fpu, self, segment, offset);
        commit(fpu);
        if (stores && pop) {
            fpu.pop();
        }
    }

    /** The real and the packed BCD indefinite have the same bytes. */
    private static void storeTenBytesAndPop(CpuState cpu, LinearMemory mem, int segment, int offset, int self) {
        Fpu fpu = cpu.fpu;
        boolean stores = storable(fpu);
        if (stores) {
            int linear = mem.linear(segment, offset, 10, true);
            if ((linear & 0xFFF) > 0x1000 - 10) {
                mem.touch(linear, 10, true);
            }
            mem.write64(linear, fpu.resultSignificand);
            mem.write16(linear + 8, fpu.resultSignExponent);
        }
        locate(cpu, fpu, self, segment, offset);
        commit(fpu);
        if (stores) {
            fpu.pop();
        }
    }

    /** Whether a store to memory happens: not on an invalid operation, overflow or underflow that is not masked. */
    private static boolean storable(Fpu fpu) {
        return (fpu.raised & ~fpu.control & (Fpu.IE | Fpu.OE | Fpu.UE)) == 0;
    }
}
