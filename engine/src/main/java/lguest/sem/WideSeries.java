package lguest.sem;

import lguest.cpu.Wide;

/**
 * The power series behind the transcendental instructions, and the constants. Coefficients are worked out when the class is
 * loaded, by the arithmetic that will use them.
 */
final class WideSeries {
    static final Wide ONE = new Wide().set(1);
    static final Wide LN2 = new Wide().set(0xB17217F7D1CF79ABL, 0xC9E3B39803F2F6AFL, -1, false);
    static final Wide LOG2_E = new Wide().set(0xB8AA3B295C17F0BBL, 0xBE87FED0691D3E88L, 0, false);
    static final Wide PI = new Wide().set(0xC90FDAA22168C234L, 0xC4C6628B80DC1CD1L, 1, false);
    static final Wide HALF_PI = new Wide().set(PI).scale(-1);

    /** sin(r)/r in r^2, for |r| up to pi/4; 2^-110 is left over, as with the others. */
    private static final Wide[] SINE = factorials(16, 1, 2, true);
    /** cos(r) in r^2. */
    private static final Wide[] COSINE = factorials(16, 0, 2, true);
    /** (e^x - 1)/x, for |x| up to ln 2. */
    private static final Wide[] EXPONENTIAL = factorials(30, 1, 1, false);
    /** artanh(t)/t in t^2, for |t| up to 3 - 2 sqrt(2). */
    private static final Wide[] AREA_TANGENT = oddReciprocals(24, false);
    /** arctan(t)/t in t^2, for |t| up to 1/8. */
    private static final Wide[] ARC_TANGENT = oddReciprocals(20, true);
    /** arctan(i/8). */
    private static final Wide[] ARC_TANGENT_OF_EIGHTHS = arcTangentOfEighths();

    private WideSeries() {
    }

    /** {@code r = sin(r)}; {@code square} and {@code sum} are scratch. */
    static void sine(Wide r, Wide square, Wide sum) {
        odd(SINE, r, square, sum);
    }

    /** {@code r = cos(r)}. */
    static void cosine(Wide r, Wide square, Wide sum) {
        square.set(r).multiply(r);
        r.set(evaluate(COSINE, square, sum));
    }

    /** {@code x = e^x - 1}. */
    static void exponentialMinusOne(Wide x, Wide sum) {
        x.multiply(evaluate(EXPONENTIAL, x, sum));
    }

    /** {@code t = artanh(t)}. */
    static void areaTangent(Wide t, Wide square, Wide sum) {
        odd(AREA_TANGENT, t, square, sum);
    }

    /** {@code a = arctan(a)} for 0 <= a <= 1, by way of the nearest eighth. */
    static void arcTangent(Wide a, Wide b, Wide square, Wide sum) {
        int eighths = a.exponent < -4 ? 0 : (int) ((a.hi >>> 59 - a.exponent) + 1 >>> 1);
        if (eighths != 0) {
            // (a - c) / (1 + a c)
            sum.set(eighths).scale(-3);
            b.set(a).multiply(sum).add(ONE);
            a.subtract(sum).divide(b);
        }
        odd(ARC_TANGENT, a, square, sum);
        a.add(ARC_TANGENT_OF_EIGHTHS[eighths]);
    }

    private static void odd(Wide[] coefficients, Wide x, Wide square, Wide sum) {
        square.set(x).multiply(x);
        x.multiply(evaluate(coefficients, square, sum));
    }

    private static Wide evaluate(Wide[] coefficients, Wide x, Wide sum) {
        sum.set(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum.multiply(x).add(coefficients[i]);
        }
        return sum;
    }

    /** 1/first!, 1/(first+step)!, ... */
    private static Wide[] factorials(int count, int first, int step, boolean alternating) {
        Wide[] terms = new Wide[count];
        Wide term = new Wide().set(1);
        int factor = 1;
        for (int i = 0; i < count; i++) {
            for (; factor <= first + i * step; factor++) {
                term.divide(new Wide().set(factor));
            }
            terms[i] = new Wide().set(term);
            terms[i].negative = alternating && (i & 1) != 0;
        }
        return terms;
    }

    /** 1, 1/3, 1/5, ... */
    private static Wide[] oddReciprocals(int count, boolean alternating) {
        Wide[] terms = new Wide[count];
        for (int i = 0; i < count; i++) {
            terms[i] = new Wide().set(1).divide(new Wide().set(2 * i + 1));
            terms[i].negative = alternating && (i & 1) != 0;
        }
        return terms;
    }

    /** Each from the one before: arctan((i+1)/8) - arctan(i/8) = arctan(8 / (64 + i (i+1))). */
    private static Wide[] arcTangentOfEighths() {
        Wide[] angles = new Wide[9];
        angles[0] = new Wide();
        for (int i = 0; i < 8; i++) {
            Wide step = new Wide().set(8).divide(new Wide().set(64 + i * (i + 1)));
            odd(ARC_TANGENT, step, new Wide(), new Wide());
            angles[i + 1] = step.add(angles[i]);
        }
        return angles;
    }
}
