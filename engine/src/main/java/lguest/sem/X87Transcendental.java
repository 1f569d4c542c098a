package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.overflow;
import static lguest.sem.X87Access.present;
import static lguest.sem.X87Access.replaceTop;
import static lguest.sem.X87Access.replaceTopAndPush;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;

/**
 * Powers, logarithms and trigonometry (SDM vol. 1 "Transcendental Instructions"): which registers they read and write, and
 * which operands are out of range. {@link Float80Transcendental} has the values.
 */
public final class X87Transcendental {
    private X87Transcendental() {
    }

    @Semantics
    public static void f2xm1(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu)) {
            Float80Transcendental.f2xm1(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void fsin(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.status &= ~Fpu.C2;
        if (present(fpu)) {
            if (tooFar(fpu)) {
                return;
            }
            Float80Transcendental.fsin(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    @Semantics
    public static void fcos(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.status &= ~Fpu.C2;
        if (present(fpu)) {
            if (tooFar(fpu)) {
                return;
            }
            Float80Transcendental.fcos(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceTop(fpu);
    }

    /** Sine into ST, then the cosine on top of it; C1 speaks of the cosine. */
    @Semantics
    public static void fsincos(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.status &= ~Fpu.C2;
        if (roomBeside(fpu)) {
            if (tooFar(fpu)) {
                return;
            }
            int se = fpu.signExponent[fpu.top];
            long sig = fpu.significand[fpu.top];
            Float80Transcendental.fsin(fpu, se, sig);
            int sineSe = fpu.resultSignExponent;
            long sine = fpu.resultSignificand;
            fpu.raised &= ~Fpu.C1;
            Float80Transcendental.fcos(fpu, se, sig);
            int cosineSe = fpu.resultSignExponent;
            long cosine = fpu.resultSignificand;
            fpu.result(sineSe, sine);
            replaceTopAndPush(fpu, cosineSe, cosine);
        } else {
            replaceTopAndPush(fpu, Float80.INDEFINITE_SE, Float80.INDEFINITE);
        }
    }

    /** Tangent into ST, then 1.0 on top of it; an invalid operand gives two NaNs. */
    @Semantics
    public static void fptan(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        fpu.status &= ~Fpu.C2;
        if (roomBeside(fpu)) {
            if (tooFar(fpu)) {
                return;
            }
            Float80Transcendental.fptan(fpu, fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
            if (Float80.isNan(fpu.resultSignExponent, fpu.resultSignificand)) {
                replaceTopAndPush(fpu, fpu.resultSignExponent, fpu.resultSignificand);
            } else {
                replaceTopAndPush(fpu, Float80.BIAS, Float80.INTEGER_BIT);
            }
        } else {
            replaceTopAndPush(fpu, Float80.INDEFINITE_SE, Float80.INDEFINITE);
        }
    }

    /** arctan(ST(1) / ST), in the quadrant of the point (ST, ST(1)), into ST(1), and pop. */
    @Semantics
    public static void fpatan(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu, 1)) {
            int y = fpu.physical(1);
            Float80Transcendental.fpatan(fpu, fpu.signExponent[y], fpu.significand[y],
                fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceNextAndPop(fpu);
    }

    /** ST(1) * log2(ST), into ST(1), and pop. */
    @Semantics
    public static void fyl2x(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu, 1)) {
            int y = fpu.physical(1);
            Float80Transcendental.fyl2x(fpu, fpu.signExponent[y], fpu.significand[y],
                fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceNextAndPop(fpu);
    }

    /** ST(1) * log2(ST + 1), into ST(1), and pop. */
    @Semantics
    public static void fyl2xp1(CpuState cpu, int self) {
        Fpu fpu = enter(cpu, self);
        if (present(fpu, 1)) {
            int y = fpu.physical(1);
            Float80Transcendental.fyl2xp1(fpu, fpu.signExponent[y], fpu.significand[y],
                fpu.signExponent[fpu.top], fpu.significand[fpu.top]);
        }
        replaceNextAndPop(fpu);
    }

    private static void replaceNextAndPop(Fpu fpu) {
        if (commit(fpu)) {
            fpu.storeResult(1);
            fpu.pop();
        }
    }

    /** Whether ST has a value and another one can be pushed. */
    private static boolean roomBeside(Fpu fpu) {
        if (!present(fpu)) {
            return false;
        }
        if (!fpu.isEmpty(-1)) {
            overflow(fpu);
            return false;
        }
        return true;
    }

    /** C2: whether the operand of a trigonometric instruction is 2^63 or more and stays as it is. */
    private static boolean tooFar(Fpu fpu) {
        int exponent = Float80.exponent(fpu.signExponent[fpu.top]);
        boolean far = exponent >= Float80.BIAS + 63 && exponent != Float80.MAX_EXPONENT && fpu.significand[fpu.top] < 0;
        if (far) {
            fpu.status = fpu.status & ~Fpu.C1 | Fpu.C2;
        }
        return far;
    }
}
