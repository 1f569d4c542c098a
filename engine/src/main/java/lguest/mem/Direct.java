package lguest.mem;

/**
 * Memory accesses that hit the TLB, in two steps: where in RAM, then the access. What misses leaves no trace; the slow path of
 * {@link LinearMemory} is for it.
 */
public final class Direct {
    private Direct() {
    }

    /**
     * Where a byte is.
     *
     * @param table {@link LinearMemory#readTable} or {@link LinearMemory#writeTable}
     * @return physical address, negative if the access has to take the slow path
     */
    public static int at8(int[] table, int linear) {
        return table[linear >>> 12] + linear;
    }

    /** As {@link #at8} for a word, which must not reach into the next page. */
    public static int at16(int[] table, int linear) {
        return (linear & 0xFFF) <= 0xFFE ? table[linear >>> 12] + linear : -1;
    }

    /** As {@link #at8} for a doubleword, which must not reach into the next page. */
    public static int at32(int[] table, int linear) {
        return (linear & 0xFFF) <= 0xFFC ? table[linear >>> 12] + linear : -1;
    }

    public static int read8(byte[] ram, int at) {
        return ram[at] & 0xFF;
    }

    public static int read16(byte[] ram, int at) {
        return (short) PhysicalMemory.SHORT.get(ram, at) & 0xFFFF;
    }

    public static int read32(byte[] ram, int at) {
        return (int) PhysicalMemory.INT.get(ram, at);
    }

    public static void write8(byte[] ram, int at, int value) {
        ram[at] = (byte) value;
    }

    public static void write16(byte[] ram, int at, int value) {
        PhysicalMemory.SHORT.set(ram, at, (short) value);
    }

    public static void write32(byte[] ram, int at, int value) {
        PhysicalMemory.INT.set(ram, at, value);
    }
}
