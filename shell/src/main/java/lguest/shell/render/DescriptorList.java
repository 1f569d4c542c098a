package lguest.shell.render;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lguest.cpu.Vector;
import lguest.machine.Guest;

/** The tables of descriptors that the processor goes by: segments and gates, decoded (SDM vol. 3A "Segment Descriptors", "IDT Descriptors"). */
public final class DescriptorList {
    private static final int VECTORS = 256;
    private static final int FIRST_LINE = 0x20;
    private static final int LAST_LINE = 0x40;
    private static final int ENTRY_BYTES = 8;
    private static final int HOSTS_ENTRIES = 32;
    private static final int MOST_ENTRIES = 8192;
    private static final long PRESENT = 1L << 47;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long CODE = 1L << 43;
    private static final long EXPANDS_OR_CONFORMS = 1L << 42;
    private static final long WRITE_OR_READ = 1L << 41;
    private static final long BIG = 1L << 54;
    private static final long PAGES = 1L << 55;
    private static final String[] SYSTEM = {"?", "TSS16", "LDT", "TSS16 busy", "call gate16", "task gate", "interrupt gate16", "trap gate16",
        "?", "TSS", "?", "TSS busy", "call gate", "?", "interrupt gate", "trap gate"};

    private DescriptorList() {
    }

    /** All segments that are there: under lguest the Host's table, on {@code bare} the one at GDTR. */
    public static String gdt(Guest guest) {
        Table table = new Table("selector", "base", "limit", "dpl", "type");
        int entries = guest.host() != null ? HOSTS_ENTRIES : Math.min(MOST_ENTRIES, (guest.cpu().gdtLimit & 0xFFFF) + 1 >>> 3);
        for (int index = 0; index < entries; index++) {
            long entry = guest.host() != null ? guest.host().tables().descriptor(index << 3) : entry(guest, guest.cpu().gdtBase, index);
            if ((entry & PRESENT) != 0) {
                segment(table, index, entry);
            }
        }
        return table.isEmpty() ? "no segment descriptors" : table.toString();
    }

    private static void segment(Table table, int index, long entry) {
        long base = entry >>> 16 & 0xFFFFFF | entry >>> 32 & 0xFF000000L;
        long limit = entry & 0xFFFF | entry >>> 32 & 0xF0000;
        if ((entry & PAGES) != 0) {
            limit = limit << 12 | 0xFFF;
        }
        table.row(String.format("0x%04x", index << 3), String.format("0x%08x", base), String.format("0x%08x", limit), dpl(entry), type(entry));
    }

    private static String type(long entry) {
        if ((entry & CODE_OR_DATA) == 0) {
            return SYSTEM[(int) (entry >>> 40 & 0xF)];
        }
        String bits = (entry & BIG) != 0 ? "32" : "16";
        return (entry & CODE) != 0
            ? "code" + bits + ((entry & WRITE_OR_READ) != 0 ? ", readable" : "") + ((entry & EXPANDS_OR_CONFORMS) != 0 ? ", conforming" : "")
            : "data" + bits + ((entry & WRITE_OR_READ) != 0 ? ", writable" : "") + ((entry & EXPANDS_OR_CONFORMS) != 0 ? ", expands down" : "");
    }

    private static long dpl(long entry) {
        return entry >>> 45 & 3;
    }

    /** All gates that are there, with the symbols of their handlers: under lguest what LOAD_IDT_ENTRY has set. */
    public static String idt(Guest guest) {
        Table table = new Table("vector", "", "gate", "dpl", "handler");
        for (int vector = 0; vector < VECTORS; vector++) {
            long gate = guest.host() != null ? guest.host().gate(vector) : vector * ENTRY_BYTES + 7 <= (guest.cpu().idtLimit & 0xFFFF)
                ? entry(guest, guest.cpu().idtBase, vector) : 0;
            if ((gate & PRESENT) != 0) {
                int handler = (int) (gate >>> 32 & 0xFFFF0000L | gate & 0xFFFF);
                table.row(String.format("0x%02x", vector), vector < FIRST_LINE ? Vector.name(vector) : guest.host() != null && vector < LAST_LINE
                    ? "line " + (vector - FIRST_LINE) : "", SYSTEM[(int) (gate >>> 40 & 0xF)], dpl(gate), String.format("0x%08x", handler)
                    + guest.symbols().at(handler).map(symbol -> " <" + symbol + ">").orElse(""));
            }
        }
        return table.isEmpty() ? "no gates" : table.toString();
    }

    /** @return 0 where nothing is mapped */
    private static long entry(Guest guest, int table, int index) {
        byte[] bytes = new byte[ENTRY_BYTES];
        if (guest.readLinear(table + index * ENTRY_BYTES, bytes) < ENTRY_BYTES) {
            return 0;
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
