package lguest.sem;

import lguest.cpu.Fpu;

/**
 * Values in the 80-bit format (SDM vol. 1 "Double Extended-Precision"), passed around as two words: {@code se}, with the sign in
 * bit 15 and the biased exponent below it, and the significand {@code sig} with its explicit integer bit.
 *
 * <pre>
 * exponent   integer bit 0          integer bit 1
 * 0          zero, denormal         pseudo-denormal (a denormal as operand)
 * 1..7FFE    unnormal: unsupported  normal
 * 7FFF       unsupported            infinity, SNaN (bit 62 = 0), QNaN
 * </pre>
 */
final class Float80 {
    static final int SIGN = 0x8000;
    static final int MAX_EXPONENT = 0x7FFF;
    static final int BIAS = 0x3FFF;
    /** Bit 63: the significand of 1.0, and of infinity. */
    static final long INTEGER_BIT = Long.MIN_VALUE;
    static final long QUIET_BIT = 1L << 62;
    /** The real indefinite: the QNaN of a masked invalid operation. */
    static final int INDEFINITE_SE = 0xFFFF;
    static final long INDEFINITE = INTEGER_BIT | QUIET_BIT;

    private Float80() {
    }

    static int exponent(int se) {
        return se & MAX_EXPONENT;
    }

    /** Not zero, denormal, infinite, NaN or unsupported. */
    static boolean isNormal(int se, long sig) {
        return sig < 0 && (se + 1 & MAX_EXPONENT) > 1;
    }

    static boolean isZero(int se, long sig) {
        return sig == 0 && exponent(se) == 0;
    }

    static boolean isDenormal(int se, long sig) {
        return exponent(se) == 0 && sig != 0;
    }

    static boolean isInfinite(int se, long sig) {
        return sig == INTEGER_BIT && exponent(se) == MAX_EXPONENT;
    }

    static boolean isNan(int se, long sig) {
        return exponent(se) == MAX_EXPONENT && sig < 0 && sig != INTEGER_BIT;
    }

    /** Pseudo-NaN, pseudo-infinity or unnormal: formats that only the 8087 and 80287 knew. */
    static boolean isUnsupported(int se, long sig) {
        return sig >= 0 && exponent(se) != 0;
    }

    static boolean isNanOrUnsupported(int se, long sig) {
        return sig >= 0 ? exponent(se) != 0 : exponent(se) == MAX_EXPONENT && sig != INTEGER_BIT;
    }

    /** Sign and exponent of an operand that passes through unchanged: a pseudo-denormal becomes normal. */
    static int canonical(int se, long sig) {
        return sig < 0 && exponent(se) == 0 ? se + 1 : se;
    }

    /** Masked response to an invalid operation: IE and the real indefinite. */
    static void invalid(Fpu fpu) {
        fpu.raised = Fpu.IE;
        fpu.result(INDEFINITE_SE, INDEFINITE);
    }

    /**
     * If the operand is a NaN or unsupported, makes it the outcome by the rules for NaNs.
     *
     * @return false if it is neither and there is no outcome yet
     */
    static boolean propagateNan(Fpu fpu, int se, long sig) {
        if (!isNanOrUnsupported(se, sig)) {
            return false;
        }
        if (sig >= 0) {
            invalid(fpu);
        } else {
            fpu.raised = (sig & QUIET_BIT) == 0 ? Fpu.IE : 0;
            fpu.result(se, sig | QUIET_BIT);
        }
        return true;
    }

    /**
     * The same for two operands: a QNaN goes before an SNaN, else the larger significand wins, else the positive one (SDM vol. 1
     * "Rules for Generating NaNs"). A NaN keeps a denormal operand from being noticed.
     */
    static boolean propagateNan(Fpu fpu, int ase, long as, int bse, long bs) {
        boolean a = isNanOrUnsupported(ase, as);
        boolean b = isNanOrUnsupported(bse, bs);
        if (!a && !b) {
            return false;
        }
        if (a && as >= 0 || b && bs >= 0) {
            invalid(fpu);
            return true;
        }
        boolean aSignals = a && (as & QUIET_BIT) == 0;
        boolean bSignals = b && (bs & QUIET_BIT) == 0;
        boolean takeA;
        if (a && b && aSignals == bSignals) {
            int order = Long.compareUnsigned(as, bs);
            takeA = order > 0 || order == 0 && ase < bse;
        } else {
            takeA = a && (!b || bSignals);
        }
        fpu.raised = aSignals || bSignals ? Fpu.IE : 0;
        fpu.result(takeA ? ase : bse, (takeA ? as : bs) | QUIET_BIT);
        return true;
    }
}
