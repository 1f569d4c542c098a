package lguest.host;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.cpu.Vector;
import lguest.mem.PageWalk;

/**
 * Translation by the guest's own two-level tables. They are in the guest's memory and it may write there what it likes,
 * so every entry is checked before it is followed.
 *
 * <pre>
 * entry: 31-12 page  11-9 AVL  8 G  7 PS  6 D  5 A  4 PCD  3 PWT  2 U  1 W  0 P      (SDM vol. 3A "32-Bit Paging")
 * </pre>
 */
final class HostPageWalk implements PageWalk {
    static final int PRESENT = 1;
    static final int ACCESSED = 1 << 5;
    static final int DIRTY = 1 << 6;

    private static final int RW = 1 << 1;
    private static final int US = 1 << 2;
    private static final int PWT = 1 << 3;
    private static final int PS = 1 << 7;
    private static final int PAGE = 0xFFFFF000;
    /** PWT, PCD, PS, G, AVL: nothing a directory entry of such a guest can mean. */
    private static final int BAD_IN_DIRECTORY = 0xF98;
    private static final int BAD_IN_TABLE = PWT | PS;

    /** Bits of a page fault's error code. */
    private static final int FAULT_PROTECTION = 1;
    private static final int FAULT_WRITE = 1 << 1;
    private static final int FAULT_USER = 1 << 2;

    private final CpuState cpu;
    private final GuestMemory memory;
    private final Shadows shadows;

    HostPageWalk(CpuState cpu, GuestMemory memory, Shadows shadows) {
        this.cpu = cpu;
        this.memory = memory;
        this.shadows = shadows;
    }

    @Override
    public int translate(int linear, boolean write, boolean user) {
        int index = linear >>> PageTables.DIRECTORY_SHIFT;
        int pde = memory.read32(shadows.current() + index * 4);
        if ((pde & PRESENT) == 0) {
            throw fault(linear, write, user, 0);
        }
        if (index >= PageTables.SWITCHER_INDEX) {
            throw PageTables.switcherPages();
        }
        if ((pde & BAD_IN_DIRECTORY) != 0 || !memory.acceptablePage(pde)) {
            throw new GuestKilled("bad page directory entry");
        }
        shadows.use(index);
        int address = (pde & PAGE) + (linear >>> 10 & 0xFFC);
        int pte = memory.read32(address);
        if ((pte & PRESENT) == 0) {
            throw fault(linear, write, user, 0);
        }
        int allowed = pde & pte;
        if (write && (allowed & RW) == 0 || user && (allowed & US) == 0) {
            throw fault(linear, write, user, FAULT_PROTECTION);
        }
        check(pte);
        int touched = pte | ACCESSED | (write ? DIRTY : 0);
        if (touched != pte) {
            memory.write32(address, touched);
        }
        return result(touched, allowed);
    }

    /** What a table entry permits by itself, Dirty or not, in the terms of {@link #translate}. */
    static int translation(int pte) {
        return pte & PAGE | ((pte & US) != 0 ? USER : 0) | ((pte & RW) != 0 ? WRITABLE : 0);
    }

    private static int result(int pte, int allowed) {
        return pte & PAGE | ((allowed & US) != 0 ? USER : 0)
            | ((allowed & RW) != 0 && (pte & DIRTY) != 0 ? WRITABLE : 0);
    }

    /** Kills if the Host would not install such an entry. */
    void check(int pte) {
        if ((pte & BAD_IN_TABLE) != 0 || !memory.acceptablePage(pte)) {
            throw new GuestKilled("bad page table entry");
        }
    }

    private CpuFault fault(int linear, boolean write, boolean user, int protection) {
        cpu.cr2 = linear;
        return cpu.fault(Vector.PF, protection | (write ? FAULT_WRITE : 0) | (user ? FAULT_USER : 0));
    }

    @Override
    public int peek(int linear) {
        int index = linear >>> PageTables.DIRECTORY_SHIFT;
        int at = shadows.current() + index * 4;
        if (index >= PageTables.SWITCHER_INDEX || !memory.acceptable(at, 4)) {
            return -1;
        }
        int pde = memory.physical().read32(at);
        if ((pde & PRESENT) == 0 || (pde & BAD_IN_DIRECTORY) != 0 || !memory.acceptablePage(pde)) {
            return -1;
        }
        int address = (pde & PAGE) + (linear >>> 10 & 0xFFC);
        if (!memory.acceptable(address, 4)) {
            return -1;
        }
        int pte = memory.physical().read32(address);
        if ((pte & PRESENT) == 0 || (pte & BAD_IN_TABLE) != 0 || !memory.acceptablePage(pte)) {
            return -1;
        }
        return result(pte, pde & pte);
    }
}
