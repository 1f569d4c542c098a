package lguest.host;

import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.mem.LinearMemory;

/**
 * What the guest announces about its page tables. It edits them with ordinary stores, so an announcement says what to
 * forget; the next access walks the tables anew.
 */
final class PageTables {
    static final int DIRECTORY_SHIFT = 22;
    /** The last directory entry maps the Host's switcher, not the guest's pages. */
    static final int SWITCHER_INDEX = 1023;
    /** Bytes at the top of the linear address space that belong to the Host. */
    static final int RESERVED_BYTES = 1 << DIRECTORY_SHIFT;

    private static final int PAGE_SHIFT = 12;

    private final CpuState cpu;
    private final LinearMemory linear;
    private final Shadows shadows;
    private final HostPageWalk walk;
    private final KernelStack kernelStack;
    private final int pageOffset;
    private final boolean strict;

    PageTables(Host host) {
        cpu = host.cpu;
        linear = host.linear;
        shadows = host.shadows;
        walk = host.walk;
        kernelStack = host.kernelStack;
        pageOffset = host.config.pageOffset();
        strict = host.config.strict();
    }

    /** The kill reason for meddling with the last directory entry. */
    static GuestKilled switcherPages() {
        return new GuestKilled("attempt to access switcher pages");
    }

    /** NEW_PGTABLE(directory): from now on linear addresses below PAGE_OFFSET mean what this directory says. */
    void switchTo(int directory) {
        boolean blank = shadows.switchTo(directory, pageOffset >>> DIRECTORY_SHIFT);
        cpu.cr3 = directory;
        forgetUser();
        if (blank) {
            kernelStack.pin();
        }
    }

    /** FLUSH_TLB(all): forgets everything, or the current directory below PAGE_OFFSET. */
    void flush(boolean all) {
        if (all) {
            shadows.forgetAll();
            linear.flush();
            kernelStack.pin();
        } else {
            shadows.forget(pageOffset >>> DIRECTORY_SHIFT);
            forgetUser();
        }
    }

    private void forgetUser() {
        linear.flush(0, pageOffset >>> PAGE_SHIFT);
    }

    /**
     * SET_PTE(directory, linear, pte): one page has changed; a kernel page in all directories.
     *
     * @param pte what the guest stored in its table: if the page's directory entry is in use and the value was accessed or
     *     written through, it must be good. The original asks that of absent pages too, and goes on with this value until the
     *     page is announced again, even if the table holds another; the strict Host does so as long as its TLB remembers.
     */
    void setPte(int directory, int address, int pte) {
        int index = address >>> DIRECTORY_SHIFT;
        if (index >= SWITCHER_INDEX) {
            throw switcherPages();
        }
        boolean everywhere = Integer.compareUnsigned(address, pageOffset) >= 0;
        boolean touched = (pte & (HostPageWalk.ACCESSED | HostPageWalk.DIRTY)) != 0;
        boolean inUse = everywhere ? shadows.inUseAnywhere(index) : shadows.inUse(directory, index);
        if (touched && inUse && (strict || (pte & HostPageWalk.PRESENT) != 0)) {
            walk.check(pte);
        }
        // Pages of directories not in force are forgotten when they come into force.
        if (everywhere || directory == shadows.current()) {
            linear.flush(address);
            if (strict && touched && inUse && (pte & HostPageWalk.PRESENT) != 0) {
                linear.install(address, HostPageWalk.translation(pte));
            }
        }
    }

    /**
     * SET_PMD(directory, index): one directory entry has changed.
     *
     * @param index unsigned; the switcher's and those beyond are ignored
     */
    void setPmd(int directory, int index) {
        if (Integer.compareUnsigned(index, SWITCHER_INDEX) >= 0) {
            return;
        }
        shadows.forget(directory, index);
        if (directory == shadows.current() || index >= pageOffset >>> DIRECTORY_SHIFT) {
            int pages = DIRECTORY_SHIFT - PAGE_SHIFT;
            linear.flush(index << pages, index + 1 << pages);
        }
    }
}
