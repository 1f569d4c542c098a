package lguest.sem;

import lguest.cpu.Fpu;

/** Sum and difference. */
final class Float80Add {
    private Float80Add() {
    }

    static void add(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.isNormal(ase, as) && Float80.isNormal(bse, bs)) {
            sum(fpu, ase, as, bse, bs);
        } else if (!Float80.propagateNan(fpu, ase, as, bse, bs)) {
            special(fpu, ase, as, bse, bs);
        }
    }

    /** {@code a - b}. */
    static void subtract(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.isNormal(ase, as) && Float80.isNormal(bse, bs)) {
            sum(fpu, ase, as, bse ^ Float80.SIGN, bs);
        } else if (!Float80.propagateNan(fpu, ase, as, bse, bs)) {
            special(fpu, ase, as, bse ^ Float80.SIGN, bs);
        }
    }

    private static void special(Fpu fpu, int ase, long as, int bse, long bs) {
        boolean aInfinite = Float80.isInfinite(ase, as);
        boolean bInfinite = Float80.isInfinite(bse, bs);
        if (aInfinite && bInfinite && ase != bse) {
            Float80.invalid(fpu);
            return;
        }
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
        if (aInfinite || bInfinite) {
            fpu.result(aInfinite ? ase : bse, Float80.INTEGER_BIT);
        } else {
            // Denormals count in units of the smallest normal exponent.
            sum(fpu, Float80.exponent(ase) == 0 ? ase + 1 : ase, as, Float80.exponent(bse) == 0 ? bse + 1 : bse, bs);
        }
    }

    /** Finite operands with exponents from 1 on, not necessarily normalized. */
    private static void sum(Fpu fpu, int ase, long as, int bse, long bs) {
        int difference = Float80.exponent(ase) - Float80.exponent(bse);
        if (difference < 0 || difference == 0 && Long.compareUnsigned(as, bs) < 0) {
            sumOrdered(fpu, bse, bs, ase, as, -difference);
        } else {
            sumOrdered(fpu, ase, as, bse, bs, difference);
        }
    }

    /** |a| >= |b|; b is shifted right by {@code shift} to line up. */
    private static void sumOrdered(Fpu fpu, int ase, long as, int bse, long bs, int shift) {
        long hi;
        long lo;
        if (shift == 0) {
            hi = bs;
            lo = 0;
        } else if (shift < 64) {
            hi = bs >>> shift;
            lo = bs << 64 - shift;
        } else if (shift == 64) {
            hi = 0;
            lo = bs;
        } else {
            hi = 0;
            lo = shift < 128 ? bs >>> shift - 64 | (bs << 128 - shift != 0 ? 1 : 0) : bs != 0 ? 1 : 0;
        }
        int sign = ase & Float80.SIGN;
        int exponent = Float80.exponent(ase);
        if (((ase ^ bse) & Float80.SIGN) == 0) {
            long sum = as + hi;
            if (Long.compareUnsigned(sum, as) < 0) {
                lo = sum << 63 | lo >>> 1 | lo & 1;
                sum = sum >>> 1 | Float80.INTEGER_BIT;
                exponent++;
            }
            hi = sum;
        } else {
            hi = as - hi - (lo != 0 ? 1 : 0);
            lo = -lo;
        }
        if (hi < 0) {
            Float80Round.round(fpu, sign, exponent, hi, lo);
        } else if ((hi | lo) != 0) {
            Float80Round.normalizeAndRound(fpu, sign, exponent, hi, lo);
        } else if (((ase ^ bse) & Float80.SIGN) == 0) {
            fpu.result(sign, 0);
        } else {
            fpu.result((fpu.control & Fpu.RC) == Fpu.RC_DOWN ? Float80.SIGN : 0, 0);
        }
    }
}
