package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.locate;
import static lguest.sem.X87Access.overflow;
import static lguest.sem.X87Access.push;
import static lguest.sem.X87Access.readInteger;
import static lguest.sem.X87Access.readReal;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.mem.LinearMemory;

/** Pushes of a register, real, integer or packed decimal (SDM vol. 1 "Data Transfer Instructions"). */
public final class X87Load {
    private X87Load() {
    }

    @Semantics
    public static void fld(CpuState cpu, int sti, int self) {
        Fpu fpu = enter(cpu, self);
        if (fpu.isEmpty(sti)) {
            underflow(fpu);
        } else if (!fpu.isEmpty(-1)) {
            overflow(fpu);
        } else {
            int n = fpu.physical(sti);
            fpu.result(fpu.signExponent[n], fpu.significand[n]);
        }
        push(fpu);
    }

    @Semantics
    public static void fldM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        Fpu fpu = enter(cpu);
        long value = readReal(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        if (fpu.isEmpty(-1)) {
            Float80Convert.fromReal(fpu, value, bits);
            Float80.propagateNan(fpu, fpu.resultSignExponent, fpu.resultSignificand);
        } else {
            overflow(fpu);
        }
        // A denormal is loaded even if that exception is not masked.
        if (commit(fpu) || (fpu.raised & Fpu.IE) == 0) {
            fpu.pushResult();
        }
    }

    @Semantics
    public static void fldM80(CpuState cpu, LinearMemory mem, int segment, int offset, int self) {
        Fpu fpu = enter(cpu);
        int linear = mem.linear(segment, offset, 10, false);
        long significand = mem.read64(linear);
        fpu.result(mem.read16(linear + 8), significand);
        locate(cpu, fpu, self, segment, offset);
        if (!fpu.isEmpty(-1)) {
            overflow(fpu);
        }
        push(fpu);
    }

    @Semantics
    public static void fild(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        Fpu fpu = enter(cpu);
        long value = readInteger(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        if (fpu.isEmpty(-1)) {
            Float80Convert.fromInteger(fpu, value);
        } else {
            overflow(fpu);
        }
        push(fpu);
    }

    @Semantics
    public static void fbld(CpuState cpu, LinearMemory mem, int segment, int offset, int self) {
        Fpu fpu = enter(cpu);
        int linear = mem.linear(segment, offset, 10, false);
        long low = mem.read64(linear);
        int high = mem.read16(linear + 8);
        locate(cpu, fpu, self, segment, offset);
        if (fpu.isEmpty(-1)) {
            Float80Decimal.fromDecimal(fpu, low, high);
        } else {
            overflow(fpu);
        }
        push(fpu);
    }
}
