package lguest.sem;

import lguest.cpu.Fpu;

/**
 * The last step of every operation: an exact result of up to 128 bits becomes an 80-bit value under rounding and precision
 * control, with overflow, underflow and inexactness noted (SDM vol. 1 "Rounding", "Floating-Point Exception Conditions").
 */
final class Float80Round {
    /** What an unmasked overflow takes off the exponent, and an unmasked underflow adds: the true value can be rebuilt. */
    private static final int WRAP = 0x6000;

    private Float80Round() {
    }

    /**
     * Rounds to the precision that the control word asks for.
     *
     * @param sign 0 or {@link Float80#SIGN}
     * @param exponent biased; may lie outside the format's range
     * @param hi significand with bit 63 set
     * @param lo the 64 bits after it; the last one also stands for anything below
     */
    static void round(Fpu fpu, int sign, int exponent, long hi, long lo) {
        int precision = fpu.control & Fpu.PC;
        if (precision == Fpu.PC_DOUBLE) {
            round(fpu, sign, exponent, hi, lo, 53);
        } else if (precision == Fpu.PC_SINGLE) {
            round(fpu, sign, exponent, hi, lo, 24);
        } else {
            roundExtended(fpu, sign, exponent, hi, lo);
        }
    }

    /** As {@link #round} whatever precision control says. */
    static void roundExtended(Fpu fpu, int sign, int exponent, long hi, long lo) {
        if (exponent < 1 || exponent >= Float80.MAX_EXPONENT - 1) {
            round(fpu, sign, exponent, hi, lo, 64);
            return;
        }
        long significand = hi;
        int se = sign | exponent;
        if (lo != 0) {
            fpu.raised |= Fpu.PE;
            if (up(fpu.control, sign, hi, lo)) {
                fpu.raised |= Fpu.C1;
                significand++;
                if (significand == 0) {
                    significand = Float80.INTEGER_BIT;
                    se++;
                }
            }
        }
        fpu.result(se, significand);
    }

    /** Normalizes first; {@code hi:lo} must not be 0. */
    static void normalizeAndRound(Fpu fpu, int sign, int exponent, long hi, long lo) {
        if (hi == 0) {
            int shift = Long.numberOfLeadingZeros(lo);
            round(fpu, sign, exponent - 64 - shift, lo << shift, 0);
        } else {
            int shift = Long.numberOfLeadingZeros(hi);
            round(fpu, sign, exponent - shift, shift == 0 ? hi : hi << shift | lo >>> 64 - shift, lo << shift);
        }
    }

    /**
     * Whether the magnitude grows.
     *
     * @param kept its bit 0 is the last bit that stays
     * @param rest what is cut off, its first bit in bit 63; not 0
     */
    static boolean up(int control, int sign, long kept, long rest) {
        return switch (control & Fpu.RC) {
            case Fpu.RC_NEAREST -> rest < 0 && (rest != Long.MIN_VALUE || (kept & 1) != 0);
            case Fpu.RC_DOWN -> sign != 0;
            case Fpu.RC_UP -> sign == 0;
            default -> false;
        };
    }

    private static void round(Fpu fpu, int sign, int exponent, long hi, long lo, int precision) {
        int cut = 64 - precision;
        int before = fpu.raised;
        long rounded = roundSignificand(fpu, sign, hi, lo, precision);
        int roundedExponent = exponent;
        if (rounded == 0) {
            rounded = Float80.INTEGER_BIT;
            roundedExponent++;
        }
        if (roundedExponent >= Float80.MAX_EXPONENT) {
            fpu.raised |= Fpu.OE;
            if ((fpu.control & Fpu.OE) == 0) {
                wrap(fpu, sign, roundedExponent - WRAP, rounded);
            } else {
                overflow(fpu, sign, cut);
            }
        } else if (roundedExponent >= 1) {
            fpu.result(sign | roundedExponent, rounded);
        } else if ((fpu.control & Fpu.UE) == 0) {
            fpu.raised |= Fpu.UE;
            wrap(fpu, sign, roundedExponent + WRAP, rounded);
        } else {
            fpu.raised = before;
            denormalize(fpu, sign, 1 - exponent, hi, lo, precision);
        }
    }

    /** 0 stands for 2^64. */
    private static long roundSignificand(Fpu fpu, int sign, long hi, long lo, int precision) {
        int cut = 64 - precision;
        long kept = hi >>> cut;
        long rest = cut == 0 ? lo : hi << precision | (lo != 0 ? 1 : 0);
        if (rest != 0) {
            fpu.raised |= Fpu.PE;
            if (up(fpu.control, sign, kept, rest)) {
                fpu.raised |= Fpu.C1;
                kept++;
            }
        }
        return kept << cut;
    }

    /** The response to an exception that is not masked. Only FSCALE gets so far out that wrapping does not bring it back. */
    private static void wrap(Fpu fpu, int sign, int exponent, long significand) {
        if (exponent >= Float80.MAX_EXPONENT) {
            fpu.raised |= Fpu.PE | Fpu.C1;
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else if (exponent < 1) {
            fpu.raised |= Fpu.PE;
            fpu.result(sign, 0);
        } else {
            fpu.result(sign | exponent, significand);
        }
    }

    private static void overflow(Fpu fpu, int sign, int cut) {
        fpu.raised = fpu.raised & ~Fpu.C1 | Fpu.PE;
        if (up(fpu.control, sign, 1, -1)) {
            fpu.raised |= Fpu.C1;
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else {
            fpu.result(sign | Float80.MAX_EXPONENT - 1, -1L << cut);
        }
    }

    /** A result too small for a normal number, underflow masked: shifted right by {@code shift}, at least 1, then rounded. */
    private static void denormalize(Fpu fpu, int sign, int shift, long hi, long lo, int precision) {
        long shiftedHi = shift < 64 ? hi >>> shift : 0;
        long shiftedLo;
        if (shift < 64) {
            shiftedLo = hi << 64 - shift | lo >>> shift | (lo << 64 - shift != 0 ? 1 : 0);
        } else {
            shiftedLo = shift == 64 ? hi | (lo != 0 ? 1 : 0) : 1;
        }
        int before = fpu.raised;
        fpu.raised &= ~Fpu.PE;
        long significand = roundSignificand(fpu, sign, shiftedHi, shiftedLo, precision);
        if ((fpu.raised & Fpu.PE) != 0) {
            fpu.raised |= Fpu.UE;
        }
        fpu.raised |= before;
        fpu.result(sign | (significand < 0 ? 1 : 0), significand);
    }
}
