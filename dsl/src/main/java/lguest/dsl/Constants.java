package lguest.dsl;

/** Numbers that every script knows by name. */
public final class Constants {
    /** The DMA key of every console. */
    public static final long CONSOLE_KEY = 0;

    /** Where kernels map physical address 0. */
    public static final long PAGE_OFFSET = 0xC0000000L;

    /** Bits of page table entries (SDM vol. 3A "Paging"). */
    public static final long PRESENT = 1;
    public static final long WRITABLE = 1 << 1;
    public static final long USER = 1 << 2;
    public static final long ACCESSED = 1 << 5;
    public static final long DIRTY = 1 << 6;
    public static final long LARGE = 1 << 7;
    public static final long GLOBAL = 1 << 8;

    private Constants() {
    }
}
