package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import lguest.cpu.GuestKilled;
import lguest.cpu.Vector;

/**
 * The IDT the guest believes in, and what of it the processor really sees.
 *
 * <pre>
 * high dword: 31-16 offset  15 P  14-13 DPL  11-8 type (E interrupt gate, F trap gate)
 * low dword:  31-16 selector  15-0 offset                       (SDM vol. 3A "IDT Descriptors")
 * </pre>
 *
 * <p>The Host's virtual interrupt flag is a word in memory, and an interrupt gate must clear it: such gates need the
 * Host, so the processor sees a gate of the Host's own with DPL 0, and INT n through it is #GP. Trap gates leave the
 * flag alone, so the processor may use them directly.
 */
final class Gates {
    /** INT 0x1F is the hypercall. */
    static final int HYPERCALL = 0x1F;
    /** INT 0x80 is Linux's system call. */
    static final int SYSTEM_CALL = 0x80;
    /** Vector of interrupt line 0. */
    static final int FIRST_LINE = 0x20;

    private static final int LOW_VECTORS = 64;
    private static final int PRESENT = 1 << 15;
    private static final int DPL_SHIFT = 13;
    private static final int TYPE = 0xF << 8;
    private static final int INTERRUPT_GATE = 0xE << 8;
    private static final int TRAP_GATE = 0xF << 8;
    /** The bits of the high dword that survive: offset, P, DPL, type. */
    private static final int KEPT = 0xFFFFEF00;

    /** High dwords and handler offsets of vectors 0 to 63, and of 0x80 at the end. */
    private final int[] high = new int[LOW_VECTORS + 1];
    private final int[] offset = new int[LOW_VECTORS + 1];
    /** The DPL of what {@link #isDirect}; -1 for what is not. */
    private final int[] directDpl = new int[LOW_VECTORS + 1];

    Gates() {
        Arrays.fill(directDpl, -1);
    }

    /**
     * LOAD_IDT_ENTRY(vector, low, high). The guest's selector is ignored: handlers run in its kernel's code segment.
     * Vectors that are not the guest's to handle are ignored too, unchecked.
     */
    void load(int vector, int newLow, int newHigh) {
        if (reserved(vector) || slot(vector) < 0) {
            return;
        }
        int slot = slot(vector);
        if ((newHigh & PRESENT) == 0) {
            set(vector, 0, 0);
            return;
        }
        int type = newHigh & TYPE;
        if (type != INTERRUPT_GATE && type != TRAP_GATE) {
            throw new GuestKilled("bad IDT type %d", type >>> 8);
        }
        set(vector, newHigh & KEPT, newHigh & 0xFFFF0000 | newLow & 0xFFFF);
    }

    private void set(int vector, int newHigh, int newOffset) {
        int slot = slot(vector);
        high[slot] = newHigh;
        offset[slot] = newOffset;
        directDpl[slot] = takesNoHost(vector, newHigh) ? newHigh >>> DPL_SHIFT & 3 : -1;
    }

    /** NMI, double fault, 15 and the hypercall: never the guest's. */
    private static boolean reserved(int vector) {
        return vector == Vector.NMI || vector == Vector.DF || vector == 15 || vector == HYPERCALL;
    }

    private static int slot(int vector) {
        if (vector >= 0 && vector < LOW_VECTORS) {
            return vector;
        }
        return vector == SYSTEM_CALL ? LOW_VECTORS : -1;
    }

    /** Whether the guest has a handler for this vector. */
    boolean present(int vector) {
        int slot = slot(vector);
        return slot >= 0 && (high[slot] & PRESENT) != 0;
    }

    /** Both dwords of a gate as a guest writes them, its selector that of its kernel's code; 0 if it is not {@link #present}. */
    long descriptor(int vector) {
        if (!present(vector)) {
            return 0;
        }
        int low = HostDescriptors.KERNEL_CS << 16 | offset(vector) & 0xFFFF;
        return (long) high[slot(vector)] << 32 | low & 0xFFFFFFFFL;
    }

    /** Where the handler begins. The vector must be {@link #present}. */
    int offset(int vector) {
        return offset[slot(vector)];
    }

    /** Whether entering through this gate clears the virtual interrupt flag. */
    boolean isInterruptGate(int vector) {
        return (high[slot(vector)] & TYPE) == INTERRUPT_GATE;
    }

    /**
     * Whether the processor takes this vector to the guest without the Host: a trap gate, and not of a trap the Host
     * must see first (#NM for the FPU, #GP for IN and OUT, #PF for the page tables), nor of an interrupt.
     */
    boolean isDirect(int vector) {
        int slot = slot(vector);
        return slot >= 0 && directDpl[slot] >= 0;
    }

    private static boolean takesNoHost(int vector, int high) {
        boolean candidate = vector == SYSTEM_CALL
            || vector < HYPERCALL && vector != Vector.NM && vector != Vector.GP && vector != Vector.PF;
        return candidate && (high & PRESENT) != 0 && (high & TYPE) == TRAP_GATE;
    }

    /** Whether INT n at this CPL passes the gate that the processor sees. */
    boolean permits(int vector, int cpl) {
        if (vector == HYPERCALL) {
            return cpl <= HostDescriptors.GUEST_PL;
        }
        int slot = slot(vector);
        return slot >= 0 && directDpl[slot] >= cpl;
    }

    void save(DataOutput out) throws IOException {
        for (int slot = 0; slot < high.length; slot++) {
            out.writeInt(high[slot]);
            out.writeInt(offset[slot]);
        }
    }

    void load(DataInput in) throws IOException {
        for (int slot = 0; slot < high.length; slot++) {
            set(slot < LOW_VECTORS ? slot : SYSTEM_CALL, in.readInt(), in.readInt());
        }
    }
}
