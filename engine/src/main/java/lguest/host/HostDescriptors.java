package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.CpuState;
import lguest.cpu.DescriptorTables;
import lguest.cpu.GuestKilled;
import lguest.cpu.Segment;

/**
 * The GDT the processor uses while the guest runs: the guest's entries, made harmless, and a few of the Host's own.
 * There is no LDT.
 *
 * <pre>
 * high dword: 31-24 base  23 G  22 D/B  21 0  20 AVL  19-16 limit  15 P  14-13 DPL  12 S  11-8 type  7-0 base
 * low dword:  31-16 base  15-0 limit                                                (SDM vol. 3A "Segment Descriptors")
 * </pre>
 */
final class HostDescriptors implements DescriptorTables {
    static final int ENTRIES = 32;
    static final int FIRST_TLS = 6;
    static final int TLS_ENTRIES = 3;
    /** Selectors of the guest kernel. */
    static final int KERNEL_CS = 12 << 3 | 1;
    static final int KERNEL_DS = 13 << 3 | 1;
    /** Selector of the Host's TSS. */
    static final int TSS = 16 << 3;
    /** The privilege level of guest kernels. */
    static final int GUEST_PL = 1;
    /** What the Host calls the fault of its own return to a guest whose live selectors are bad. */
    static final int RELOAD_FAULT = 256;

    private static final int DPL = 3 << Segment.DPL_SHIFT;
    private static final int GUEST_DPL = GUEST_PL << Segment.DPL_SHIFT;
    /** P, S and the type without the bit for 32 bits; and what they are for a TSS that a task switch would accept. */
    private static final int SYSTEM_TYPE = Segment.PRESENT | Segment.CODE_OR_DATA | 7 << 8;
    private static final int AVAILABLE_TSS = Segment.PRESENT | 1 << 8;
    private static final int BUSY = 1 << 9;
    /** In a selector: the LDT, not the GDT. */
    private static final int LOCAL = 1 << 2;
    private static final int RPL = 3;

    private final CpuState cpu;
    private final GuestMemory memory;
    private final int[] low = new int[ENTRIES];
    private final int[] high = new int[ENTRIES];
    private boolean changed;

    HostDescriptors(CpuState cpu, GuestMemory memory) {
        this.cpu = cpu;
        this.memory = memory;
        set(10, 0x0000FFFF, 0x00CF9B00);    // the Host's code
        set(11, 0x0000FFFF, 0x00CF9300);    // and data
        set(12, 0x0000FFFF, 0x00CFBB00);    // the guest kernel's code: all 4 GiB, DPL 1
        set(13, 0x0000FFFF, 0x00CFB300);    // and data
        set(16, 0x00000067, 0x00008B00);    // the Host's TSS, busy
    }

    private void set(int index, int newLow, int newHigh) {
        low[index] = newLow;
        high[index] = newHigh;
    }

    /** Whether an entry is the Host's and the guest's idea of it is ignored: code, data, TSS, double fault TSS. */
    private static boolean hosts(int index) {
        return index == 10 || index == 11 || index == 16 || index == 31;
    }

    /**
     * LOAD_GDT(table, entries): replaces the first entries of the table.
     *
     * @param entries unsigned, at most {@link #ENTRIES}
     */
    void loadGdt(int table, int entries) {
        if (Integer.compareUnsigned(entries, ENTRIES) > 0) {
            throw new GuestKilled("too many gdt entries %d", entries);
        }
        replace(0, table, entries);
        tame(0, ENTRIES);
    }

    /** LOAD_TLS(table): replaces the three entries for thread-local storage. */
    void loadTls(int table) {
        replace(FIRST_TLS, table, TLS_ENTRIES);
        tame(FIRST_TLS, TLS_ENTRIES);
    }

    private void replace(int first, int table, int entries) {
        memory.checkRead(table, entries * 8);
        for (int i = 0; i < entries; i++) {
            if (!hosts(first + i)) {
                set(first + i, memory.physical().read32(table + i * 8), memory.physical().read32(table + i * 8 + 4));
            }
        }
        changed = true;
    }

    /**
     * The guest believes it runs at CPL 0 but must not get there; and a descriptor that is accessed already is one the
     * processor never has to write to. Empty entries are not spared. A task switch could lead to any CPL, so the guest
     * finds its task states busy.
     */
    private void tame(int first, int entries) {
        for (int index = first; index < first + entries; index++) {
            if (!hosts(index)) {
                high[index] |= ((high[index] & DPL) == 0 ? GUEST_DPL : 0) | Segment.ACCESSED;
                if ((high[index] & SYSTEM_TYPE) == AVAILABLE_TSS) {
                    high[index] |= BUSY;
                }
            }
        }
    }

    @Override
    public long descriptor(int selector) {
        if ((selector & LOCAL) != 0) {
            throw new IndexOutOfBoundsException("no LDT: selector " + Integer.toHexString(selector));
        }
        int index = index(selector);
        return low[index] & 0xFFFFFFFFL | (long) high[index] << 32;
    }

    @Override
    public long quietly(int selector) {
        return (selector & LOCAL) != 0 || index(selector) >= ENTRIES ? 0 : descriptor(selector);
    }

    @Override
    public void storeHigh(int selector, int newHigh) {
        high[index(selector)] = newHigh;
    }

    @Override
    public boolean keepsDataReachable() {
        return true;
    }

    private static int index(int selector) {
        return selector >>> 3 & 0x1FFF;
    }

    // ---- the way back into the guest

    /**
     * Loads all live selectors anew if the table has changed under them: the Host does so whenever it returns to the
     * guest, and dies of a bad one in the guest's stead.
     */
    void reload() {
        if (!changed) {
            return;
        }
        changed = false;
        for (int number = Segment.GS; number >= Segment.ES; number--) {
            int selector = cpu.segments[number].selector & 0xFFFF;
            boolean good = switch (number) {
                case Segment.CS -> isCode(selector);
                case Segment.SS -> isStack(selector, cpu.cpl);
                default -> isNull(selector) || isData(selector);
            };
            if (!good) {
                throw badSelector();
            }
            if (!isNull(selector)) {
                load(number, selector);
            }
        }
    }

    /** The kill reason when a selector cannot be loaded on the way into the guest. */
    GuestKilled badSelector() {
        return new GuestKilled("unhandled trap %d at %#x (%#x)", RELOAD_FAULT, cpu.eip, 0);
    }

    /** Loads a segment register without asking. */
    void load(int number, int selector) {
        if (isNull(selector)) {
            cpu.segments[number].loadNull(selector);
        } else {
            cpu.segments[number].load(selector, low[index(selector)], high[index(selector)]);
        }
    }

    /** Where the segment of a usable selector begins. */
    int base(int selector) {
        return Segment.base(low[index(selector)], high[index(selector)]);
    }

    private static boolean isNull(int selector) {
        return (selector & ~RPL) == 0;
    }

    /** Whether IRET to this selector works: present code of its own privilege level, or conforming. */
    boolean isCode(int selector) {
        if (!usable(selector, Segment.CODE_OR_DATA | Segment.CODE | Segment.PRESENT)) {
            return false;
        }
        boolean conforming = (high[index(selector)] & Segment.CONFORMING) != 0;
        return conforming ? dpl(selector) <= (selector & RPL) : dpl(selector) == (selector & RPL);
    }

    /** Whether the selector is a stack for this privilege level: present writable data. */
    boolean isStack(int selector, int cpl) {
        return usable(selector, Segment.CODE_OR_DATA | Segment.WRITABLE | Segment.PRESENT)
            && (high[index(selector)] & Segment.CODE) == 0 && (selector & RPL) == cpl && dpl(selector) == cpl;
    }

    /** Whether the Host, at CPL 0, can load this into DS, ES, FS or GS. */
    private boolean isData(int selector) {
        if (!usable(selector, Segment.CODE_OR_DATA | Segment.PRESENT)) {
            return false;
        }
        int access = high[index(selector)];
        boolean code = (access & Segment.CODE) != 0;
        boolean readable = !code || (access & Segment.WRITABLE) != 0;
        boolean conforming = code && (access & Segment.CONFORMING) != 0;
        return readable && (conforming || dpl(selector) >= (selector & RPL));
    }

    private boolean usable(int selector, int bits) {
        return !isNull(selector) && (selector & LOCAL) == 0 && index(selector) < ENTRIES
            && (high[index(selector)] & bits) == bits;
    }

    private int dpl(int selector) {
        return (high[index(selector)] & DPL) >>> Segment.DPL_SHIFT;
    }

    void save(DataOutput out) throws IOException {
        for (int i = 0; i < ENTRIES; i++) {
            out.writeInt(low[i]);
            out.writeInt(high[i]);
        }
        out.writeBoolean(changed);
    }

    void load(DataInput in) throws IOException {
        for (int i = 0; i < ENTRIES; i++) {
            set(i, in.readInt(), in.readInt());
        }
        changed = in.readBoolean();
    }
}
