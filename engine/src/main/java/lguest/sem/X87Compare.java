package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.commitKeepingC1;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.locate;
import static lguest.sem.X87Access.present;
import static lguest.sem.X87Access.readInteger;
import static lguest.sem.X87Access.readReal;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Fpu;
import lguest.mem.LinearMemory;

/**
 * Comparisons of ST, into the condition codes or into EFLAGS, and FXAM (SDM vol. 1 "Comparison and Classification
 * Instructions"). To the U forms a quiet NaN is no invalid operation.
 */
public final class X87Compare {
    private X87Compare() {
    }

    @Semantics
    public static void fcom(CpuState cpu, int sti, int self) {
        compare(cpu, self, sti, true, 0);
    }

    @Semantics
    public static void fcomp(CpuState cpu, int sti, int self) {
        compare(cpu, self, sti, true, 1);
    }

    @Semantics
    public static void fcompp(CpuState cpu, int self) {
        compare(cpu, self, 1, true, 2);
    }

    @Semantics
    public static void fucom(CpuState cpu, int sti, int self) {
        compare(cpu, self, sti, false, 0);
    }

    @Semantics
    public static void fucomp(CpuState cpu, int sti, int self) {
        compare(cpu, self, sti, false, 1);
    }

    @Semantics
    public static void fucompp(CpuState cpu, int self) {
        compare(cpu, self, 1, false, 2);
    }

    @Semantics
    public static void fcomM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        compareReal(cpu, mem, segment, offset, bits, self, 0);
    }

    @Semantics
    public static void fcompM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        compareReal(cpu, mem, segment, offset, bits, self, 1);
    }

    @Semantics
    public static void ficom(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        compareInteger(cpu, mem, segment, offset, bits, self, 0);
    }

    @Semantics
    public static void ficomp(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        compareInteger(cpu, mem, segment, offset, bits, self, 1);
    }

    /** Compares with +0. */
    @Semantics
    public static void ftst(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        conclude(fpu, compareTop(fpu, 0, 0), 0);
    }

    /** Classifies ST into C3 C2 C0, its sign into C1. SDM vol. 2A "FXAM". */
    @Semantics
    public static void fxam(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        int se = fpu.signExponent[fpu.top];
        long sig = fpu.significand[fpu.top];
        int kind;
        if (fpu.isEmpty(0)) {
            kind = Fpu.C3 | Fpu.C0;
        } else if (Float80.isUnsupported(se, sig)) {
            kind = 0;
        } else if (Float80.isNan(se, sig)) {
            kind = Fpu.C0;
        } else if (Float80.isInfinite(se, sig)) {
            kind = Fpu.C2 | Fpu.C0;
        } else if (Float80.isZero(se, sig)) {
            kind = Fpu.C3;
        } else if (Float80.isDenormal(se, sig)) {
            kind = Fpu.C3 | Fpu.C2;
        } else {
            kind = Fpu.C2;
        }
        int sign = (se & Float80.SIGN) != 0 ? Fpu.C1 : 0;
        fpu.status = fpu.status & ~(Fpu.C0 | Fpu.C1 | Fpu.C2 | Fpu.C3) | kind | sign;
    }

    @Semantics
    public static void fcomi(CpuState cpu, int sti, int self) {
        compareIntoFlags(cpu, self, sti, true, 0);
    }

    @Semantics
    public static void fcomip(CpuState cpu, int sti, int self) {
        compareIntoFlags(cpu, self, sti, true, 1);
    }

    @Semantics
    public static void fucomi(CpuState cpu, int sti, int self) {
        compareIntoFlags(cpu, self, sti, false, 0);
    }

    @Semantics
    public static void fucomip(CpuState cpu, int sti, int self) {
        compareIntoFlags(cpu, self, sti, false, 1);
    }

    private static void compare(CpuState cpu, int self, int sti, boolean ordered, int pops) {
        Fpu fpu = enter(cpu, self);
        conclude(fpu, order(fpu, sti, ordered), pops);
    }

    private static void compareIntoFlags(CpuState cpu, int self, int sti, boolean ordered, int pops) {
        Fpu fpu = enter(cpu, self);
        int order = order(fpu, sti, ordered);
        cpu.setStatusFlags(((order & Fpu.C0) != 0 ? Eflags.CF : 0) | ((order & Fpu.C2) != 0 ? Eflags.PF : 0)
            | ((order & Fpu.C3) != 0 ? Eflags.ZF : 0));
        if (commitKeepingC1(fpu)) {
            pop(fpu, pops);
        }
    }

    private static void compareReal(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, int pops) {
        Fpu fpu = enter(cpu);
        long value = readReal(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        Float80Convert.fromReal(fpu, value, bits);
        conclude(fpu, compareTop(fpu, fpu.resultSignExponent, fpu.resultSignificand), pops);
    }

    private static void compareInteger(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, int pops) {
        Fpu fpu = enter(cpu);
        long value = readInteger(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        Float80Convert.fromInteger(fpu, value);
        conclude(fpu, compareTop(fpu, fpu.resultSignExponent, fpu.resultSignificand), pops);
    }

    private static int compareTop(Fpu fpu, int se, long sig) {
        if (fpu.isEmpty(0)) {
            underflow(fpu);
            return Float80Compare.UNORDERED;
        }
        return Float80Compare.ordered(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top], se, sig);
    }

    private static int order(Fpu fpu, int sti, boolean ordered) {
        if (!present(fpu, sti)) {
            return Float80Compare.UNORDERED;
        }
        int b = fpu.physical(sti);
        int ase = fpu.signExponent[fpu.top];
        long as = fpu.significand[fpu.top];
        return ordered
            ? Float80Compare.ordered(fpu, ase, as, fpu.signExponent[b], fpu.significand[b])
            : Float80Compare.unordered(fpu, ase, as, fpu.signExponent[b], fpu.significand[b]);
    }

    private static void conclude(Fpu fpu, int order, int pops) {
        fpu.status = fpu.status & ~(Fpu.C0 | Fpu.C2 | Fpu.C3) | order;
        if (commit(fpu)) {
            pop(fpu, pops);
        }
    }

    private static void pop(Fpu fpu, int times) {
        for (int i = 0; i < times; i++) {
            fpu.pop();
        }
    }
}
