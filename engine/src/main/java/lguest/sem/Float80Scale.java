package lguest.sem;

import lguest.cpu.Fpu;

/** Exponents as numbers: FSCALE adds to one, FXTRACT takes a value apart. */
final class Float80Scale {
    /** Further than any exponent can be moved and still matter. */
    private static final int FAR = 0x10000;

    private Float80Scale() {
    }

    /** {@code a * 2^(b rounded toward zero)}. SDM vol. 2A "FSCALE". */
    static void scale(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.propagateNan(fpu, ase, as, bse, bs)) {
            return;
        }
        int sign = ase & Float80.SIGN;
        boolean aInfinite = Float80.isInfinite(ase, as);
        boolean down = (bse & Float80.SIGN) != 0;
        if (Float80.isInfinite(bse, bs)) {
            if (down ? aInfinite : as == 0) {
                Float80.invalid(fpu);
                return;
            }
            noteDenormal(fpu, ase, as);
            fpu.result(down ? sign : sign | Float80.MAX_EXPONENT, down ? 0 : Float80.INTEGER_BIT);
            return;
        }
        noteDenormal(fpu, ase, as);
        noteDenormal(fpu, bse, bs);
        if (aInfinite || as == 0 || bs == 0) {
            fpu.result(Float80.canonical(ase, as), as);
            return;
        }
        int shift = Long.numberOfLeadingZeros(as);
        int steps = truncate(bse, bs);
        int exponent = Math.max(1, Float80.exponent(ase)) - shift + (down ? -steps : steps);
        Float80Round.roundExtended(fpu, sign, exponent, as << shift, 0);
    }

    /** The integer part of the magnitude, at most {@link #FAR}. */
    private static int truncate(int se, long sig) {
        int exponent = Float80.exponent(se) - Float80.BIAS;
        if (exponent < 0) {
            return 0;
        }
        return exponent >= 16 ? FAR : (int) (sig >>> 63 - exponent);
    }

    /** FXTRACT's first half: the unbiased exponent as a value; minus infinity and ZE for a zero. SDM vol. 2A "FXTRACT". */
    static void extractExponent(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return;
        }
        if (Float80.isInfinite(se, sig)) {
            fpu.result(Float80.MAX_EXPONENT, sig);
        } else if (sig == 0) {
            fpu.raised |= Fpu.ZE;
            fpu.result(Float80.SIGN | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else {
            noteDenormal(fpu, se, sig);
            Float80Convert.fromInteger(fpu, Math.max(1, Float80.exponent(se)) - Long.numberOfLeadingZeros(sig) - Float80.BIAS);
        }
    }

    /** FXTRACT's second half: the significand as a value from 1 up to 2, with the sign. Raises nothing that the first did not. */
    static void extractSignificand(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return;
        }
        if (Float80.isInfinite(se, sig) || sig == 0) {
            fpu.result(se, sig);
        } else {
            fpu.result(se & Float80.SIGN | Float80.BIAS, sig << Long.numberOfLeadingZeros(sig));
        }
    }

    private static void noteDenormal(Fpu fpu, int se, long sig) {
        if (Float80.isDenormal(se, sig)) {
            fpu.raised |= Fpu.DE;
        }
    }
}
