package lguest.sem;

import lguest.cpu.Fpu;

/** To and from the formats that memory knows: 32- and 64-bit reals, 16- to 64-bit integers (SDM vol. 1 "Data Types"). */
final class Float80Convert {
    private static final int SINGLE_EXPONENT_BITS = 8;
    private static final int SINGLE_FRACTION_BITS = 23;
    private static final int DOUBLE_EXPONENT_BITS = 11;
    private static final int DOUBLE_FRACTION_BITS = 52;

    private Float80Convert() {
    }

    /** Every integer has an exact value. */
    static void fromInteger(Fpu fpu, long value) {
        if (value == 0) {
            fpu.result(0, 0);
        } else {
            long magnitude = Math.abs(value);
            int shift = Long.numberOfLeadingZeros(magnitude);
            fpu.result((value < 0 ? Float80.SIGN : 0) | Float80.BIAS + 63 - shift, magnitude << shift);
        }
    }

    /** A real from memory; denormals become normal and raise DE, signaling NaNs stay as they are. */
    static void fromReal(Fpu fpu, long value, int bits) {
        if (bits == 32) {
            fromReal(fpu, value, SINGLE_EXPONENT_BITS, SINGLE_FRACTION_BITS);
        } else {
            fromReal(fpu, value, DOUBLE_EXPONENT_BITS, DOUBLE_FRACTION_BITS);
        }
    }

    private static void fromReal(Fpu fpu, long value, int exponentBits, int fractionBits) {
        int maxExponent = (1 << exponentBits) - 1;
        int sign = (value >>> exponentBits + fractionBits & 1) != 0 ? Float80.SIGN : 0;
        int exponent = (int) (value >>> fractionBits) & maxExponent;
        long fraction = value << 63 - fractionBits & Long.MAX_VALUE;
        int rebias = Float80.BIAS - (maxExponent >> 1);
        if (exponent == maxExponent) {
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT | fraction);
        } else if (exponent != 0) {
            fpu.result(sign | exponent + rebias, Float80.INTEGER_BIT | fraction);
        } else if (fraction == 0) {
            fpu.result(sign, 0);
        } else {
            fpu.raised |= Fpu.DE;
            int shift = Long.numberOfLeadingZeros(fraction);
            fpu.result(sign | rebias + 1 - shift, fraction << shift);
        }
    }

    /**
     * The 32- or 64-bit real nearest to the value under rounding control. Meaningless if an exception is raised and not masked.
     */
    static long toReal(Fpu fpu, int se, long sig, int bits) {
        return bits == 32
            ? toReal(fpu, se, sig, SINGLE_EXPONENT_BITS, SINGLE_FRACTION_BITS)
            : toReal(fpu, se, sig, DOUBLE_EXPONENT_BITS, DOUBLE_FRACTION_BITS);
    }

    private static long toReal(Fpu fpu, int se, long sig, int exponentBits, int fractionBits) {
        int maxExponent = (1 << exponentBits) - 1;
        long sign = (se & Float80.SIGN) != 0 ? 1L << exponentBits + fractionBits : 0;
        if (Float80.propagateNan(fpu, se, sig)) {
            return ((fpu.resultSignExponent & Float80.SIGN) != 0 ? 1L << exponentBits + fractionBits : 0)
                | (long) maxExponent << fractionBits | fpu.resultSignificand << 1 >>> 64 - fractionBits;
        }
        if (sig == 0) {
            return sign;
        }
        long infinity = (long) maxExponent << fractionBits;
        if (Float80.isInfinite(se, sig)) {
            return sign | infinity;
        }
        int shift = Long.numberOfLeadingZeros(sig);
        int exponent = Math.max(1, Float80.exponent(se)) - shift - Float80.BIAS + (maxExponent >> 1);
        int cut = 63 - fractionBits;
        // The sum of exponent and significand lets a carry out of the one move into the other.
        long kept = keep(fpu, se, sig << shift, cut);
        int roundedExponent = exponent + (int) (kept >>> fractionBits + 1);
        if (roundedExponent >= maxExponent) {
            return sign | overflow(fpu, se, infinity);
        }
        if (roundedExponent >= 1) {
            return sign | ((long) exponent - 1 << fractionBits) + kept;
        }
        return sign | underflow(fpu, se, sig << shift, cut + 1 - exponent);
    }

    /** The significand without its last {@code cut} bits, 1 to 63, rounded. */
    private static long keep(Fpu fpu, int se, long sig, int cut) {
        long kept = sig >>> cut;
        long rest = sig << 64 - cut;
        if (rest != 0) {
            fpu.raised |= Fpu.PE;
            if (Float80Round.up(fpu.control, se & Float80.SIGN, kept, rest)) {
                fpu.raised |= Fpu.C1;
                return kept + 1;
            }
        }
        return kept;
    }

    private static long overflow(Fpu fpu, int se, long infinity) {
        if ((fpu.control & Fpu.OE) == 0) {
            fpu.raised = Fpu.OE;
            return 0;
        }
        fpu.raised = fpu.raised & ~Fpu.C1 | Fpu.OE | Fpu.PE;
        if (Float80Round.up(fpu.control, se & Float80.SIGN, 1, -1)) {
            fpu.raised |= Fpu.C1;
            return infinity;
        }
        return infinity - 1;
    }

    private static long underflow(Fpu fpu, int se, long sig, int cut) {
        if ((fpu.control & Fpu.UE) == 0) {
            fpu.raised = Fpu.UE;
            return 0;
        }
        fpu.raised &= ~(Fpu.PE | Fpu.C1);
        long kept = cut < 64 ? keep(fpu, se, sig, cut) : keep(fpu, se, cut == 64 ? sig >>> 1 | sig & 1 : 1, 63);
        if ((fpu.raised & Fpu.PE) != 0) {
            fpu.raised |= Fpu.UE;
        }
        return kept;
    }

    /** FRNDINT: the nearest integral value under rounding control. */
    static void roundToInteger(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return;
        }
        int exponent = Float80.exponent(se);
        if (sig == 0 || exponent >= Float80.BIAS + 63) {
            fpu.result(se, sig);
            return;
        }
        if (exponent == 0) {
            fpu.raised |= Fpu.DE;
        }
        int sign = se & Float80.SIGN;
        long magnitude = integerPart(fpu, se, sig);
        int shift = Long.numberOfLeadingZeros(magnitude);
        fpu.result(magnitude == 0 ? sign : sign | Float80.BIAS + 63 - shift, magnitude == 0 ? 0 : magnitude << shift);
    }

    /**
     * FIST: the nearest integer of 16, 32 or 64 bits under rounding control; the most negative one and IE if there is none.
     */
    static long toInteger(Fpu fpu, int se, long sig, int bits) {
        boolean negative = (se & Float80.SIGN) != 0;
        if (Float80.exponent(se) < Float80.BIAS + 64 && !Float80.isUnsupported(se, sig)) {
            long magnitude = integerPart(fpu, se, sig);
            long limit = 1L << bits - 1;
            if (Long.compareUnsigned(magnitude, negative ? limit : limit - 1) <= 0) {
                return negative ? -magnitude : magnitude;
            }
        }
        fpu.raised = Fpu.IE;
        return -1L << bits - 1;
    }

    /** Rounds a magnitude below 2^64 to an integer, noting inexactness. */
    static long integerPart(Fpu fpu, int se, long sig) {
        int exponent = Float80.exponent(se) - Float80.BIAS;
        if (exponent >= 63 || sig == 0) {
            return sig;
        }
        long kept = exponent < 0 ? 0 : sig >>> 63 - exponent;
        long rest = exponent >= -1 ? sig << exponent + 1 : 1;
        if (rest != 0) {
            fpu.raised |= Fpu.PE;
            if (Float80Round.up(fpu.control, se & Float80.SIGN, kept, rest)) {
                fpu.raised |= Fpu.C1;
                kept++;
            }
        }
        return kept;
    }
}
