package lguest.sem;

import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.overflow;
import static lguest.sem.X87Access.push;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;

/** Pushes of the numbers the unit knows by heart, to 128 bits before rounding (SDM vol. 1 "Load Constant Instructions"). */
public final class X87Constants {
    private X87Constants() {
    }

    /** 1. */
    @Semantics
    public static void fld1(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS, Float80.INTEGER_BIT, 0);
    }

    /** +0. */
    @Semantics
    public static void fldz(CpuState cpu, int self) {
        constant(enter(cpu, self), 0, 0, 0);
    }

    /** log2(10), rounded as rounding control says but not inexact. */
    @Semantics
    public static void fldl2t(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS + 1, 0xD49A784BCD1B8AFEL, 0x492BF6FF4DAFDB4CL);
    }

    /** log2(e), rounded as rounding control says but not inexact. */
    @Semantics
    public static void fldl2e(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS, 0xB8AA3B295C17F0BBL, 0xBE87FED0691D3E88L);
    }

    /** pi, rounded as rounding control says but not inexact. */
    @Semantics
    public static void fldpi(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS + 1, 0xC90FDAA22168C234L, 0xC4C6628B80DC1CD1L);
    }

    /** log10(2), rounded as rounding control says but not inexact. */
    @Semantics
    public static void fldlg2(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS - 2, 0x9A209A84FBCFF798L, 0x8F8959AC0B7C9178L);
    }

    /** ln(2), rounded as rounding control says but not inexact. */
    @Semantics
    public static void fldln2(CpuState cpu, int self) {
        constant(enter(cpu, self), Float80.BIAS - 1, 0xB17217F7D1CF79ABL, 0xC9E3B39803F2F6AFL);
    }

    private static void constant(Fpu fpu, int se, long hi, long lo) {
        if (fpu.isEmpty(-1)) {
            fpu.result(se, lo != 0 && Float80Round.up(fpu.control, 0, hi, lo) ? hi + 1 : hi);
        } else {
            overflow(fpu);
        }
        push(fpu);
    }
}
