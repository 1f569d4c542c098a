package lguest.shell.render;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lguest.cpu.Vector;
import lguest.dsl.SegmentEntry;
import lguest.machine.Guest;

/** The tables of descriptors that the processor goes by: segments and gates, decoded. */
public final class DescriptorList {
    private static final int VECTORS = 256;
    private static final int FIRST_LINE = 0x20;
    private static final int LAST_LINE = 0x40;
    private static final int ENTRY_BYTES = 8;
    private static final int HOSTS_ENTRIES = 32;
    private static final int MOST_ENTRIES = 8192;

    private DescriptorList() {
    }

    /** All segments that are there: under lguest the Host's table, on {@code bare} the one at GDTR. */
    public static String gdt(Guest guest) {
        Table table = new Table("selector", "base", "limit", "dpl", "type");
        int entries = guest.host() != null ? HOSTS_ENTRIES : Math.min(MOST_ENTRIES, (guest.cpu().gdtLimit & 0xFFFF) + 1 >>> 3);
        for (int index = 0; index < entries; index++) {
            SegmentEntry entry = new SegmentEntry(guest.host() != null ? guest.host().tables().descriptor(index << 3)
                : entry(guest, guest.cpu().gdtBase, index));
            if (entry.isPresent()) {
                segment(table, index, entry);
            }
        }
        return table.isEmpty() ? "no segment descriptors" : table.toString();
    }

    private static void segment(Table table, int index, SegmentEntry entry) {
        table.row(String.format("0x%04x", index << 3), String.format("0x%08x", entry.getBase()), String.format("0x%08x", entry.getLimit()),
            entry.getDpl(), entry.getType());
    }

    /** All gates that are there, with the symbols of their handlers: under lguest what LOAD_IDT_ENTRY has set. */
    public static String idt(Guest guest) {
        Table table = new Table("vector", "", "gate", "dpl", "handler");
        for (int vector = 0; vector < VECTORS; vector++) {
            SegmentEntry gate = new SegmentEntry(guest.host() != null ? guest.host().gate(vector)
                : vector * ENTRY_BYTES + 7 <= (guest.cpu().idtLimit & 0xFFFF) ? entry(guest, guest.cpu().idtBase, vector) : 0);
            if (gate.isPresent()) {
                int handler = (int) gate.getOffset();
                table.row(String.format("0x%02x", vector), vector < FIRST_LINE ? Vector.name(vector) : guest.host() != null && vector < LAST_LINE
                    ? "line " + (vector - FIRST_LINE) : "", gate.getType(), gate.getDpl(), String.format("0x%08x", handler)
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
