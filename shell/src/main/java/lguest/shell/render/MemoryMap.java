package lguest.shell.render;

import java.util.BitSet;
import lguest.machine.Guest;
import lguest.mem.PhysicalMemory;

/** Guest-physical memory as a picture: what each page, or run of pages, holds. */
public final class MemoryMap {
    private static final int PER_ROW = 64;
    private static final int ROWS = 32;
    private static final int PRESENT = 1;

    private MemoryMap() {
    }

    public static String of(Guest guest) {
        PhysicalMemory memory = guest.physical();
        int pages = memory.size() / PhysicalMemory.PAGE_BYTES;
        BitSet tables = tables(guest, pages);
        int ram = (int) (guest.config().memoryBytes() / PhysicalMemory.PAGE_BYTES);
        int perCharacter = 1;
        while (ram / perCharacter > PER_ROW * ROWS) {
            perCharacter *= 2;
        }
        StringBuilder out = new StringBuilder();
        byte[] page = new byte[PhysicalMemory.PAGE_BYTES];
        for (int first = 0, at = 0; first < pages; first += perCharacter, at++) {
            if (at % PER_ROW == 0) {
                out.append(at == 0 ? "" : "\n").append(String.format("0x%08x  ", (long) first * PhysicalMemory.PAGE_BYTES));
            }
            char kind = '.';
            for (int i = first; i < Math.min(pages, first + perCharacter); i++) {
                memory.read(i * PhysicalMemory.PAGE_BYTES, page, 0, page.length);
                char here = i >= ram ? 'd' : tables.get(i) ? 't' : isZero(page) ? '.' : '#';
                kind = rank(here) > rank(kind) ? here : kind;
            }
            out.append(kind);
        }
        return out.append(String.format("%neach character is %d KB: . zero, # data, t page tables in use, d devices", perCharacter * 4)).toString();
    }

    private static int rank(char kind) {
        return ".#td".indexOf(kind);
    }

    private static boolean isZero(byte[] page) {
        for (byte b : page) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static BitSet tables(Guest guest, int pages) {
        BitSet tables = new BitSet();
        if ((guest.cpu().cr0 & 1 << 31) == 0) {
            return tables;
        }
        int directory = guest.cpu().cr3 >>> 12;
        if (directory >= pages) {
            return tables;
        }
        tables.set(directory);
        for (int i = 0; i < 1024; i++) {
            int pde = guest.physical().read32((directory << 12) + i * 4);
            if ((pde & PRESENT) != 0 && pde >>> 12 < pages && (guest.host() != null || (pde & 1 << 7) == 0)) {
                tables.set(pde >>> 12);
            }
        }
        return tables;
    }
}
