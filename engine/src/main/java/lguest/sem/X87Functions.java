package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.overflow;
import static lguest.sem.X87Access.present;
import static lguest.sem.X87Access.replaceTop;
import static lguest.sem.X87Access.replaceTopAndPush;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;

/**
 * Functions of ST, or of ST and ST(1), whose results are exact or rounded correctly: root, whole number, scale, remainder,
 * parts, sign (SDM vol. 1 "Basic Arithmetic Instructions").
 */
public final class X87Functions {
    private X87Functions() {
    }

    @Semantics
    public static void fsqrt(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            Float80Sqrt.sqrt(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void frndint(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            Float80Convert.roundToInteger(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void fscale(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu, 1)) {
            int b = fpu.physical(1);
            Float80Scale.scale(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top], fpu.signExponent[b], fpu.significand[b]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void fprem(CpuState cpu, int self) {
        remainder(cpu, self, false);
    }

    @Semantics
    public static void fprem1(CpuState cpu, int self) {
        remainder(cpu, self, true);
    }

    private static void remainder(CpuState cpu, int self, boolean nearest) {
        Fpu fpu = enter(cpu, self);
        int conditions = Float80Remainder.NO_QUOTIENT;
        if (present(fpu, 1)) {
            int b = fpu.physical(1);
            int ase = fpu.signExponent[fpu.top];
            long as = fpu.significand[fpu.top];
            conditions = nearest
                ? Float80Remainder.fprem1(fpu, ase, as, fpu.signExponent[b], fpu.significand[b])
                : Float80Remainder.fprem(fpu, ase, as, fpu.signExponent[b], fpu.significand[b]);
        }
        fpu.status &= ~Fpu.C2;
        if (commit(fpu)) {
            fpu.storeResult(0);
            if (conditions != Float80Remainder.NO_QUOTIENT) {
                fpu.status = fpu.status & ~(Fpu.C0 | Fpu.C3) | conditions;
            }
        }
    }

    /** Exponent into ST, then the significand on top of it. */
    @Semantics
    public static void fxtract(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (fpu.isEmpty(0)) {
            underflow(fpu);
            replaceTopAndPush(fpu, Float80.INDEFINITE_SE, Float80.INDEFINITE);
        } else if (!fpu.isEmpty(-1)) {
            overflow(fpu);
            replaceTopAndPush(fpu, Float80.INDEFINITE_SE, Float80.INDEFINITE);
        } else {
            int se = fpu.signExponent[fpu.top];
            long sig = fpu.significand[fpu.top];
            Float80Scale.extractSignificand(fpu, se, sig);
            int significandSe = fpu.resultSignExponent;
            long significand = fpu.resultSignificand;
            Float80Scale.extractExponent(fpu, se, sig);
            replaceTopAndPush(fpu, significandSe, significand);
        }
    }

    @Semantics
    public static void fchs(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            fpu.result(fpu.signExponent[fpu.top] ^ Float80.SIGN, fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void fabs(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            fpu.result(fpu.signExponent[fpu.top] & ~Float80.SIGN, fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }
}
