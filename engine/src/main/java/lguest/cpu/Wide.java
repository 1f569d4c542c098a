package lguest.cpu;

/**
 * A register inside the x87 unit that programs never see: a floating-point value with a 128-bit significand, wide enough for the
 * steps of a transcendental instruction to stay exact to well beyond the 64 bits of its result. Results are cut, not rounded;
 * there is no range check, infinity or NaN.
 */
public final class Wide {
    /** The significand's upper half, bit 63 set; 0 only for the value 0. */
    public long hi;
    public long lo;
    /** Unbiased: the value is {@code hi:lo * 2^(exponent - 127)}. */
    public int exponent;
    public boolean negative;

    public Wide set(long newHi, long newLo, int newExponent, boolean newNegative) {
        hi = newHi;
        lo = newLo;
        exponent = newExponent;
        negative = newNegative;
        normalize();
        return this;
    }

    public Wide set(Wide other) {
        hi = other.hi;
        lo = other.lo;
        exponent = other.exponent;
        negative = other.negative;
        return this;
    }

    public Wide set(long integer) {
        return set(Math.abs(integer), 0, 63, integer < 0);
    }

    public boolean isZero() {
        return hi == 0;
    }

    /** Multiplies by a power of two. */
    public Wide scale(int powerOfTwo) {
        exponent += powerOfTwo;
        return this;
    }

    public Wide negate() {
        negative = !negative;
        return this;
    }

    public Wide add(Wide other) {
        return add(other, other.negative);
    }

    public Wide subtract(Wide other) {
        return add(other, !other.negative);
    }

    private Wide add(Wide other, boolean otherNegative) {
        if (other.hi == 0) {
            return this;
        }
        if (hi == 0) {
            set(other);
            negative = otherNegative;
            return this;
        }
        boolean swap = exponent < other.exponent;
        int shift = swap ? other.exponent - exponent : exponent - other.exponent;
        long bigHi = swap ? other.hi : hi;
        long bigLo = swap ? other.lo : lo;
        long smallHi = swap ? hi : other.hi;
        long smallLo = swap ? lo : other.lo;
        exponent = swap ? other.exponent : exponent;
        if (shift >= 64) {
            // What lies wholly beyond the last bit still counts as that bit: 1 - tiny is less than 1.
            smallLo = shift >= 128 ? 1 : smallHi >>> shift - 64;
            smallHi = 0;
        } else if (shift != 0) {
            smallLo = smallHi << 64 - shift | smallLo >>> shift;
            smallHi >>>= shift;
        }
        if (negative == otherNegative) {
            addMagnitudes(bigHi, bigLo, smallHi, smallLo);
        } else {
            negative = swap ? otherNegative : negative;
            subtractMagnitudes(bigHi, bigLo, smallHi, smallLo);
        }
        return this;
    }

    private void addMagnitudes(long aHi, long aLo, long bHi, long bLo) {
        lo = aLo + bLo;
        long carry = Long.compareUnsigned(lo, aLo) < 0 ? 1 : 0;
        hi = aHi + bHi + carry;
        int order = Long.compareUnsigned(hi, aHi);
        if (order < 0 || order == 0 && (bHi | carry) != 0) {
            lo = hi << 63 | lo >>> 1;
            hi = hi >>> 1 | Long.MIN_VALUE;
            exponent++;
        }
    }

    private void subtractMagnitudes(long aHi, long aLo, long bHi, long bLo) {
        lo = aLo - bLo;
        hi = aHi - bHi - (Long.compareUnsigned(aLo, bLo) < 0 ? 1 : 0);
        int order = Long.compareUnsigned(aHi, bHi);
        if (order < 0 || order == 0 && Long.compareUnsigned(aLo, bLo) < 0) {
            negative = !negative;
            hi = lo == 0 ? -hi : ~hi;
            lo = -lo;
        }
        normalize();
    }

    private void normalize() {
        if (hi == 0) {
            hi = lo;
            lo = 0;
            exponent -= 64;
        }
        int shift = Long.numberOfLeadingZeros(hi);
        if (shift != 0 && shift != 64) {
            hi = hi << shift | lo >>> 64 - shift;
            lo <<= shift;
            exponent -= shift;
        }
    }

    public Wide multiply(Wide other) {
        long aHi = hi;
        long bHi = other.hi;
        if (aHi == 0 || bHi == 0) {
            hi = 0;
            lo = 0;
            return this;
        }
        long middle1 = multiplyHigh(aHi, other.lo);
        long middle2 = multiplyHigh(lo, bHi);
        long middle = middle1 + middle2;
        long carry = Long.compareUnsigned(middle, middle1) < 0 ? 1 : 0;
        long low = aHi * bHi;
        lo = low + middle;
        carry += Long.compareUnsigned(lo, low) < 0 ? 1 : 0;
        hi = multiplyHigh(aHi, bHi) + carry;
        exponent += other.exponent + 1;
        negative ^= other.negative;
        if (hi >= 0) {
            hi = hi << 1 | lo >>> 63;
            lo <<= 1;
            exponent--;
        }
        return this;
    }

    /** Divides by a value that is not 0: long division, a 64-bit digit at a time. */
    public Wide divide(Wide other) {
        if (hi == 0) {
            return this;
        }
        long restHi = hi;
        long restLo = lo;
        int shift = 0;
        if (!less(restHi, restLo, other.hi, other.lo)) {
            // Half of the dividend is surely less than the divisor; the bit that falls off is far below the result's last.
            restLo = restHi << 63 | restLo >>> 1;
            restHi >>>= 1;
            shift = 1;
        }
        exponent += shift - 1 - other.exponent;
        negative ^= other.negative;
        hi = digit(restHi, restLo, other.hi, other.lo);
        // rest * 2^64 - digit * divisor: what matters of it are the two words in the middle.
        long productLow = hi * other.lo;
        long productMiddle = multiplyHigh(hi, other.lo) + hi * other.hi;
        long nextHi = restLo - productMiddle - (productLow != 0 ? 1 : 0);
        lo = digit(nextHi, -productLow, other.hi, other.lo);
        return this;
    }

    /** The quotient of {@code aHi:aLo:0}, 192 bits, by the 128-bit {@code bHi:bLo}, which is greater than {@code aHi:aLo}. */
    private static long digit(long aHi, long aLo, long bHi, long bLo) {
        long quotient;
        long restHi;
        long restLo;
        if (aHi == bHi) {
            quotient = -1;
            restLo = aLo + bHi;
            restHi = Long.compareUnsigned(restLo, aLo) < 0 ? 1 : 0;
        } else {
            quotient = divide(aHi, aLo, bHi);
            restHi = 0;
            restLo = aLo - quotient * bHi;
        }
        // The upper half of the divisor alone gives a digit at most two too big.
        long excessHi = multiplyHigh(quotient, bLo);
        long excessLo = quotient * bLo;
        while (restHi == 0 && less(restLo, 0, excessHi, excessLo)) {
            quotient--;
            restLo += bHi;
            restHi = Long.compareUnsigned(restLo, bHi) < 0 ? 1 : 0;
            excessHi -= Long.compareUnsigned(excessLo, bLo) < 0 ? 1 : 0;
            excessLo -= bLo;
        }
        return quotient;
    }

    private static boolean less(long aHi, long aLo, long bHi, long bLo) {
        int order = Long.compareUnsigned(aHi, bHi);
        return order < 0 || order == 0 && Long.compareUnsigned(aLo, bLo) < 0;
    }

    /** High 64 bits of the unsigned product. */
    public static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /**
     * Quotient of the unsigned 128-bit number {@code hi:lo} by {@code divisor}; the remainder is {@code lo - quotient * divisor}.
     *
     * @param divisor with bit 63 set and greater than {@code hi}
     */
    public static long divide(long hi, long lo, long divisor) {
        long q1 = divideStep(hi, lo >>> 32, divisor);
        long rest = (hi << 32 | lo >>> 32) - q1 * divisor;
        return q1 << 32 | divideStep(rest, lo & 0xFFFFFFFFL, divisor);
    }

    /** One digit to base 2^32 of a long division (Knuth, The Art of Computer Programming vol. 2, algorithm D). */
    private static long divideStep(long hi, long next, long divisor) {
        long top = divisor >>> 32;
        long low = divisor & 0xFFFFFFFFL;
        long digit = Long.divideUnsigned(hi, top);
        long rest = hi - digit * top;
        while (digit >>> 32 != 0 || Long.compareUnsigned(digit * low, rest << 32 | next) > 0) {
            digit--;
            rest += top;
            if (rest >>> 32 != 0) {
                break;
            }
        }
        return digit;
    }

    /** For people: about 16 digits. */
    @Override
    public String toString() {
        double magnitude = Math.scalb((hi >>> 11) * 0x1p-52, exponent);
        return Double.toString(negative ? -magnitude : magnitude);
    }
}
