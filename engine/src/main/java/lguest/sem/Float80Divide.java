package lguest.sem;

import lguest.cpu.Fpu;
import lguest.cpu.Wide;

/** Quotient. */
final class Float80Divide {
    private Float80Divide() {
    }

    /** {@code a / b}. */
    static void divide(Fpu fpu, int ase, long as, int bse, long bs) {
        int sign = (ase ^ bse) & Float80.SIGN;
        if (Float80.isNormal(ase, as) && Float80.isNormal(bse, bs)) {
            quotient(fpu, sign, Float80.exponent(ase) - Float80.exponent(bse), as, bs);
        } else if (!Float80.propagateNan(fpu, ase, as, bse, bs)) {
            special(fpu, sign, ase, as, bse, bs);
        }
    }

    private static void special(Fpu fpu, int sign, int ase, long as, int bse, long bs) {
        boolean aInfinite = Float80.isInfinite(ase, as);
        boolean bInfinite = Float80.isInfinite(bse, bs);
        if (aInfinite && bInfinite || as == 0 && bs == 0) {
            Float80.invalid(fpu);
            return;
        }
        if (bs == 0 && !aInfinite) {
            fpu.raised = Fpu.ZE;
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
            return;
        }
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
        if (aInfinite) {
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else if (bInfinite || as == 0) {
            fpu.result(sign, 0);
        } else {
            int aShift = Long.numberOfLeadingZeros(as);
            int bShift = Long.numberOfLeadingZeros(bs);
            int difference = Math.max(1, Float80.exponent(ase)) - aShift - Math.max(1, Float80.exponent(bse)) + bShift;
            quotient(fpu, sign, difference, as << aShift, bs << bShift);
        }
    }

    private static void quotient(Fpu fpu, int sign, int exponentDifference, long as, long bs) {
        int exponent = exponentDifference + Float80.BIAS;
        long hi = as;
        long lo = 0;
        if (Long.compareUnsigned(as, bs) >= 0) {
            hi = as >>> 1;
            lo = as << 63;
        } else {
            exponent--;
        }
        long quotient = Wide.divide(hi, lo, bs);
        long remainder = lo - quotient * bs;
        Float80Round.round(fpu, sign, exponent, quotient, below(remainder, bs));
    }

    /** The bits after the quotient, as far as rounding wants to know: nothing, less than half, half, or more. */
    private static long below(long remainder, long divisor) {
        if (remainder == 0) {
            return 0;
        }
        int order = Long.compareUnsigned(remainder, divisor - remainder);
        return order < 0 ? 1 : order == 0 ? Long.MIN_VALUE : Long.MIN_VALUE | 1;
    }
}
