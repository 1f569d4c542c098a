package lguest.sem;

import lguest.cpu.Fpu;
import lguest.cpu.Wide;

/** Product. */
final class Float80Multiply {
    private Float80Multiply() {
    }

    static void multiply(Fpu fpu, int ase, long as, int bse, long bs) {
        int sign = (ase ^ bse) & Float80.SIGN;
        if (Float80.isNormal(ase, as) && Float80.isNormal(bse, bs)) {
            product(fpu, sign, Float80.exponent(ase) + Float80.exponent(bse), as, bs);
        } else if (!Float80.propagateNan(fpu, ase, as, bse, bs)) {
            special(fpu, sign, ase, as, bse, bs);
        }
    }

    private static void special(Fpu fpu, int sign, int ase, long as, int bse, long bs) {
        boolean infinite = Float80.isInfinite(ase, as) || Float80.isInfinite(bse, bs);
        boolean zero = as == 0 || bs == 0;
        if (infinite && zero) {
            Float80.invalid(fpu);
            return;
        }
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
        if (infinite) {
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else if (zero) {
            fpu.result(sign, 0);
        } else {
            int aShift = Long.numberOfLeadingZeros(as);
            int bShift = Long.numberOfLeadingZeros(bs);
            int exponents = Math.max(1, Float80.exponent(ase)) - aShift + Math.max(1, Float80.exponent(bse)) - bShift;
            product(fpu, sign, exponents, as << aShift, bs << bShift);
        }
    }

    private static void product(Fpu fpu, int sign, int exponents, long as, long bs) {
        long hi = Wide.multiplyHigh(as, bs);
        long lo = as * bs;
        int exponent = exponents - Float80.BIAS + 1;
        if (hi >= 0) {
            hi = hi << 1 | lo >>> 63;
            lo <<= 1;
            exponent--;
        }
        Float80Round.round(fpu, sign, exponent, hi, lo);
    }
}
