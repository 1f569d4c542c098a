package lguest.mem;

import lguest.cpu.CpuState;
import lguest.cpu.Vector;

/**
 * The processor's own walk through CR3's two levels of tables: 4 KiB pages, 4 MiB pages with CR4.PSE, identity without paging
 * (SDM vol. 3A "32-Bit Paging").
 *
 * <pre>
 * entry       31-12 frame | 7 PS (directory: 4 MiB page) | 6 D | 5 A | 2 U/S | 1 R/W | 0 P
 * error code  3 RSVD | 2 U/S | 1 W/R | 0 P
 * </pre>
 *
 * A and D are set once the whole walk has succeeded, as part of the access that needed it.
 */
public final class BarePageWalk implements PageWalk {
    private static final int PRESENT = 1;
    private static final int WRITE = 1 << 1;
    private static final int USER_PAGE = 1 << 2;
    private static final int ACCESSED = 1 << 5;
    private static final int DIRTY = 1 << 6;
    private static final int LARGE = 1 << 7;

    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 1 << 1;
    private static final int ERROR_USER = 1 << 2;
    private static final int ERROR_RESERVED = 1 << 3;

    /** Frame of a 4 MiB page; bits 12 to 21 below it are reserved where there is neither PSE-36 nor PAT. */
    private static final int LARGE_FRAME = 0xFFC00000;
    private static final int LARGE_RESERVED = 0x003FF000;
    private static final int FRAME = 0xFFFFF000;

    private final CpuState cpu;
    private final PhysicalMemory physical;

    public BarePageWalk(CpuState cpu, PhysicalMemory physical) {
        this.cpu = cpu;
        this.physical = physical;
    }

    @Override
    public int translate(int linear, boolean write, boolean user) {
        if (!cpu.paging()) {
            return linear & FRAME | USER | WRITABLE;
        }
        int directoryAt = (cpu.cr3 & FRAME) + (linear >>> 22) * 4;
        int directory = physical.read32(directoryAt);
        if ((directory & PRESENT) == 0) {
            throw fault(linear, 0, write, user);
        }
        if (large(directory)) {
            if ((directory & LARGE_RESERVED) != 0) {
                throw fault(linear, ERROR_PRESENT | ERROR_RESERVED, write, user);
            }
            demand(directory, linear, write, user);
            int marked = mark(directoryAt, directory, write ? ACCESSED | DIRTY : ACCESSED);
            return directory & LARGE_FRAME | linear & ~LARGE_FRAME & FRAME | rights(directory, marked, user);
        }
        int tableAt = (directory & FRAME) + (linear >>> 12 & 0x3FF) * 4;
        int table = physical.read32(tableAt);
        if ((table & PRESENT) == 0) {
            throw fault(linear, 0, write, user);
        }
        demand(directory & table, linear, write, user);
        mark(directoryAt, directory, ACCESSED);
        int marked = mark(tableAt, table, write ? ACCESSED | DIRTY : ACCESSED);
        return table & FRAME | rights(directory & table, marked, user);
    }

    @Override
    public int peek(int linear) {
        if (!cpu.paging()) {
            return linear & FRAME | USER | WRITABLE;
        }
        int directory = physical.read32((cpu.cr3 & FRAME) + (linear >>> 22) * 4);
        if ((directory & PRESENT) == 0) {
            return -1;
        }
        if (large(directory)) {
            return (directory & LARGE_RESERVED) != 0 ? -1
                : directory & LARGE_FRAME | linear & ~LARGE_FRAME & FRAME | rights(directory, directory, false);
        }
        int table = physical.read32((directory & FRAME) + (linear >>> 12 & 0x3FF) * 4);
        return (table & PRESENT) == 0 ? -1 : table & FRAME | rights(directory & table, table, false);
    }

    private boolean large(int directory) {
        return (directory & LARGE) != 0 && (cpu.cr4 & CpuState.CR4_PSE) != 0;
    }

    /** @param combined what both levels grant */
    private void demand(int combined, int linear, boolean write, boolean user) {
        boolean forbidden = user && (combined & USER_PAGE) == 0 || write && !mayWrite(combined, user);
        if (forbidden) {
            throw fault(linear, ERROR_PRESENT, write, user);
        }
    }

    private boolean mayWrite(int combined, boolean user) {
        return (combined & WRITE) != 0 || !user && (cpu.cr0 & CpuState.CR0_WP) == 0;
    }

    private int rights(int combined, int leaf, boolean user) {
        return ((combined & USER_PAGE) != 0 ? USER : 0) | ((leaf & DIRTY) != 0 && mayWrite(combined, user) ? WRITABLE : 0);
    }

    private int mark(int at, int entry, int bits) {
        if ((entry & bits) != bits) {
            physical.write32(at, entry | bits);
        }
        return entry | bits;
    }

    private RuntimeException fault(int linear, int cause, boolean write, boolean user) {
        cpu.cr2 = linear;
        return cpu.fault(Vector.PF, cause | (write ? ERROR_WRITE : 0) | (user ? ERROR_USER : 0));
    }
}
