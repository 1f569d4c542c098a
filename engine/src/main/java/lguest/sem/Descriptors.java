package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;

/**
 * Segment and gate descriptors as two dwords (SDM vol. 3A "Segment Descriptors", "Gate Descriptors").
 *
 * <pre>
 * segment  high: base 31-24, G, D/B, L, AVL, limit 19-16 | P, DPL, S, type | base 23-16     low: base 15-0 | limit 15-0
 * gate     high: offset 31-16 | P, DPL, 0, type | 000, parameters 4-0                       low: selector | offset 15-0
 * </pre>
 */
final class Descriptors {
    // Types of system descriptors; bit 3 says 32 bits, bit 1 of a TSS says busy.
    static final int TSS_16 = 1;
    static final int LDT = 2;
    static final int TSS_16_BUSY = 3;
    static final int CALL_GATE_16 = 4;
    static final int TASK_GATE = 5;
    static final int INTERRUPT_GATE_16 = 6;
    static final int TRAP_GATE_16 = 7;
    static final int TSS_32 = 9;
    static final int TSS_32_BUSY = 11;
    static final int CALL_GATE_32 = 12;
    static final int INTERRUPT_GATE_32 = 14;
    static final int TRAP_GATE_32 = 15;

    static final int WIDE = 8;
    /** In a selector: the LDT, not the GDT. */
    static final int TABLE_INDICATOR = 4;
    /** The busy bit of a TSS, in the high dword. */
    static final int BUSY = 1 << 9;

    private Descriptors() {
    }

    /**
     * The descriptor behind a selector.
     *
     * @param vector the fault to raise, with the selector as error code, when it lies outside its table
     */
    static long find(CpuState cpu, int selector, int vector) {
        try {
            return cpu.descriptorTables.descriptor(selector);
        } catch (IndexOutOfBoundsException outside) {
            throw cpu.fault(vector, error(selector));
        }
    }

    static int low(long descriptor) {
        return (int) descriptor;
    }

    static int high(long descriptor) {
        return (int) (descriptor >>> 32);
    }

    /** Indexes 0 of the GDT: 0 to 3. */
    static boolean isNull(int selector) {
        return (selector & 0xFFFC) == 0;
    }

    /** A selector as an error code: RPL gives way to IDT and EXT, which are 0. */
    static int error(int selector) {
        return selector & 0xFFFC;
    }

    static int dpl(int high) {
        return high >>> Segment.DPL_SHIFT & 3;
    }

    static boolean present(int high) {
        return (high & Segment.PRESENT) != 0;
    }

    static boolean system(int high) {
        return (high & Segment.CODE_OR_DATA) == 0;
    }

    /** The four type bits, which mean something only together with {@link #system}. */
    static int type(int high) {
        return high >>> 8 & 0xF;
    }

    static boolean code(int high) {
        return (high & (Segment.CODE_OR_DATA | Segment.CODE)) == (Segment.CODE_OR_DATA | Segment.CODE);
    }

    static boolean conforming(int high) {
        return code(high) && (high & Segment.CONFORMING) != 0;
    }

    static boolean writableData(int high) {
        return (high & (Segment.CODE_OR_DATA | Segment.CODE | Segment.WRITABLE)) == (Segment.CODE_OR_DATA | Segment.WRITABLE);
    }

    /** Data, or code that may be read. */
    static boolean readable(int high) {
        return !system(high) && ((high & Segment.CODE) == 0 || (high & Segment.WRITABLE) != 0);
    }

    /** Offset of a gate's target. */
    static int gateOffset(int low, int high) {
        int offset = low & 0xFFFF;
        return (type(high) & WIDE) != 0 ? offset | high & 0xFFFF0000 : offset;
    }

    /** Selector of a gate's target. */
    static int gateSelector(int low) {
        return low >>> 16;
    }

    /** Sets the accessed bit in the table unless it is set, and returns the descriptor with it. */
    static long accessed(CpuState cpu, int selector, long descriptor) {
        int high = high(descriptor);
        if ((high & Segment.ACCESSED) == 0) {
            cpu.descriptorTables.storeHigh(selector, high | Segment.ACCESSED);
        }
        return descriptor | (long) Segment.ACCESSED << 32;
    }
}
