package lguest.interp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/**
 * The pages that instructions may write to as they please: so few that all can be copied before a region runs, and what it wrote be
 * taken back. All others are {@link PhysicalMemory#GUARDED} until they are written to.
 */
final class WritablePages {
    private static final int MOST = 16;

    private static final class Page {
        final int address;
        final byte[] before = new byte[PhysicalMemory.PAGE_BYTES];
        final byte[] written = new byte[PhysicalMemory.PAGE_BYTES];

        Page(int address) {
            this.address = address;
        }
    }

    private final LinearMemory mem;
    private final PhysicalMemory physical;
    private final byte[] ram;
    /** The oldest first. */
    private final List<Page> pages = new ArrayList<>();
    private boolean remembering;

    WritablePages(LinearMemory mem) {
        this.mem = mem;
        physical = mem.physical();
        ram = mem.ram();
        for (int at = 0; at < physical.size(); at += PhysicalMemory.PAGE_BYTES) {
            physical.mark(at, PhysicalMemory.GUARDED);
        }
        mem.guard(this::admit);
        mem.flush();
    }

    private void admit(int physicalAddress) {
        Page page = new Page(physicalAddress & -PhysicalMemory.PAGE_BYTES);
        physical.unmark(page.address, PhysicalMemory.GUARDED);
        physical.own(page.address);
        pages.add(page);
        if (remembering) {
            remember(page);
        }
    }

    /** Remembers what they hold, for {@link #takeBack}. */
    void remember() {
        while (pages.size() > MOST) {
            Page oldest = pages.remove(0);
            physical.mark(oldest.address, PhysicalMemory.GUARDED);
            mem.forbidWrites(oldest.address);
        }
        pages.forEach(this::remember);
        remembering = true;
    }

    private void remember(Page page) {
        System.arraycopy(ram, page.address, page.before, 0, page.before.length);
    }

    /** Memory becomes what it was, and what it was instead is kept for {@link #difference}. */
    void takeBack() {
        for (Page page : pages) {
            System.arraycopy(ram, page.address, page.written, 0, page.written.length);
            restore(page);
        }
    }

    /** Memory becomes what it was. */
    void restore() {
        pages.forEach(this::restore);
    }

    private void restore(Page page) {
        System.arraycopy(page.before, 0, ram, page.address, page.before.length);
    }

    /** Where memory is not what it was before {@link #takeBack}, as a message; null if it is. Ends what {@link #remember} began. */
    String difference() {
        remembering = false;
        for (Page page : pages) {
            int at = Arrays.mismatch(page.written, 0, page.written.length, ram, page.address, page.address + page.written.length);
            if (at >= 0) {
                return String.format("the byte at physical %#010x is %#04x, but %#04x", page.address + at, page.written[at],
                    ram[page.address + at]);
            }
        }
        return null;
    }
}
