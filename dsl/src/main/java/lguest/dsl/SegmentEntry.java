package lguest.dsl;

import java.util.List;

/**
 * An entry of a descriptor table, decoded: a segment or a gate (SDM vol. 3A "Segment Descriptors", "IDT Descriptors").
 *
 * @param value all 64 bits of it
 */
public record SegmentEntry(long value) {
    private static final long PRESENT = 1L << 47;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long CODE = 1L << 43;
    private static final long EXPANDS_OR_CONFORMS = 1L << 42;
    private static final long WRITE_OR_READ = 1L << 41;
    private static final long BIG = 1L << 54;
    private static final long PAGES = 1L << 55;
    private static final int FIRST_GATE = 4;
    private static final List<String> SYSTEM = List.of("?", "TSS16", "LDT", "TSS16 busy", "call gate16", "task gate", "interrupt gate16",
        "trap gate16", "?", "TSS", "?", "TSS busy", "call gate", "?", "interrupt gate", "trap gate");

    /** @param low the first four bytes; @param high the last four */
    public static SegmentEntry of(int low, int high) {
        return new SegmentEntry((long) high << 32 | low & 0xFFFFFFFFL);
    }

    public boolean isPresent() {
        return (value & PRESENT) != 0;
    }

    /** The privilege level, 0 to 3. */
    public int getDpl() {
        return (int) (value >>> 45 & 3);
    }

    public boolean isGate() {
        return (value & CODE_OR_DATA) == 0 && (system() & 7) >= FIRST_GATE;
    }

    /** Of a segment: its first linear address. */
    public long getBase() {
        return value >>> 16 & 0xFFFFFF | value >>> 32 & 0xFF000000L;
    }

    /** Of a segment: its last offset. */
    public long getLimit() {
        long limit = value & 0xFFFF | value >>> 32 & 0xF0000;
        return (value & PAGES) != 0 ? limit << 12 | 0xFFF : limit;
    }

    /** Of a gate: the code segment it leads to. */
    public int getSelector() {
        return (int) (value >>> 16 & 0xFFFF);
    }

    /** Of a gate: where in that segment. */
    public long getOffset() {
        return value >>> 32 & 0xFFFF0000L | value & 0xFFFF;
    }

    /** {@code code32, readable}, {@code interrupt gate}, ... */
    public String getType() {
        if ((value & CODE_OR_DATA) == 0) {
            return SYSTEM.get(system());
        }
        String bits = (value & BIG) != 0 ? "32" : "16";
        return (value & CODE) != 0
            ? "code" + bits + when(WRITE_OR_READ, ", readable") + when(EXPANDS_OR_CONFORMS, ", conforming")
            : "data" + bits + when(WRITE_OR_READ, ", writable") + when(EXPANDS_OR_CONFORMS, ", expands down");
    }

    private int system() {
        return (int) (value >>> 40 & 0xF);
    }

    private String when(long bit, String words) {
        return (value & bit) != 0 ? words : "";
    }

    @Override
    public String toString() {
        return !isPresent() ? "not present" : isGate()
            ? String.format("%s to 0x%04x:0x%08x, dpl %d", getType(), getSelector(), getOffset(), getDpl())
            : String.format("%s at 0x%08x, limit 0x%08x, dpl %d", getType(), getBase(), getLimit(), getDpl());
    }
}
