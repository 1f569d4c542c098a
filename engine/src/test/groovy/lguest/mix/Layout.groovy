package lguest.mix

import groovy.transform.CompileStatic

/**
 * Where things are in the guests of the mix.
 *
 * <pre>
 * linear     user    what
 * HOME       yes     the pages of {@link #FARM} and what follows, of which some are absent or read-only
 * ALIAS      yes     the same page table again
 * LARGE      yes     physical addresses plus LARGE, through what entry 3 of the directory holds: a page of 4 MiB or one of two tables
 * WINDOW     yes     24 pages, mapped to something else all the time; another table in the other directory
 * KERNEL     no      all memory, as Linux has it
 * </pre>
 */
@CompileStatic
final class Layout {
    static final int MEMORY = 2 << 20
    static final int PAGE = 0x1000

    static final int BASE = 0x100000
    static final int BYTES = 0x60000
    static final int GDT = 0x110000
    static final int IDT = 0x110800
    static final int TSS = 0x111000
    static final int VARIABLES = 0x112000
    static final int SHARED = 0x113000
    static final int STACK = 0x115000
    static final int DIRECTORY = 0x116000
    static final int OTHER_DIRECTORY = 0x117000
    static final int TABLE_LOW = 0x118000
    static final int TABLE_HOME = 0x119000
    static final int TABLE_WINDOW = 0x11A000
    static final int OTHER_TABLE_WINDOW = 0x11B000
    static final int TABLE_SAME = 0x11C000
    static final int TABLE_SHIFTED = 0x11D000
    static final int DMA = 0x11E000
    static final int PATCHES = 0x11F000

    /** Pages of code. */
    static final int FARM = 0x120000
    static final int FARM_PAGES = 16
    static final int DATA = 0x130000
    static final int DATA_PAGES = 4
    /** Two pages for code that is written, executed and wiped out again. */
    static final int NURSERY = 0x136000
    /** Four pages, and what a program finds on them is the way back. */
    static final int USER_STACK = 0x138000
    static final int USER_STACK_END = 0x13C000
    /** INT 0x80. */
    static final int BYE = 0x13C000
    /** Addresses of functions. */
    static final int POINTERS = 0x13D000
    /** Other bodies of functions. */
    static final int VARIANTS = 0x140000

    static final int HOME = 0x00400000
    static final int ALIAS = 0x00800000
    static final int LARGE = 0x00C00000
    static final int WINDOW = 0x01000000
    /** Pages of code, then pages of data. */
    static final int WINDOW_PAGES = 24
    static final int KERNEL = 0xC0000000 as int

    // Variables, linear.
    static final int NEXT = KERNEL + VARIABLES
    static final int PATIENCE = NEXT + 4
    static final int SUM = NEXT + 8
    static final int INTERRUPTS = NEXT + 12
    static final int FAULTS = NEXT + 16
    static final int GIVEN_UP = NEXT + 20
    static final int ROUNDS = NEXT + 24
    static final int PATCH_NUMBER = NEXT + 28
    static final int DELTA_NUMBER = NEXT + 32
    static final int DELTAS = NEXT + 0x100
    static final int DELTA_COUNT = 64

    static final int PATCH_COUNT = 128
    static final int PATCH_BYTES = 16

    static final int KERNEL_CS = 12 << 3
    static final int KERNEL_DS = 13 << 3
    static final int USER_CS = 14 << 3 | 3
    static final int USER_DS = 15 << 3 | 3
    static final int TSS_SELECTOR = 16 << 3

    static final int TIMER = 0x20
    static final int VECTORS = 0x24

    private Layout() {
    }

    static int home(int physical) {
        HOME + physical - FARM
    }
}
