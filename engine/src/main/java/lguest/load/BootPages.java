package lguest.load;

import java.util.function.Consumer;
import lguest.device.Pointer;
import lguest.mem.PhysicalMemory;

/** The page tables a guest starts with: RAM mapped from PAGE_OFFSET up, and nothing else. */
final class BootPages {
    private static final int PAGE_BYTES = PhysicalMemory.PAGE_BYTES;
    private static final int ENTRIES = PAGE_BYTES / 4;
    private static final int PDE_SHIFT = 22;
    private static final int PRESENT_WRITABLE_USER = 7;

    private BootPages() {
    }

    /**
     * Builds the tables right below the initrd.
     *
     * @param top first physical address above them: end of RAM or start of the initrd
     * @return physical address of the page directory
     * @throws LoadException if there is no room
     */
    static int build(Ram ram, int top, int pageOffset, Consumer<String> verbose) {
        long mappable = (1L << 32) - Integer.toUnsignedLong(pageOffset);
        int mapped = (int) (Math.min(ram.sizeBytes(), mappable) / PAGE_BYTES);
        int tables = (mapped + ENTRIES - 1) / ENTRIES;
        int directory = top - PAGE_BYTES;
        int linear = directory - tables * PAGE_BYTES;
        if (linear < 0) {
            throw new LoadException("Initial page tables do not fit: %d pages below 0x%x", tables + 1, top);
        }
        clear(ram.memory(), linear, tables + 1);
        for (int i = 0; i < mapped; i++) {
            ram.memory().write32(linear + 4 * i, i * PAGE_BYTES | PRESENT_WRITABLE_USER);
        }
        for (int k = 0; k < tables; k++) {
            ram.memory().write32(directory + 4 * ((pageOffset >>> PDE_SHIFT) + k),
                linear + k * PAGE_BYTES | PRESENT_WRITABLE_USER);
        }
        verbose.accept("Linear mapping of " + mapped + " pages in " + tables + " pte pages at " + Pointer.text(linear));
        return directory;
    }

    /** A kernel image may have been loaded here; the launcher makes no overlap checks, but tables must be only tables. */
    private static void clear(PhysicalMemory memory, int physical, int pages) {
        byte[] zeroes = new byte[PAGE_BYTES];
        for (int i = 0; i < pages; i++) {
            memory.write(physical + i * PAGE_BYTES, zeroes, 0, PAGE_BYTES);
        }
    }
}
