package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.commitKeepingC1;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.present;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;

/** What happens among the registers of the stack: values change places, registers become empty, TOP turns. */
public final class X87Move {
    private X87Move() {
    }

    @Semantics
    public static void fcmovb(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, cpu.cf());
    }

    @Semantics
    public static void fcmove(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, cpu.zf());
    }

    @Semantics
    public static void fcmovbe(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, cpu.cf() || cpu.zf());
    }

    @Semantics
    public static void fcmovu(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, cpu.pf());
    }

    @Semantics
    public static void fcmovnb(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, !cpu.cf());
    }

    @Semantics
    public static void fcmovne(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, !cpu.zf());
    }

    @Semantics
    public static void fcmovnbe(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, !cpu.cf() && !cpu.zf());
    }

    @Semantics
    public static void fcmovnu(CpuState cpu, int sti, int self) {
        move(cpu, self, sti, !cpu.pf());
    }

    /** An empty register is a stack fault whether or not the condition holds. */
    private static void move(CpuState cpu, int self, int sti, boolean condition) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu, sti)) {
            int n = fpu.physical(condition ? sti : 0);
            fpu.result(fpu.signExponent[n], fpu.significand[n]);
        }
        if (commitKeepingC1(fpu)) {
            fpu.storeResult(0);
        }
    }

    /** Exchanges; registers that are empty first receive the indefinite. */
    @Semantics
    public static void fxch(CpuState cpu, int sti, int self) {
        Fpu fpu = enter(cpu, self);
        boolean topEmpty = fpu.isEmpty(0);
        boolean otherEmpty = fpu.isEmpty(sti);
        if (topEmpty || otherEmpty) {
            underflow(fpu);
        }
        if (commit(fpu)) {
            int n = fpu.physical(sti);
            int se = topEmpty ? Float80.INDEFINITE_SE : fpu.signExponent[fpu.top];
            long sig = topEmpty ? Float80.INDEFINITE : fpu.significand[fpu.top];
            if (!otherEmpty) {
                fpu.result(fpu.signExponent[n], fpu.significand[n]);
            }
            fpu.storeResult(0);
            fpu.result(se, sig);
            fpu.storeResult(sti);
        }
    }

    @Semantics
    public static void ffree(CpuState cpu, int sti, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.empty |= 1 << fpu.physical(sti);
        fpu.status &= ~Fpu.C1;
    }

    @Semantics
    public static void ffreep(CpuState cpu, int sti, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.empty |= 1 << fpu.physical(sti);
        fpu.status &= ~Fpu.C1;
        fpu.pop();
    }

    @Semantics
    public static void fincstp(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.top = fpu.top + 1 & 7;
        fpu.status &= ~Fpu.C1;
    }

    @Semantics
    public static void fdecstp(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.top = fpu.top - 1 & 7;
        fpu.status &= ~Fpu.C1;
    }
}
