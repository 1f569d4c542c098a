package lguest.sem;

import lguest.cpu.Fpu;

/** Order of two values, as condition codes: greater none, less C0, equal C3, unordered all of C3 C2 C0. */
final class Float80Compare {
    static final int LESS = Fpu.C0;
    static final int EQUAL = Fpu.C3;
    static final int UNORDERED = Fpu.C0 | Fpu.C2 | Fpu.C3;

    private Float80Compare() {
    }

    /** FCOM: any NaN is invalid. */
    static int ordered(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.isNanOrUnsupported(ase, as) || Float80.isNanOrUnsupported(bse, bs)) {
            fpu.raised = Fpu.IE;
            return UNORDERED;
        }
        return compare(fpu, ase, as, bse, bs);
    }

    /** FUCOM: only signaling NaNs and unsupported formats are invalid. */
    static int unordered(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.propagateNan(fpu, ase, as, bse, bs)) {
            return UNORDERED;
        }
        return compare(fpu, ase, as, bse, bs);
    }

    private static int compare(Fpu fpu, int ase, long as, int bse, long bs) {
        if (Float80.isDenormal(ase, as) || Float80.isDenormal(bse, bs)) {
            fpu.raised |= Fpu.DE;
        }
        if (as == 0 && bs == 0) {
            return EQUAL;
        }
        boolean negative = (ase & Float80.SIGN) != 0;
        if (as == 0) {
            return (bse & Float80.SIGN) != 0 ? 0 : LESS;
        }
        if (bs == 0 || ((ase ^ bse) & Float80.SIGN) != 0) {
            return negative ? LESS : 0;
        }
        int order = Math.max(1, Float80.exponent(ase)) - Math.max(1, Float80.exponent(bse));
        if (order == 0) {
            order = Long.compareUnsigned(as, bs);
        }
        return order == 0 ? EQUAL : order < 0 != negative ? LESS : 0;
    }
}
