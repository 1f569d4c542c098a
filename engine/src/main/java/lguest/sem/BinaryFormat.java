package lguest.sem;

import lguest.cpu.Simd;

/**
 * Single and double precision as MXCSR wants them: every rounding mode, denormals, NaNs, flags (SDM vol. 1 "Floating-Point
 * Exceptions" of SSE). Operands and results are the formats' bits; reasons for exceptions are added to {@link Simd#raised}. If one
 * of them is not masked the result is of no use.
 *
 * <p>Works for all operands at a moderate pace; {@link SseArithmetic} lets Java calculate where that is known to be the same.
 */
final class BinaryFormat {
    static final BinaryFormat SINGLE = new BinaryFormat(24, 8);
    static final BinaryFormat DOUBLE = new BinaryFormat(53, 11);

    /** Bits of the significand, the implied one included. */
    private final int precision;
    private final int fractionBits;
    private final int bias;
    /** Of infinity and NaN; biased. */
    private final int maxExponent;
    private final long fraction;
    private final long sign;
    private final long infinity;
    private final long quietBit;
    /** The QNaN of a masked invalid operation. */
    private final long indefinite;

    private BinaryFormat(int precision, int exponentBits) {
        this.precision = precision;
        fractionBits = precision - 1;
        maxExponent = (1 << exponentBits) - 1;
        bias = maxExponent >> 1;
        fraction = (1L << fractionBits) - 1;
        sign = 1L << fractionBits + exponentBits;
        infinity = (long) maxExponent << fractionBits;
        quietBit = 1L << fractionBits - 1;
        indefinite = sign | infinity | quietBit;
    }

    // ---- classes of operands

    boolean isNan(long a) {
        return (a & ~sign) > infinity;
    }

    boolean isSignalling(long a) {
        return isNan(a) && (a & quietBit) == 0;
    }

    private boolean isInfinite(long a) {
        return (a & ~sign) == infinity;
    }

    boolean isZero(long a) {
        return (a & ~sign) == 0;
    }

    private boolean isDenormal(long a) {
        return (a & infinity) == 0 && (a & fraction) != 0;
    }

    boolean isNegative(long a) {
        return (a & sign) != 0;
    }

    /** The operand as arithmetic sees it: a denormal is noticed, or is a zero. */
    long operand(Simd simd, long a) {
        if (!isDenormal(a)) {
            return a;
        }
        if ((simd.mxcsr & Simd.DAZ) != 0) {
            return a & sign;
        }
        simd.raised |= Simd.DE;
        return a;
    }

    private int exponent(long a) {
        return (int) (a >>> fractionBits) & maxExponent;
    }

    /** Biased exponent of the value when {@link #significand} is normalized; below 1 for denormals. */
    private int normalExponent(long a) {
        int exponent = exponent(a);
        return exponent != 0 ? exponent : 1 - (Long.numberOfLeadingZeros(a & fraction) - (64 - precision));
    }

    /** {@link #precision} bits with the highest set; the operand is finite and not zero. */
    private long significand(long a) {
        long bits = a & fraction;
        return exponent(a) != 0 ? bits | 1L << fractionBits : bits << Long.numberOfLeadingZeros(bits) - (64 - precision);
    }

    private long invalid(Simd simd) {
        simd.raised |= Simd.IE;
        return indefinite;
    }

    /** The first operand if it is a NaN, else the second, made quiet. SDM vol. 1 "Rules for Handling NaNs". */
    private long nan(Simd simd, long a, long b) {
        if (isSignalling(a) || isSignalling(b)) {
            simd.raised |= Simd.IE;
        }
        return (isNan(a) ? a : b) | quietBit;
    }

    // ---- arithmetic

    long add(Simd simd, long first, long second) {
        if (isNan(first) || isNan(second)) {
            return nan(simd, first, second);
        }
        return addNumbers(simd, operand(simd, first), operand(simd, second));
    }

    long subtract(Simd simd, long first, long second) {
        if (isNan(first) || isNan(second)) {
            return nan(simd, first, second);
        }
        return addNumbers(simd, operand(simd, first), operand(simd, second) ^ sign);
    }

    private long addNumbers(Simd simd, long a, long b) {
        if (isInfinite(a)) {
            return isInfinite(b) && a != b ? invalid(simd) : a;
        }
        if (isInfinite(b)) {
            return b;
        }
        if (isZero(a) && isZero(b)) {
            return a == b ? a : exactZero(simd);
        }
        if (isZero(a)) {
            return exact(simd, b);
        }
        if (isZero(b)) {
            return exact(simd, a);
        }
        boolean aLarger = (a & ~sign) >= (b & ~sign);
        long large = aLarger ? a : b;
        long small = aLarger ? b : a;
        int exponent = normalExponent(large);
        // One bit of room for a carry above, and bits that decide about rounding below.
        long x = significand(large) << 63 - precision;
        long y = shiftRight(significand(small) << 63 - precision, exponent - normalExponent(small));
        long sum = ((a ^ b) & sign) == 0 ? x + y : x - y;
        if (sum == 0) {
            return exactZero(simd);
        }
        int shift = Long.numberOfLeadingZeros(sum);
        return round(simd, large & sign, exponent + 1 - shift, sum << shift);
    }

    /** The sum of two numbers that cancel each other. */
    private long exactZero(Simd simd) {
        return (simd.mxcsr & Simd.RC) == Simd.RC_DOWN ? sign : 0;
    }

    /** A result that needs no rounding but may be too small. */
    private long exact(Simd simd, long a) {
        return round(simd, a & sign, normalExponent(a), significand(a) << 64 - precision);
    }

    long multiply(Simd simd, long first, long second) {
        if (isNan(first) || isNan(second)) {
            return nan(simd, first, second);
        }
        long a = operand(simd, first);
        long b = operand(simd, second);
        long resultSign = (a ^ b) & sign;
        if (isInfinite(a) || isInfinite(b)) {
            return isZero(a) || isZero(b) ? invalid(simd) : resultSign | infinity;
        }
        if (isZero(a) || isZero(b)) {
            return resultSign;
        }
        long x = significand(a) << 63 - precision;
        long y = significand(b) << 63 - precision;
        long high = Math.multiplyHigh(x, y);
        long low = x * y;
        int shift = Long.numberOfLeadingZeros(high);
        long product = high << shift | low >>> 64 - shift | (low << shift != 0 ? 1 : 0);
        return round(simd, resultSign, normalExponent(a) + normalExponent(b) - bias + 3 - shift, product);
    }

    long divide(Simd simd, long first, long second) {
        if (isNan(first) || isNan(second)) {
            return nan(simd, first, second);
        }
        long b = operand(simd, second);
        // Division by zero goes before a denormal: SDM vol. 1 "SIMD Floating-Point Exception Priority".
        long a = isZero(b) && (simd.mxcsr & Simd.DAZ) == 0 ? first : operand(simd, first);
        long resultSign = (a ^ b) & sign;
        if (isInfinite(a)) {
            return isInfinite(b) ? invalid(simd) : resultSign | infinity;
        }
        if (isInfinite(b)) {
            return resultSign;
        }
        if (isZero(b)) {
            if (isZero(a)) {
                return invalid(simd);
            }
            simd.raised |= Simd.ZE;
            return resultSign | infinity;
        }
        if (isZero(a)) {
            return resultSign;
        }
        long divisor = significand(b);
        long rest = significand(a);
        long quotient = Long.divideUnsigned(rest, divisor);
        rest -= quotient * divisor;
        // Eleven bits at a time, which is what 53 leave free; 55 after the point.
        for (int i = 0; i < 5; i++) {
            rest <<= 11;
            long digit = Long.divideUnsigned(rest, divisor);
            rest -= digit * divisor;
            quotient = quotient << 11 | digit;
        }
        int shift = Long.numberOfLeadingZeros(quotient);
        return round(simd, resultSign, normalExponent(a) - normalExponent(b) + bias + 8 - shift,
            quotient << shift | (rest != 0 ? 1 : 0));
    }

    long squareRoot(Simd simd, long first) {
        if (isNan(first)) {
            return nan(simd, first, first);
        }
        long a = isNegative(first) && !isZero(first) && (simd.mxcsr & Simd.DAZ) == 0 ? first : operand(simd, first);
        if (isZero(a)) {
            return a;
        }
        if (isNegative(a)) {
            return invalid(simd);
        }
        if (isInfinite(a)) {
            return a;
        }
        int exponent = normalExponent(a) - bias;
        // Two bits of the operand for each bit of the root, most significant first; the exponent is made even.
        long bits = significand(a) << 62 - fractionBits + (exponent & 1);
        long root = 0;
        long rest = 0;
        for (int i = 0; i < 56; i++) {
            rest = rest << 2 | bits >>> 62;
            bits <<= 2;
            long trial = root << 2 | 1;
            root <<= 1;
            if (rest >= trial) {
                rest -= trial;
                root |= 1;
            }
        }
        int shift = Long.numberOfLeadingZeros(root);
        return round(simd, 0, (exponent >> 1) + bias, root << shift | (rest != 0 ? 1 : 0));
    }

    // ---- order

    /** As {@link Long#compare}, of two that are no NaNs; zeros are equal. */
    int compare(long a, long b) {
        return Long.compare(ordered(a), ordered(b));
    }

    private long ordered(long a) {
        return isNegative(a) ? -(a & ~sign) : a;
    }

    /** MINPS: the second operand if either is a NaN or both are zeros. */
    long lesser(Simd simd, long first, long second) {
        return choose(simd, first, second, -1);
    }

    /** MAXPS. */
    long greater(Simd simd, long first, long second) {
        return choose(simd, first, second, 1);
    }

    private long choose(Simd simd, long first, long second, int wanted) {
        if (isNan(first) || isNan(second)) {
            simd.raised |= Simd.IE;
            return (simd.mxcsr & Simd.DAZ) != 0 && isDenormal(second) ? second & sign : second;
        }
        long a = operand(simd, first);
        long b = operand(simd, second);
        return compare(a, b) == wanted ? a : b;
    }

    // ---- conversions

    /** A value of this format in the other one. */
    long convert(Simd simd, long first, BinaryFormat to) {
        if (isNan(first)) {
            if (isSignalling(first)) {
                simd.raised |= Simd.IE;
            }
            long payload = to.fractionBits > fractionBits ? (first & fraction) << to.fractionBits - fractionBits
                : (first & fraction) >>> fractionBits - to.fractionBits;
            return (isNegative(first) ? to.sign : 0) | to.infinity | to.quietBit | payload;
        }
        long a = operand(simd, first);
        long resultSign = isNegative(a) ? to.sign : 0;
        if (isInfinite(a)) {
            return resultSign | to.infinity;
        }
        if (isZero(a)) {
            return resultSign;
        }
        return to.round(simd, resultSign, normalExponent(a) - bias + to.bias, significand(a) << 64 - precision);
    }

    /** A signed integer in this format. */
    long fromInteger(Simd simd, int value) {
        if (value == 0) {
            return 0;
        }
        long magnitude = Math.abs((long) value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        return round(simd, value < 0 ? sign : 0, bias + 63 - shift, magnitude << shift);
    }

    // ---- rounding

    private static long shiftRight(long significand, int count) {
        return count > 63 ? 1 : significand >>> count | (significand << 64 - count != 0 && count != 0 ? 1 : 0);
    }

    /**
     * The nearest value that there is.
     *
     * @param resultSign 0 or {@link #sign}
     * @param exponent biased; may lie outside the format's range
     * @param significand with bit 63 set; the last bit also stands for anything below
     */
    private long round(Simd simd, long resultSign, int exponent, long significand) {
        boolean inexact = significand << precision != 0;
        long kept = rounded(simd, resultSign, significand);
        int roundedExponent = exponent;
        if (kept >>> precision != 0) {
            kept >>>= 1;
            roundedExponent++;
        }
        if (roundedExponent >= maxExponent) {
            return overflow(simd, resultSign, inexact);
        }
        if (roundedExponent < 1) {
            return tiny(simd, resultSign, 1 - exponent, significand, inexact);
        }
        if (inexact) {
            simd.raised |= Simd.PE;
        }
        return resultSign | (long) roundedExponent << fractionBits | kept & fraction;
    }

    private long overflow(Simd simd, long resultSign, boolean inexact) {
        if ((simd.mxcsr >>> Simd.MASK_SHIFT & Simd.OE) == 0) {
            simd.raised |= inexact ? Simd.OE | Simd.PE : Simd.OE;
            return 0;
        }
        simd.raised |= Simd.OE | Simd.PE;
        boolean toInfinity = switch (simd.mxcsr & Simd.RC) {
            case Simd.RC_NEAREST -> true;
            case Simd.RC_DOWN -> resultSign != 0;
            case Simd.RC_UP -> resultSign == 0;
            default -> false;
        };
        return resultSign | (toInfinity ? infinity : infinity - 1);
    }

    /** A result that is too small for a normal number, even rounded. */
    private long tiny(Simd simd, long resultSign, int shift, long significand, boolean inexact) {
        if ((simd.mxcsr >>> Simd.MASK_SHIFT & Simd.UE) == 0) {
            simd.raised |= inexact ? Simd.UE | Simd.PE : Simd.UE;
            return 0;
        }
        if ((simd.mxcsr & Simd.FZ) != 0) {
            simd.raised |= Simd.UE | Simd.PE;
            return resultSign;
        }
        long shifted = shiftRight(significand, shift);
        if (shifted << precision != 0) {
            simd.raised |= Simd.UE | Simd.PE;
        }
        return resultSign | rounded(simd, resultSign, shifted);
    }

    /** The upper {@link #precision} bits, or one more. */
    private long rounded(Simd simd, long resultSign, long significand) {
        long kept = significand >>> 64 - precision;
        long rest = significand << precision;
        boolean up = rest != 0 && switch (simd.mxcsr & Simd.RC) {
            case Simd.RC_NEAREST -> rest < 0 && (rest != Long.MIN_VALUE || (kept & 1) != 0);
            case Simd.RC_DOWN -> resultSign != 0;
            case Simd.RC_UP -> resultSign == 0;
            default -> false;
        };
        return up ? kept + 1 : kept;
    }
}
