package lguest.sem

import groovy.transform.CompileStatic
import java.math.MathContext
import java.math.RoundingMode

/** Elementary functions to {@link #DIGITS} good digits, by their series: what a result of 64 bits can be measured against. */
@CompileStatic
class Exact {
    static final int DIGITS = 50
    /** With room for what a reduction of 2^63 by pi cancels. */
    private static final MathContext WIDE = new MathContext(110)
    static final MathContext CONTEXT = new MathContext(DIGITS + 10)
    private static final BigDecimal TWO = BigDecimal.valueOf(2)
    private static final BigDecimal HALF = new BigDecimal('0.5')

    /** Machin's formula. */
    static final BigDecimal PI =
        (arctanOfInverse(5) * BigDecimal.valueOf(16) - arctanOfInverse(239) * BigDecimal.valueOf(4)).round(WIDE)
    /** The 66 bits that x87 reduces by: SDM vol. 1 "Approximation of Pi". */
    static final BigDecimal PI_66 = new BigDecimal(new BigInteger('3243F6A8885A308D3', 16)).divide(new BigDecimal(BigInteger.TWO.pow(64)), WIDE)
    static final BigDecimal LN2 = logarithm(TWO)

    private Exact() {
    }

    /** The value of {@code sign-exponent:significand}. */
    static BigDecimal valueOf(int signExponent, long significand) {
        BigDecimal magnitude = scaled(new BigDecimal(new BigInteger(Long.toUnsignedString(significand))), Math.max(1, signExponent & 0x7FFF) - 0x3FFF - 63)
        (signExponent & 0x8000) != 0 ? magnitude.negate() : magnitude
    }

    static BigDecimal exponentialMinusOne(BigDecimal x) {
        series(x) { BigDecimal term, int n -> term.multiply(x, CONTEXT).divide(BigDecimal.valueOf(n + 1L), CONTEXT) }
    }

    /** log2(x). */
    static BigDecimal logarithm2(BigDecimal x) {
        int exponent = binaryExponent(x)
        BigDecimal significand = scaled(x, -exponent)
        if (significand > new BigDecimal('1.41421356237')) {
            exponent++
            significand = scaled(x, -exponent)
        }
        BigDecimal.valueOf(exponent).add(logarithm(significand).divide(LN2, CONTEXT), CONTEXT)
    }

    /** log2(1 + x), for a small x. */
    static BigDecimal logarithm2OfOneAnd(BigDecimal x) {
        TWO.multiply(areaTangent(x.divide(x + TWO, CONTEXT)), CONTEXT).divide(LN2, CONTEXT)
    }

    static BigDecimal sine(BigDecimal x, BigDecimal pi) {
        BigInteger quadrant = quadrant(x, pi)
        BigDecimal rest = rest(x, pi, quadrant)
        BigDecimal magnitude = quadrant.testBit(0) ? cosineOfSmall(rest) : sineOfSmall(rest)
        quadrant.testBit(1) ? magnitude.negate() : magnitude
    }

    static BigDecimal cosine(BigDecimal x, BigDecimal pi) {
        BigInteger quadrant = quadrant(x, pi)
        BigDecimal rest = rest(x, pi, quadrant)
        BigDecimal magnitude = quadrant.testBit(0) ? sineOfSmall(rest) : cosineOfSmall(rest)
        quadrant.testBit(0) != quadrant.testBit(1) ? magnitude.negate() : magnitude
    }

    /** Of the point (x, y), x not 0. */
    static BigDecimal arctangent(BigDecimal y, BigDecimal x) {
        BigDecimal angle = y.abs() <= x.abs() ? arctangent(y.abs().divide(x.abs(), CONTEXT))
            : (PI.multiply(HALF) - arctangent(x.abs().divide(y.abs(), CONTEXT))).round(CONTEXT)
        BigDecimal upper = x.signum() < 0 ? (PI - angle).round(CONTEXT) : angle
        y.signum() < 0 ? upper.negate() : upper
    }

    /** Of a positive x: e with {@code 2^e <= x < 2^(e+1)}. */
    static int binaryExponent(BigDecimal x) {
        int guess = (int) Math.floor((x.precision() - x.scale()) * 3.3219280948873623d)
        while (scaled(BigDecimal.ONE, guess) > x) {
            guess--
        }
        guess
    }

    static BigDecimal scaled(BigDecimal x, int exponent) {
        BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(exponent)))
        exponent >= 0 ? x.multiply(power, WIDE) : x.divide(power, WIDE)
    }

    private static BigInteger quadrant(BigDecimal x, BigDecimal pi) {
        x.multiply(TWO, WIDE).divide(pi, WIDE).setScale(0, RoundingMode.HALF_EVEN).toBigInteger()
    }

    private static BigDecimal rest(BigDecimal x, BigDecimal pi, BigInteger quadrant) {
        (x - pi.multiply(HALF).multiply(new BigDecimal(quadrant))).round(CONTEXT)
    }

    private static BigDecimal sineOfSmall(BigDecimal x) {
        BigDecimal square = x.multiply(x, CONTEXT).negate()
        series(x) { BigDecimal term, int n -> term.multiply(square, CONTEXT).divide(BigDecimal.valueOf(2L * n * (2 * n + 1)), CONTEXT) }
    }

    private static BigDecimal cosineOfSmall(BigDecimal x) {
        BigDecimal square = x.multiply(x, CONTEXT).negate()
        series(BigDecimal.ONE) { BigDecimal term, int n -> term.multiply(square, CONTEXT).divide(BigDecimal.valueOf(2L * n * (2 * n - 1)), CONTEXT) }
    }

    /** From 0 to 1: halved until the series is short. */
    private static BigDecimal arctangent(BigDecimal x) {
        if (x > new BigDecimal('0.2')) {
            BigDecimal root = (x.multiply(x, CONTEXT) + BigDecimal.ONE).sqrt(CONTEXT)
            return arctangent(x.divide(root + BigDecimal.ONE, CONTEXT)).multiply(TWO)
        }
        odd(x, x.multiply(x, CONTEXT).negate())
    }

    private static BigDecimal logarithm(BigDecimal x) {
        TWO.multiply(areaTangent((x - BigDecimal.ONE).divide(x + BigDecimal.ONE, CONTEXT)), CONTEXT)
    }

    private static BigDecimal areaTangent(BigDecimal x) {
        odd(x, x.multiply(x, CONTEXT))
    }

    /** {@code x + x r / 3 + x r^2 / 5 ...} */
    private static BigDecimal odd(BigDecimal x, BigDecimal ratio) {
        BigDecimal power = x
        BigDecimal sum = x
        for (int n = 3; !negligible(power, sum); n += 2) {
            power = power.multiply(ratio, CONTEXT)
            sum = sum.add(power.divide(BigDecimal.valueOf(n as long), CONTEXT), CONTEXT)
        }
        sum
    }

    private static BigDecimal series(BigDecimal first, Closure<BigDecimal> next) {
        BigDecimal term = first
        BigDecimal sum = first
        for (int n = 1; !negligible(term, sum); n++) {
            term = next.call(term, n)
            sum = sum.add(term, CONTEXT)
        }
        sum
    }

    private static boolean negligible(BigDecimal term, BigDecimal sum) {
        term.signum() == 0 || (term.precision() - term.scale()) < (sum.precision() - sum.scale()) - DIGITS - 5
    }

    private static BigDecimal arctanOfInverse(int n) {
        BigDecimal square = BigDecimal.valueOf(-(n as long) * n)
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n as long), new MathContext(130))
        BigDecimal sum = power
        for (int i = 3; power.abs() > new BigDecimal('1e-125'); i += 2) {
            power = power.divide(square, new MathContext(130))
            sum += power.divide(BigDecimal.valueOf(i as long), new MathContext(130))
        }
        sum
    }
}
