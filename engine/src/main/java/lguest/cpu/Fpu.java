package lguest.cpu;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The x87 unit's registers (SDM vol. 1 "x87 FPU Execution Environment"): eight 80-bit registers by physical number, control,
 * status and tag words, and where the last instruction was.
 *
 * <p>Three more fields belong to the instruction in progress only: arithmetic leaves its outcome in {@link #resultSignExponent},
 * {@link #resultSignificand} and {@link #raised}, and the instruction then decides what becomes of it. So nothing is allocated.
 */
public final class Fpu {
    // Status word: exceptions (control word: their masks), stack fault, error summary, condition codes, busy.
    public static final int IE = 1;
    public static final int DE = 1 << 1;
    public static final int ZE = 1 << 2;
    public static final int OE = 1 << 3;
    public static final int UE = 1 << 4;
    public static final int PE = 1 << 5;
    public static final int SF = 1 << 6;
    public static final int ES = 1 << 7;
    public static final int C0 = 1 << 8;
    public static final int C1 = 1 << 9;
    public static final int C2 = 1 << 10;
    public static final int TOP_SHIFT = 11;
    public static final int TOP = 7 << TOP_SHIFT;
    public static final int C3 = 1 << 14;
    public static final int B = 1 << 15;
    /** The six exceptions that have masks. */
    public static final int EXCEPTIONS = IE | DE | ZE | OE | UE | PE;

    // Control word: precision control and rounding control.
    public static final int PC = 3 << 8;
    public static final int PC_SINGLE = 0;
    public static final int PC_DOUBLE = 2 << 8;
    public static final int PC_EXTENDED = 3 << 8;
    public static final int RC = 3 << 10;
    public static final int RC_NEAREST = 0;
    public static final int RC_DOWN = 1 << 10;
    public static final int RC_UP = 2 << 10;
    public static final int RC_CHOP = 3 << 10;

    /** Control word after FNINIT: extended precision, nearest, everything masked. */
    public static final int INITIAL_CONTROL = 0x37F;
    /** Bit 6 of the control word reads as 1 and bits 13 to 15 as 0. */
    private static final int CONTROL_FIXED = 0x40;
    private static final int CONTROL_WRITABLE = 0x1F3F;

    /**
     * 64-bit significands, integer bit included, by physical register number (ST(i) is number TOP + i modulo 8). They are the MMX
     * registers: this is the file of {@link Simd}, whose other elements are none of the unit's.
     */
    public final long[] significand;
    /** Sign in bit 15, biased exponent in bits 0 to 14. */
    public final int[] signExponent = new int[8];
    public int control = INITIAL_CONTROL;
    /** Status word without TOP, which is kept apart. */
    public int status;
    public int top;
    /** Bit n set: physical register n is empty. The other tag values follow from the contents. */
    public int empty = 0xFF;
    public int instructionOffset;
    public int instructionSelector;
    public int operandOffset;
    public int operandSelector;
    /** The low 11 bits of an opcode, as FLDENV or FXRSTOR left them: instructions do not record theirs here. */
    public int opcode;

    /** What the instruction in progress found out: exception bits, SF, and C1 where it rounded up. */
    public int raised;
    public int resultSignExponent;
    public long resultSignificand;
    /** Working registers of the transcendental instructions. */
    public final Wide[] wide = {new Wide(), new Wide(), new Wide(), new Wide(), new Wide()};

    /** @param file whose first eight elements are the significands */
    Fpu(long[] file) {
        significand = file;
    }

    /** Physical number of ST(i). */
    public int physical(int i) {
        return top + i & 7;
    }

    public boolean isEmpty(int i) {
        return (empty >>> physical(i) & 1) != 0;
    }

    /** The status word with TOP in its place. */
    public int statusWord() {
        return status | top << TOP_SHIFT;
    }

    /** Loads TOP and flags; ES and B follow from the flags and the masks, whatever {@code word} says. */
    public void setStatusWord(int word) {
        top = word >>> TOP_SHIFT & 7;
        status = word & (EXCEPTIONS | SF | C0 | C1 | C2 | C3);
        summarize();
    }

    public void setControl(int word) {
        control = word & CONTROL_WRITABLE | CONTROL_FIXED;
        summarize();
    }

    /** ES and B: whether any flag is set whose exception is not masked. */
    public void summarize() {
        if ((status & ~control & EXCEPTIONS) != 0) {
            status |= ES | B;
        } else {
            status &= ~(ES | B);
        }
    }

    /** Two bits per physical register: 0 valid, 1 zero, 2 special, 3 empty (SDM vol. 1 "x87 FPU Tag Word"). */
    public int tagWord() {
        int word = 0;
        for (int n = 7; n >= 0; n--) {
            word = word << 2 | tag(n);
        }
        return word;
    }

    private int tag(int n) {
        if ((empty >>> n & 1) != 0) {
            return 3;
        }
        int exponent = signExponent[n] & 0x7FFF;
        if (exponent == 0 && significand[n] == 0) {
            return 1;
        }
        return exponent == 0 || exponent == 0x7FFF || significand[n] >= 0 ? 2 : 0;
    }

    /** Only "empty or not" is remembered; the rest of the word is ignored, as processors do. */
    public void setTagWord(int word) {
        empty = 0;
        for (int n = 0; n < 8; n++) {
            if ((word >>> 2 * n & 3) == 3) {
                empty |= 1 << n;
            }
        }
    }

    /** What every MMX instruction does: TOP is 0 and no register is empty. SDM vol. 1 "MMX Instructions and the x87 Tag Word". */
    public void enterMmx() {
        top = 0;
        empty = 0;
    }

    /** EMMS, whose effect on TOP is that of any MMX instruction. */
    public void leaveMmx() {
        top = 0;
        empty = 0xFF;
    }

    /** FNINIT: register contents stay, but all are empty. */
    public void initialize() {
        control = INITIAL_CONTROL;
        status = 0;
        top = 0;
        empty = 0xFF;
        instructionOffset = 0;
        instructionSelector = 0;
        operandOffset = 0;
        operandSelector = 0;
        opcode = 0;
    }

    /** Sets the outcome of the instruction in progress. */
    public void result(int newSignExponent, long newSignificand) {
        resultSignExponent = newSignExponent;
        resultSignificand = newSignificand;
    }

    /** The outcome becomes the contents of ST(i), which is then not empty. */
    public void storeResult(int i) {
        int n = top + i & 7;
        signExponent[n] = resultSignExponent;
        significand[n] = resultSignificand;
        empty &= ~(1 << n);
    }

    /** TOP moves down and the outcome becomes the new ST(0); whether there was room is the caller's question. */
    public void pushResult() {
        top = top - 1 & 7;
        storeResult(0);
    }

    public void pop() {
        empty |= 1 << top;
        top = top + 1 & 7;
    }

    /** Becomes a copy of another but for the significands, which {@link Simd} keeps. */
    void copyFrom(Fpu other) {
        System.arraycopy(other.signExponent, 0, signExponent, 0, signExponent.length);
        control = other.control;
        status = other.status;
        top = other.top;
        empty = other.empty;
        instructionOffset = other.instructionOffset;
        instructionSelector = other.instructionSelector;
        operandOffset = other.operandOffset;
        operandSelector = other.operandSelector;
        opcode = other.opcode;
    }

    /** Writes everything but the significands, which {@link Simd} keeps, for {@link #load}. */
    void save(DataOutput out) throws IOException {
        for (int each : signExponent) {
            out.writeInt(each);
        }
        for (int word : new int[] {control, status, top, empty, instructionOffset, instructionSelector, operandOffset,
            operandSelector, opcode}) {
            out.writeInt(word);
        }
    }

    void load(DataInput in) throws IOException {
        for (int i = 0; i < signExponent.length; i++) {
            signExponent[i] = in.readInt();
        }
        control = in.readInt();
        status = in.readInt();
        top = in.readInt() & 7;
        empty = in.readInt();
        instructionOffset = in.readInt();
        instructionSelector = in.readInt();
        operandOffset = in.readInt();
        operandSelector = in.readInt();
        opcode = in.readInt();
    }
}
