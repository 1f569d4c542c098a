package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Vector;

/** Multiplication and division. Flags the SDM leaves undefined follow processors: a product sets SF and PF, divisions none. */
public final class MulDiv {
    private MulDiv() {
    }

    /** MUL: AX, DX:AX or EDX:EAX = accumulator * src. SDM vol. 2B "MUL". */
    @Semantics
    public static void mul(CpuState cpu, int src, int bits) {
        long product = (Flags.cut(cpu.regs[CpuState.EAX], bits) & 0xFFFFFFFFL) * (src & 0xFFFFFFFFL);
        int low = (int) product;
        boolean wide = product >>> bits != 0;
        storeProduct(cpu, product, bits);
        Flags.productFlags(cpu, low, wide, bits);
    }

    /** IMUL with one operand. SDM vol. 2A "IMUL". */
    @Semantics
    public static void imul1(CpuState cpu, int src, int bits) {
        long product = (long) Flags.signed(cpu.regs[CpuState.EAX], bits) * Flags.signed(src, bits);
        int low = (int) product;
        boolean wide = product != Flags.signed(low, bits);
        storeProduct(cpu, product, bits);
        Flags.productFlags(cpu, low, wide, bits);
    }

    private static void storeProduct(CpuState cpu, long product, int bits) {
        if (bits == 8) {
            cpu.setReg16(CpuState.EAX, (int) product);
        } else {
            cpu.setReg(CpuState.EAX, (int) product, bits);
            cpu.setReg(CpuState.EDX, (int) (product >> bits), bits);
        }
    }

    /** IMUL with two or three operands: the product cut to {@code bits}; CF and OF say that something was cut off. */
    @Semantics
    public static int imul(CpuState cpu, int a, int b, int bits) {
        long product = (long) Flags.signed(a, bits) * Flags.signed(b, bits);
        int low = (int) product;
        boolean wide = product != Flags.signed(low, bits);
        return Flags.productFlags(cpu, low, wide, bits);
    }

    /** DIV: #DE if the divisor is 0 or the quotient does not fit. SDM vol. 2A "DIV". */
    @Semantics
    public static void div(CpuState cpu, int src, int bits) {
        long divisor = src & 0xFFFFFFFFL;
        if (divisor == 0) {
            throw cpu.fault(Vector.DE, 0);
        }
        long dividend = dividend(cpu, bits);
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (quotient >>> bits != 0) {
            throw cpu.fault(Vector.DE, 0);
        }
        storeQuotient(cpu, quotient, Long.remainderUnsigned(dividend, divisor), bits);
    }

    /** IDIV: truncates towards zero; #DE as DIV. SDM vol. 2A "IDIV". */
    @Semantics
    public static void idiv(CpuState cpu, int src, int bits) {
        long divisor = Flags.signed(src, bits);
        long dividend = dividend(cpu, bits);
        if (bits == 8) {
            dividend = (short) dividend;
        } else if (bits == 16) {
            dividend = (int) dividend;
        }
        if (divisor == 0 || divisor == -1 && dividend == Long.MIN_VALUE) {
            throw cpu.fault(Vector.DE, 0);
        }
        long quotient = dividend / divisor;
        if (quotient != quotient << 64 - bits >> 64 - bits) {
            throw cpu.fault(Vector.DE, 0);
        }
        storeQuotient(cpu, quotient, dividend % divisor, bits);
    }

    private static long dividend(CpuState cpu, int bits) {
        return switch (bits) {
            case 8 -> cpu.reg16(CpuState.EAX);
            case 16 -> (long) cpu.reg16(CpuState.EDX) << 16 | cpu.reg16(CpuState.EAX);
            default -> (long) cpu.regs[CpuState.EDX] << 32 | cpu.regs[CpuState.EAX] & 0xFFFFFFFFL;
        };
    }

    private static void storeQuotient(CpuState cpu, long quotient, long remainder, int bits) {
        if (bits == 8) {
            cpu.setReg16(CpuState.EAX, (int) quotient & 0xFF | ((int) remainder & 0xFF) << 8);
        } else {
            cpu.setReg(CpuState.EAX, (int) quotient, bits);
            cpu.setReg(CpuState.EDX, (int) remainder, bits);
        }
    }
}
