package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.CpuFault;
import lguest.cpu.GuestKilled;
import lguest.mem.PageWalk;
import lguest.mem.PhysicalMemory;

/**
 * The stack that the guest kernel gets when a trap finds the processor in user mode: the part of a TSS that the guest
 * may set.
 */
final class KernelStack {
    private static final int MAX_PAGES = 2;
    private static final int RPL = 3;

    private final PageWalk walk;
    private int selector;
    private int pointer;
    private int pages;

    KernelStack(PageWalk walk) {
        this.walk = walk;
    }

    int selector() {
        return selector;
    }

    /** ESP of the empty stack. */
    int pointer() {
        return pointer;
    }

    /** SET_STACK(ss, esp, pages): {@code pages} is how many pages below {@code esp} must always be there. */
    void set(int ss, int esp, int newPages) {
        if ((ss & RPL) != HostDescriptors.GUEST_PL) {
            throw new GuestKilled("bad stack segment %d", ss);
        }
        if (Integer.compareUnsigned(newPages, MAX_PAGES) > 0) {
            throw new GuestKilled("bad stack pages %s", Integer.toUnsignedString(newPages));
        }
        selector = ss & 0xFF;
        pointer = esp;
        pages = newPages;
        pin();
    }

    /**
     * Makes sure that the stack's pages are present and writable. The processor could not report a fault on this stack:
     * it would have nowhere to push. Counts as a write, so Accessed and Dirty are set.
     */
    void pin() {
        for (int page = 0; page < pages; page++) {
            int address = pointer - 1 - page * PhysicalMemory.PAGE_BYTES;
            try {
                walk.translate(address, true, false);
            } catch (CpuFault absent) {
                throw new GuestKilled("bad stack page %#x", address);
            }
        }
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(selector);
        out.writeInt(pointer);
        out.writeInt(pages);
    }

    void load(DataInput in) throws IOException {
        selector = in.readInt();
        pointer = in.readInt();
        pages = Math.min(MAX_PAGES, in.readInt());
    }
}
