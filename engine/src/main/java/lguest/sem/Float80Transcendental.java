package lguest.sem;

import lguest.cpu.Fpu;
import lguest.cpu.Wide;

/**
 * Powers, logarithms and trigonometry (SDM vol. 1 "Transcendental Instructions"): special operands first, then a series in
 * {@link Wide} registers. Results are rounded once from some 110 good bits. Precision control has no say here.
 *
 * <p>Measured against exact values, 1,000 operands of each class, to nearest (TranscendentalOracleSlowSpec, seed 20071009); beside
 * them the worst result of a Zen 4, of which 96 to 100 of 100 are rounded correctly:
 *
 * <pre>
 *                     |x|                             rounded correctly   worst error   Zen 4's
 * F2XM1               tiny to 1                       all                 0.5000 ulp    0.60 ulp
 * FYL2X               any, 1/2 to 2, next to 1        all                 0.4998        0.57
 * FYL2XP1             tiny to 1/4                     all                 0.4999        0.58
 * FPATAN              any quotient, next to 1         all                 0.4998        0.53
 * FSIN FCOS FSINCOS   tiny to 2^63                    all                 0.5000        0.53
 * FPTAN               tiny to 2^63                    all                 0.4999        0.68
 * </pre>
 *
 * Trigonometry is that of an angle reduced by the unit's pi of 66 bits (SDM vol. 1 "Approximation of Pi"). Beside that of the real pi it
 * is as good up to pi/4, 2 ulp and more from the truth near multiples of pi/2 from there on, and has nothing to do with it above 2^60.
 */
final class Float80Transcendental {
    /** pi as the unit reduces by it: 66 bits, counted in units of 2^-64; half of that, in units of 2^-65, is pi/2. */
    private static final long REDUCTION_HI = 3;
    private static final long REDUCTION_LO = 0x243F6A8885A308D3L;
    /** Biased exponent below which the unit takes x for sin x, tan x and arctan x, and 1 for cos x. */
    private static final int TINY = Float80.BIAS - 68;

    private Float80Transcendental() {
    }

    /** {@code 2^x - 1}, defined from -1 to 1; x itself beyond that. */
    static void f2xm1(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return;
        }
        int exponent = Float80.exponent(se);
        boolean negative = (se & Float80.SIGN) != 0;
        if (sig == 0) {
            fpu.result(se, sig);
        } else if (exponent >= Float80.BIAS) {
            boolean one = exponent == Float80.BIAS && sig == Float80.INTEGER_BIT;
            if (negative && one) {
                fpu.result(Float80.SIGN | Float80.BIAS - 1, Float80.INTEGER_BIT);
            } else if (negative && exponent == Float80.MAX_EXPONENT) {
                fpu.result(Float80.SIGN | Float80.BIAS, Float80.INTEGER_BIT);
            } else {
                fpu.result(se, sig);
            }
            if (exponent != Float80.MAX_EXPONENT) {
                fpu.raised |= Fpu.PE;
            }
        } else {
            Wide x = load(fpu, 0, se, sig).multiply(WideSeries.LN2);
            WideSeries.exponentialMinusOne(x, fpu.wide[1]);
            store(fpu, x);
        }
    }

    static void fsin(Fpu fpu, int se, long sig) {
        if (!special(fpu, se, sig) && !tiny(fpu, se, sig)) {
            int quadrant = reduce(fpu, 0, se, sig);
            sine(fpu, fpu.wide[0], quadrant);
            store(fpu, fpu.wide[0]);
        }
    }

    static void fcos(Fpu fpu, int se, long sig) {
        if (special(fpu, se, sig)) {
            return;
        }
        if (Float80.exponent(se) < TINY) {
            fpu.raised |= sig == 0 ? 0 : Float80.exponent(se) == 0 ? Fpu.PE | Fpu.DE : Fpu.PE;
            fpu.result(Float80.BIAS, Float80.INTEGER_BIT);
            return;
        }
        int quadrant = reduce(fpu, 0, se, sig);
        sine(fpu, fpu.wide[0], quadrant + 1);
        store(fpu, fpu.wide[0]);
    }

    static void fptan(Fpu fpu, int se, long sig) {
        if (!special(fpu, se, sig) && !tiny(fpu, se, sig)) {
            int quadrant = reduce(fpu, 0, se, sig);
            Wide cosine = fpu.wide[3].set(fpu.wide[0]);
            sine(fpu, fpu.wide[0], quadrant);
            sine(fpu, cosine, quadrant + 1);
            store(fpu, fpu.wide[0].divide(cosine));
        }
    }

    /** NaNs and infinities. */
    private static boolean special(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return true;
        }
        if (Float80.isInfinite(se, sig)) {
            Float80.invalid(fpu);
            return true;
        }
        return false;
    }

    /** Zero and what is so small that the result is the operand. */
    private static boolean tiny(Fpu fpu, int se, long sig) {
        if (Float80.exponent(se) >= TINY) {
            return false;
        }
        if (sig == 0) {
            fpu.result(se, sig);
        } else {
            storeExact(fpu, load(fpu, 0, se, sig));
        }
        return true;
    }

    /** sin(r + quadrant pi/2) for a reduced r. */
    private static void sine(Fpu fpu, Wide r, int quadrant) {
        if ((quadrant & 1) == 0) {
            WideSeries.sine(r, fpu.wide[1], fpu.wide[2]);
        } else {
            WideSeries.cosine(r, fpu.wide[1], fpu.wide[2]);
        }
        r.negative ^= (quadrant & 2) != 0;
    }

    /**
     * Loads x less the nearest multiple of pi/2, for the unit's idea of pi.
     *
     * @return that multiple, modulo 4
     */
    private static int reduce(Fpu fpu, int register, int se, long sig) {
        Wide r = load(fpu, register, se, sig);
        if (r.exponent < -1) {
            return 0;
        }
        // sig * 2^(exponent + 2) modulo pi/2, both in units of 2^-65: long division in base 2.
        long hi = 0;
        long lo = sig;
        int quotient = 0;
        for (int steps = r.exponent + 2; steps > 0; steps--) {
            hi = hi << 1 | lo >>> 63;
            lo <<= 1;
            quotient <<= 1;
            if (hi > REDUCTION_HI || hi == REDUCTION_HI && Long.compareUnsigned(lo, REDUCTION_LO) >= 0) {
                hi -= REDUCTION_HI + (Long.compareUnsigned(lo, REDUCTION_LO) < 0 ? 1 : 0);
                lo -= REDUCTION_LO;
                quotient |= 1;
            }
        }
        boolean negative = r.negative;
        long twiceHi = hi << 1 | lo >>> 63;
        if (twiceHi > REDUCTION_HI || twiceHi == REDUCTION_HI && Long.compareUnsigned(lo << 1, REDUCTION_LO) > 0) {
            hi = REDUCTION_HI - hi - (Long.compareUnsigned(REDUCTION_LO, lo) < 0 ? 1 : 0);
            lo = REDUCTION_LO - lo;
            quotient++;
            r.negative = !r.negative;
        }
        r.set(hi, lo, 127 - 65, r.negative);
        return negative ? -quotient : quotient;
    }

    /** The angle of the point (x, y). SDM vol. 2A "FPATAN" has the table of special operands. */
    static void fpatan(Fpu fpu, int yse, long ys, int xse, long xs) {
        if (Float80.propagateNan(fpu, yse, ys, xse, xs)) {
            return;
        }
        noteDenormals(fpu, yse, ys, xse, xs);
        boolean left = (xse & Float80.SIGN) != 0;
        Wide angle = fpu.wide[0];
        if (Float80.isInfinite(yse, ys)) {
            if (Float80.isInfinite(xse, xs)) {
                angle.set(left ? 3 : 1).multiply(WideSeries.HALF_PI).scale(-1);
            } else {
                angle.set(WideSeries.HALF_PI);
            }
        } else if (ys == 0 || Float80.isInfinite(xse, xs)) {
            if (!left) {
                fpu.result(yse & Float80.SIGN, 0);
                return;
            }
            angle.set(WideSeries.PI);
        } else if (xs == 0) {
            angle.set(WideSeries.HALF_PI);
        } else {
            load(fpu, 0, yse & ~Float80.SIGN, ys);
            load(fpu, 1, xse & ~Float80.SIGN, xs);
            if (!left && angle.exponent - fpu.wide[1].exponent < TINY - Float80.BIAS) {
                angle.divide(fpu.wide[1]);
                angle.negative = (yse & Float80.SIGN) != 0;
                storeExact(fpu, angle);
                return;
            }
            angle(fpu, fpu.wide[1], left);
        }
        angle.negative = (yse & Float80.SIGN) != 0;
        store(fpu, angle);
    }

    /** Register 0 becomes the angle of (x, register 0), both positive, mirrored to the left half if need be. */
    private static void angle(Fpu fpu, Wide x, boolean left) {
        Wide angle = fpu.wide[0];
        int difference = angle.exponent - x.exponent;
        boolean steep = difference > 0
            || difference == 0 && Long.compareUnsigned(angle.hi, x.hi) > 0;
        if (steep) {
            x.divide(angle);
            angle.set(x);
        } else {
            angle.divide(x);
        }
        WideSeries.arcTangent(angle, fpu.wide[1], fpu.wide[2], fpu.wide[3]);
        if (steep) {
            angle.negate().add(WideSeries.HALF_PI);
        }
        if (left) {
            angle.negate().add(WideSeries.PI);
        }
    }

    /** {@code y * log2(x)}. */
    static void fyl2x(Fpu fpu, int yse, long ys, int xse, long xs) {
        if (Float80.propagateNan(fpu, yse, ys, xse, xs)) {
            return;
        }
        int sign = yse & Float80.SIGN;
        boolean yInfinite = Float80.isInfinite(yse, ys);
        boolean one = xse == Float80.BIAS && xs == Float80.INTEGER_BIT;
        if ((xse & Float80.SIGN) != 0 && xs != 0 || xs == 0 && ys == 0 || one && yInfinite
            || ys == 0 && Float80.isInfinite(xse, xs)) {
            Float80.invalid(fpu);
            return;
        }
        noteDenormals(fpu, yse, ys, xse, xs);
        boolean below = Float80.exponent(xse) < Float80.BIAS;
        if (xs == 0 || yInfinite || Float80.isInfinite(xse, xs)) {
            if (xs == 0 && !yInfinite) {
                fpu.raised = Fpu.ZE;
            }
            fpu.result((below ? sign ^ Float80.SIGN : sign) | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else if (ys == 0 || one) {
            fpu.result(below ? sign ^ Float80.SIGN : sign, 0);
        } else {
            Wide log = load(fpu, 0, xse, xs);
            boolean exact = log.hi == Float80.INTEGER_BIT;
            logarithm(fpu, log);
            log.multiply(load(fpu, 1, yse, ys));
            if (exact) {
                storeExact(fpu, log);
            } else {
                store(fpu, log);
            }
        }
    }

    /** {@code y * log2(x + 1)}; defined for |x| below 1 - sqrt(2)/2, right beyond that, and x itself from -1 down. */
    static void fyl2xp1(Fpu fpu, int yse, long ys, int xse, long xs) {
        if (Float80.propagateNan(fpu, yse, ys, xse, xs)) {
            return;
        }
        int sign = (yse ^ xse) & Float80.SIGN;
        boolean yInfinite = Float80.isInfinite(yse, ys);
        boolean xInfinite = Float80.isInfinite(xse, xs);
        if (xInfinite && ((xse & Float80.SIGN) != 0 || ys == 0) || xs == 0 && yInfinite) {
            Float80.invalid(fpu);
            return;
        }
        noteDenormals(fpu, yse, ys, xse, xs);
        if (xInfinite || yInfinite) {
            fpu.result(sign | Float80.MAX_EXPONENT, Float80.INTEGER_BIT);
        } else if (xs == 0 || ys == 0) {
            fpu.result(sign, 0);
        } else if (xse >= (Float80.SIGN | Float80.BIAS)) {
            fpu.raised |= Fpu.PE;
            fpu.result(xse, xs);
        } else {
            Wide log = load(fpu, 0, xse, xs);
            if (log.exponent < -2) {
                Wide sum = fpu.wide[1].set(2).add(log);
                areaLogarithm(fpu, log.divide(sum));
            } else {
                log.add(WideSeries.ONE);
                logarithm(fpu, log);
            }
            store(fpu, log.multiply(load(fpu, 1, yse, ys)));
        }
    }

    /** {@code x = log2(x)} for a positive x in register 0: the exponent, and the series for a significand near 1. */
    private static void logarithm(Fpu fpu, Wide x) {
        int exponent = x.exponent;
        x.exponent = 0;
        // sqrt(2) cut to 64 bits: it only chooses where the series is used.
        if (Long.compareUnsigned(x.hi, 0xB504F333F9DE6484L) > 0) {
            x.exponent = -1;
            exponent++;
        }
        Wide sum = fpu.wide[1].set(x).add(WideSeries.ONE);
        x.subtract(WideSeries.ONE);
        areaLogarithm(fpu, x.divide(sum));
        x.add(fpu.wide[1].set(exponent));
    }

    /** {@code t = log2((1 + t) / (1 - t))}. */
    private static void areaLogarithm(Fpu fpu, Wide t) {
        WideSeries.areaTangent(t, fpu.wide[1], fpu.wide[2]);
        t.multiply(WideSeries.LOG2_E).scale(1);
    }

    private static void noteDenormals(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
    }

    /** A finite value that is not 0 into a wide register; notes if it is denormal. */
    private static Wide load(Fpu fpu, int register, int se, long sig) {
        if (Float80.exponent(se) == 0) {
            fpu.raised |= Fpu.DE;
        }
        int exponent = Math.max(1, Float80.exponent(se)) - Float80.BIAS;
        return fpu.wide[register].set(sig, 0, exponent, (se & Float80.SIGN) != 0);
    }

    private static void store(Fpu fpu, Wide value) {
        int sign = value.negative ? Float80.SIGN : 0;
        Float80Round.roundExtended(fpu, sign, value.exponent + Float80.BIAS, value.hi, value.lo | 1);
    }

    /** Rounds a result without error, but reports it as inexact: the unit does not know better. */
    private static void storeExact(Fpu fpu, Wide value) {
        int sign = value.negative ? Float80.SIGN : 0;
        Float80Round.roundExtended(fpu, sign, value.exponent + Float80.BIAS, value.hi, value.lo);
        fpu.raised |= Float80.exponent(fpu.resultSignExponent) == 0 ? Fpu.PE | Fpu.UE : Fpu.PE;
    }
}
