package lguest.sem;

import lguest.cpu.Fpu;
import lguest.cpu.Wide;

/**
 * FPREM and FPREM1: the remainder by repeated subtraction, at most 63 bits of the quotient at a time (SDM vol. 2A "FPREM").
 * Beside the outcome they return condition codes: C2 if the reduction is incomplete, else the three low quotient bits.
 */
final class Float80Remainder {
    /** The outcome is a NaN: C0 and C3 keep their values. */
    static final int NO_QUOTIENT = -1;

    private Float80Remainder() {
    }

    /** Quotient rounded toward zero. */
    static int fprem(Fpu fpu, int ase, long as, int bse, long bs) {
        return remainder(fpu, ase, as, bse, bs, false);
    }

    /** Quotient rounded to nearest, IEEE 754's remainder. */
    static int fprem1(Fpu fpu, int ase, long as, int bse, long bs) {
        return remainder(fpu, ase, as, bse, bs, true);
    }

    private static int remainder(Fpu fpu, int ase, long as, int bse, long bs, boolean nearest) {
        if (Float80.propagateNan(fpu, ase, as, bse, bs)) {
            return NO_QUOTIENT;
        }
        if (Float80.isInfinite(ase, as) || bs == 0) {
            Float80.invalid(fpu);
            return NO_QUOTIENT;
        }
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
        if (as == 0 || Float80.isInfinite(bse, bs)) {
            fpu.result(Float80.canonical(ase, as), as);
            return 0;
        }
        int aShift = Long.numberOfLeadingZeros(as);
        int aExponent = Math.max(1, Float80.exponent(ase)) - aShift;
        int sign = ase & Float80.SIGN;
        int bShift = Long.numberOfLeadingZeros(bs);
        int bExponent = Math.max(1, Float80.exponent(bse)) - bShift;
        return reduce(fpu, sign, aExponent, as << aShift, bExponent, bs << bShift, nearest);
    }

    private static int reduce(Fpu fpu, int sign, int aExponent, long as, int bExponent, long bs, boolean nearest) {
        int difference = aExponent - bExponent;
        if (difference < 0) {
            if (nearest && difference == -1 && Long.compareUnsigned(as, bs) > 0) {
                // b/2 < a < b: the quotient is 1 and the remainder a - b.
                finite(fpu, sign ^ Float80.SIGN, aExponent, bs - (as - bs));
                return quotientBits(1);
            }
            finite(fpu, sign, aExponent, as);
            return 0;
        }
        boolean partial = difference >= 64;
        int shift = partial ? difference & 31 | 32 : difference;
        long hi = shift == 0 ? 0 : as >>> 64 - shift;
        long lo = as << shift;
        long quotient = Wide.divide(hi, lo, bs);
        long remainder = lo - quotient * bs;
        if (partial) {
            finite(fpu, sign, aExponent - shift, remainder);
            return Fpu.C2;
        }
        if (nearest) {
            int order = Long.compareUnsigned(remainder, bs - remainder);
            if (order > 0 || order == 0 && (quotient & 1) != 0) {
                finite(fpu, sign ^ Float80.SIGN, bExponent, bs - remainder);
                return quotientBits(quotient + 1);
            }
        }
        finite(fpu, sign, bExponent, remainder);
        return quotientBits(quotient);
    }

    private static void finite(Fpu fpu, int sign, int exponent, long significand) {
        if (significand == 0) {
            fpu.result(sign, 0);
        } else {
            int shift = Long.numberOfLeadingZeros(significand);
            Float80Round.roundExtended(fpu, sign, exponent - shift, significand << shift, 0);
        }
    }

    /** Bit 2 goes to C0, bit 1 to C3, bit 0 to C1. */
    private static int quotientBits(long quotient) {
        return ((quotient & 4) != 0 ? Fpu.C0 : 0) | ((quotient & 2) != 0 ? Fpu.C3 : 0) | ((quotient & 1) != 0 ? Fpu.C1 : 0);
    }
}
