package lguest.sem;

import lguest.cpu.Fpu;

/** Packed BCD: eighteen decimal digits in nine bytes, the sign in the top bit of the tenth (SDM vol. 1 "Packed BCD Integers"). */
final class Float80Decimal {
    private static final long LIMIT = 1_000_000_000_000_000_000L;
    /** The packed BCD indefinite, FFFF C000 0000 0000 0000. */
    private static final long INDEFINITE_LOW = 0xC000000000000000L;
    private static final int INDEFINITE_HIGH = 0xFFFF;

    private Float80Decimal() {
    }

    /** FBLD. Nibbles above 9 count as what they are. */
    static void fromDecimal(Fpu fpu, long low, int high) {
        long value = (high >>> 4 & 0xF) * 10L + (high & 0xF);
        for (int shift = 60; shift >= 0; shift -= 4) {
            value = value * 10 + (low >>> shift & 0xF);
        }
        Float80Convert.fromInteger(fpu, value);
        fpu.resultSignExponent |= high & Float80.SIGN;
    }

    /** FBSTP: leaves the ten bytes in the outcome, bytes 8 and 9 as sign and exponent. */
    static void toDecimal(Fpu fpu, int se, long sig) {
        if (Float80.exponent(se) < Float80.BIAS + 64 && !Float80.isUnsupported(se, sig)) {
            long rest = Float80Convert.integerPart(fpu, se, sig);
            if (Long.compareUnsigned(rest, LIMIT) < 0) {
                long low = 0;
                for (int shift = 0; shift < 64; shift += 4) {
                    low |= rest % 10 << shift;
                    rest /= 10;
                }
                fpu.result(se & Float80.SIGN | (int) (rest / 10 << 4 | rest % 10), low);
                return;
            }
        }
        fpu.raised = Fpu.IE;
        fpu.result(INDEFINITE_HIGH, INDEFINITE_LOW);
    }
}
