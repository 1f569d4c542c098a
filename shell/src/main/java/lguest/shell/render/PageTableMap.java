package lguest.shell.render;

import java.util.ArrayList;
import java.util.List;
import lguest.machine.Guest;
import lguest.mem.PhysicalMemory;

/**
 * The page tables of a guest as they are now (SDM vol. 3A "32-Bit Paging"): one address walked, all mappings as ranges, or the
 * 4 GiB as a picture.
 */
public final class PageTableMap {
    private static final int ENTRIES = 1024;
    private static final int PRESENT = 1;
    private static final int LARGE = 1 << 7;
    private static final int PAGE = ~0xFFF;
    private static final int LARGE_PAGE = ~0x3FFFFF;
    private static final int CR0_PG = 1 << 31;
    private static final int CR4_PSE = 1 << 4;
    private static final int PERMISSIONS = 0b110;
    private static final int PER_ROW = 64;
    /** From one page mapped to all 1024. */
    private static final String SHADES = ".:-=+*#%@";
    private static final String[] BITS = {"P", "W", "U", "PWT", "PCD", "A", "D", "PS", "G"};

    private final PhysicalMemory memory;
    private final int directory;
    private final boolean largePages;

    private PageTableMap(Guest guest) {
        memory = guest.physical();
        directory = guest.cpu().cr3 & PAGE;
        largePages = guest.host() == null && (guest.cpu().cr4 & CR4_PSE) != 0;
    }

    private static boolean on(Guest guest) {
        return (guest.cpu().cr0 & CR0_PG) != 0;
    }

    private int pde(int index) {
        return word(directory + index * 4);
    }

    /** 0, not present, where there is no memory. */
    private int word(int at) {
        return memory.contains(at, 4) ? memory.read32(at) : 0;
    }

    private boolean large(int pde) {
        return largePages && (pde & LARGE) != 0;
    }

    /** The walk of one address, an entry to a line. */
    public static String walk(Guest guest, int linear) {
        if (!on(guest)) {
            return String.format("paging is off: linear 0x%08x is physical 0x%08x", linear, linear);
        }
        PageTableMap tables = new PageTableMap(guest);
        int pdeAt = tables.directory + (linear >>> 22) * 4;
        int pde = tables.word(pdeAt);
        StringBuilder out = new StringBuilder(String.format("cr3        0x%08x%n", tables.directory));
        out.append(entry("pde", linear >>> 22, pdeAt, pde));
        if ((pde & PRESENT) == 0) {
            return out.append(String.format("%nlinear 0x%08x is not mapped", linear)).toString();
        }
        int physical = pde & LARGE_PAGE | linear & ~LARGE_PAGE;
        if (!tables.large(pde)) {
            int pteAt = (pde & PAGE) + (linear >>> 12 & 0x3FF) * 4;
            int pte = tables.word(pteAt);
            out.append('\n').append(entry("pte", linear >>> 12 & 0x3FF, pteAt, pte));
            if ((pte & PRESENT) == 0) {
                return out.append(String.format("%nlinear 0x%08x is not mapped", linear)).toString();
            }
            physical = pte & PAGE | linear & ~PAGE;
        }
        return out.append(String.format("%nlinear 0x%08x is physical 0x%08x", linear, physical)).toString();
    }

    private static String entry(String name, int index, int at, int value) {
        List<String> bits = new ArrayList<>();
        for (int bit = BITS.length - 1; bit >= 0; bit--) {
            if ((value >>> bit & 1) != 0) {
                bits.add(BITS[bit]);
            }
        }
        return String.format("%s %4d   0x%08x at 0x%08x [%s]", name, index, value, at, String.join(" ", bits));
    }

    /** All that is mapped: ranges with the same permissions that follow each other, here and in physical memory. */
    public static String ranges(Guest guest) {
        if (!on(guest)) {
            return "paging is off";
        }
        PageTableMap tables = new PageTableMap(guest);
        Table table = new Table("linear", "", "physical", "pages", "");
        long[] range = null;
        for (int i = 0; i < ENTRIES; i++) {
            int pde = tables.pde(i);
            for (int j = 0; (pde & PRESENT) != 0 && j < ENTRIES; j++) {
                int pte = tables.large(pde) ? pde & LARGE_PAGE | j << 12 | pde & 0xFFF : tables.word((pde & PAGE) + j * 4);
                if ((pte & PRESENT) == 0) {
                    continue;
                }
                long linear = (long) i << 22 | j << 12;
                long physical = pte & PAGE & 0xFFFFFFFFL;
                long permissions = pde & pte & PERMISSIONS;
                if (range != null && range[0] + range[2] == linear && range[1] + range[2] == physical && range[3] == permissions) {
                    range[2] += PhysicalMemory.PAGE_BYTES;
                } else {
                    row(table, range);
                    range = new long[] {linear, physical, PhysicalMemory.PAGE_BYTES, permissions};
                }
            }
        }
        row(table, range);
        return table.isEmpty() ? "nothing is mapped" : table.toString();
    }

    private static void row(Table table, long[] range) {
        if (range != null) {
            table.row(String.format("0x%08x", range[0]), String.format("-0x%08x", range[0] + range[2] - 1), String.format("0x%08x", range[1]),
                range[2] / PhysicalMemory.PAGE_BYTES, ((range[3] & 2) != 0 ? "rw" : "r-") + ((range[3] & 4) != 0 ? " user" : ""));
        }
    }

    /** The 4 GiB, a character for every 4 MiB: the more of their pages are mapped, the darker. */
    public static String picture(Guest guest) {
        if (!on(guest)) {
            return "paging is off";
        }
        PageTableMap tables = new PageTableMap(guest);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < ENTRIES; i++) {
            out.append(i % PER_ROW == 0 ? String.format("%s0x%08x |", i == 0 ? "" : "|\n", (long) i << 22) : "");
            int mapped = tables.mapped(tables.pde(i));
            out.append(mapped == 0 ? ' ' : SHADES.charAt(mapped * (SHADES.length() - 1) / ENTRIES));
        }
        return out.append("|\neach character is 4 MiB: blank nothing, . a page, @ all mapped").toString();
    }

    private int mapped(int pde) {
        if ((pde & PRESENT) == 0 || large(pde)) {
            return (pde & PRESENT) == 0 ? 0 : ENTRIES;
        }
        int pages = 0;
        for (int j = 0; j < ENTRIES; j++) {
            pages += word((pde & PAGE) + j * 4) & PRESENT;
        }
        return pages;
    }
}
