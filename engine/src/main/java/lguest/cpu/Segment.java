package lguest.cpu;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A segment register: the visible selector and the hidden part that was loaded from the descriptor (SDM vol. 3A "Segment
 * Registers").
 *
 * <pre>
 * access, as in the descriptor's high dword:
 *   23 G  22 D/B  20 AVL  15 P  14-13 DPL  12 S  11-8 type (11 code, 10 conforming/expand-down, 9 readable/writable, 8 accessed)
 * </pre>
 */
public final class Segment {
    /** Numbers of the segment registers, as instructions encode them. */
    public static final int ES = 0;
    public static final int CS = 1;
    public static final int SS = 2;
    public static final int DS = 3;
    public static final int FS = 4;
    public static final int GS = 5;

    private static final String[] NAMES = {"es", "cs", "ss", "ds", "fs", "gs"};

    public static final int GRANULARITY = 1 << 23;
    public static final int BIG = 1 << 22;
    public static final int PRESENT = 1 << 15;
    public static final int DPL_SHIFT = 13;
    public static final int CODE_OR_DATA = 1 << 12;
    public static final int CODE = 1 << 11;
    /** Conforming for code, expand-down for data. */
    public static final int CONFORMING = 1 << 10;
    public static final int EXPAND_DOWN = 1 << 10;
    /** Readable for code, writable for data. */
    public static final int WRITABLE = 1 << 9;
    public static final int ACCESSED = 1 << 8;

    public int selector;
    public int base;
    /** Last valid offset in bytes (for expand-down: last invalid one), unsigned. */
    public int limit;
    /** Attribute bits of the descriptor's high dword; 0 when the register holds a null selector. */
    public int access;
    /**
     * Base 0, limit 4 GiB - 1, present, readable and writable data: offset and linear address are the same and the segment never
     * objects. {@link #load} and {@link #loadNull} keep it.
     */
    public boolean flat;

    /** A null selector: every memory access through it is #GP(0) (#SS(0) for SS). */
    public void loadNull(int newSelector) {
        selector = newSelector;
        base = 0;
        limit = 0;
        access = 0;
        flat = false;
    }

    /** Fills the hidden part from a descriptor; {@code low} and {@code high} are its dwords in memory order. */
    public void load(int newSelector, int low, int high) {
        load(newSelector, base(low, high), limit(low, high), high & 0x00F0FF00);
    }

    /** Becomes a copy of another register, hidden part and all. */
    public void load(Segment from) {
        selector = from.selector;
        base = from.base;
        limit = from.limit;
        access = from.access;
        flat = from.flat;
    }

    /** Fills the hidden part field by field, as real mode does. */
    public void load(int newSelector, int newBase, int newLimit, int newAccess) {
        selector = newSelector;
        base = newBase;
        limit = newLimit;
        access = newAccess;
        flat = base == 0 && limit == -1
            && (access & (PRESENT | CODE_OR_DATA | CODE | EXPAND_DOWN | WRITABLE)) == (PRESENT | CODE_OR_DATA | WRITABLE);
    }

    public static int base(int low, int high) {
        return low >>> 16 | (high & 0xFF) << 16 | high & 0xFF000000;
    }

    /** The limit in bytes, scaled by G. */
    public static int limit(int low, int high) {
        int raw = low & 0xFFFF | high & 0x000F0000;
        return (high & GRANULARITY) != 0 ? raw << 12 | 0xFFF : raw;
    }

    public boolean isNull() {
        return access == 0;
    }

    public int dpl() {
        return access >>> DPL_SHIFT & 3;
    }

    /** D for code segments (default operand size 32), B for stacks (ESP instead of SP). */
    public boolean big() {
        return (access & BIG) != 0;
    }

    public static String name(int number) {
        return NAMES[number];
    }

    /** Writes all of it, hidden part too, for {@link #load(DataInput)}. */
    void save(DataOutput out) throws IOException {
        out.writeInt(selector);
        out.writeInt(base);
        out.writeInt(limit);
        out.writeInt(access);
    }

    void load(DataInput in) throws IOException {
        load(in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }
}
