package lguest.sem;

import lguest.cpu.Fpu;
import lguest.cpu.Wide;

/** Square root. */
final class Float80Sqrt {
    private Float80Sqrt() {
    }

    static void sqrt(Fpu fpu, int se, long sig) {
        if (Float80.propagateNan(fpu, se, sig)) {
            return;
        }
        if (sig == 0 || se == Float80.MAX_EXPONENT) {
            fpu.result(se, sig);
        } else if ((se & Float80.SIGN) != 0) {
            Float80.invalid(fpu);
        } else {
            if (Float80.isDenormal(se, sig)) {
                fpu.raised |= Fpu.DE;
            }
            int shift = Long.numberOfLeadingZeros(sig);
            root(fpu, Math.max(1, se) - shift - Float80.BIAS, sig << shift);
        }
    }

    /** @param exponent unbiased */
    private static void root(Fpu fpu, int exponent, long sig) {
        boolean odd = (exponent & 1) != 0;
        // The radicand hi:lo has 127 or 128 bits, its root 64.
        long hi = odd ? sig : sig >>> 1;
        long lo = odd ? 0 : sig << 63;
        long high = highHalf(hi);
        long rest = hi - high * high;
        long low = Math.min(Long.divideUnsigned(rest << 31 | lo >>> 33, high), 0xFFFFFFFFL);
        long root = high << 32 | low;
        long restHi = hi - Wide.multiplyHigh(root, root);
        long restLo = lo - root * root;
        restHi -= Long.compareUnsigned(lo, root * root) < 0 ? 1 : 0;
        while (restHi < 0) {
            // rest(root - 1) = rest(root) + 2 * root - 1
            root--;
            long sum = restLo + (root << 1 | 1);
            restHi += (root >>> 63) + (Long.compareUnsigned(sum, restLo) < 0 ? 1 : 0);
            restLo = sum;
        }
        // (root + 1/2)^2 = root^2 + root + 1/4: never hit exactly.
        boolean aboveHalf = restHi != 0 || Long.compareUnsigned(restLo, root) > 0;
        long below = (restHi | restLo) == 0 ? 0 : aboveHalf ? Long.MIN_VALUE | 1 : 1;
        Float80Round.round(fpu, 0, (exponent >> 1) + Float80.BIAS, root, below);
    }

    /** The 32-bit floor of the root of an unsigned number with one of its two top bits set. */
    private static long highHalf(long n) {
        long root = Math.min((long) Math.sqrt((n >>> 1) * 2.0), 0xFFFFFFFFL);
        while (Long.compareUnsigned(root * root, n) > 0) {
            root--;
        }
        while (root < 0xFFFFFFFFL && Long.compareUnsigned((root + 1) * (root + 1), n) <= 0) {
            root++;
        }
        return root;
    }
}
