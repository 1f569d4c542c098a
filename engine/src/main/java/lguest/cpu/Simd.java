package lguest.cpu;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The MMX and XMM registers and MXCSR (SDM vol. 1 "Programming with Streaming SIMD Extensions").
 *
 * <p>All 64-bit quarters and halves lie in one file of quadwords, so that one semantic method serves both kinds of register and
 * memory: it is handed the number of an operand's first quadword.
 *
 * <pre>
 * 0 to 7     MM0 to MM7, which are the significands of the x87 registers
 * 8 and 9    the instruction's memory operand: read before the method is called, or written after it
 * 10 to 25   XMM0 to XMM7, the low quadword first
 * </pre>
 */
public final class Simd {
    /** Where the memory operand is in {@link #file}; what it has no bits for is 0. */
    public static final int MEMORY = 8;
    /** Where XMM0 is in {@link #file}. */
    public static final int XMM = 10;

    // MXCSR: exception flags, denormals are zeros, masks (six, like the flags), rounding control, flush to zero.
    public static final int IE = 1;
    public static final int DE = 1 << 1;
    public static final int ZE = 1 << 2;
    public static final int OE = 1 << 3;
    public static final int UE = 1 << 4;
    public static final int PE = 1 << 5;
    public static final int FLAGS = 0x3F;
    public static final int DAZ = 1 << 6;
    /** From a flag to its mask. */
    public static final int MASK_SHIFT = 7;
    public static final int RC = 3 << 13;
    public static final int RC_NEAREST = 0;
    public static final int RC_DOWN = 1 << 13;
    public static final int RC_UP = 2 << 13;
    public static final int RC_CHOP = 3 << 13;
    public static final int FZ = 1 << 15;

    /** MXCSR after reset: nearest, everything masked. */
    public static final int INITIAL_MXCSR = 0x1F80;
    /** What MXCSR can hold where denormals can be zeros. */
    public static final int MXCSR_BITS = 0xFFFF;

    public final long[] file = new long[XMM + 16];
    public int mxcsr = INITIAL_MXCSR;
    /** Exception flags that the instruction in progress has found reason for. */
    public int raised;

    /** Becomes a copy of another's registers. */
    void copyFrom(Simd other) {
        System.arraycopy(other.file, 0, file, 0, file.length);
        mxcsr = other.mxcsr;
    }

    /** Number of the first quadword of an XMM register. */
    public static int xmm(int number) {
        return XMM + 2 * number;
    }

    /** Writes the registers, those of MMX and the x87 significands among them, for {@link #load}. */
    void save(DataOutput out) throws IOException {
        for (long quadword : file) {
            out.writeLong(quadword);
        }
        out.writeInt(mxcsr);
    }

    void load(DataInput in) throws IOException {
        for (int i = 0; i < file.length; i++) {
            file[i] = in.readLong();
        }
        mxcsr = in.readInt();
    }
}
