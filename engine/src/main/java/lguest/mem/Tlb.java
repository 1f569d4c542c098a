package lguest.mem;

import java.util.Arrays;

/**
 * Remembers translations of one privilege class (user or supervisor), direct-mapped by linear page number. A slot that does not
 * apply holds a tag no page has.
 */
final class Tlb {
    static final int BITS = 11;
    static final int SLOTS = 1 << BITS;
    static final int MASK = SLOTS - 1;
    /** No linear page number has this value: they have 20 bits. */
    private static final int EMPTY = -1;

    /** Linear page numbers that may be read, executed; and those that may be written without anybody needing to know. */
    final int[] readTag = new int[SLOTS];
    final int[] writeTag = new int[SLOTS];
    /** Pages of decoded code that may be written as long as the code cache hears of it. */
    final int[] codeTag = new int[SLOTS];
    final int[] executeTag = new int[SLOTS];
    /** Physical page address minus linear page address. */
    final int[] delta = new int[SLOTS];

    Tlb() {
        flush();
    }

    void flush() {
        Arrays.fill(readTag, EMPTY);
        Arrays.fill(writeTag, EMPTY);
        Arrays.fill(codeTag, EMPTY);
        Arrays.fill(executeTag, EMPTY);
    }

    void flush(int linear) {
        clear(linear >>> 12 & MASK);
    }

    /** Forgets the pages from {@code firstPage} up to but without {@code endPage} (linear page numbers). */
    void flush(int firstPage, int endPage) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (in(readTag[slot], firstPage, endPage) || in(executeTag[slot], firstPage, endPage)) {
                clear(slot);
            }
        }
    }

    void fill(int linear, int physicalPage, boolean readable, boolean writable, boolean writableCode, boolean executable) {
        int slot = linear >>> 12 & MASK;
        int page = linear >>> 12;
        delta[slot] = physicalPage - (linear & 0xFFFFF000);
        readTag[slot] = readable ? page : EMPTY;
        writeTag[slot] = writable ? page : EMPTY;
        codeTag[slot] = writableCode ? page : EMPTY;
        executeTag[slot] = executable ? page : EMPTY;
    }

    /** From now on writes to a physical page are to be heard of: it has code. */
    void forbidWrites(int physicalPage) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (writeTag[slot] != EMPTY && (writeTag[slot] << 12) + delta[slot] == physicalPage) {
                codeTag[slot] = writeTag[slot];
                writeTag[slot] = EMPTY;
            }
        }
    }

    private void clear(int slot) {
        readTag[slot] = EMPTY;
        writeTag[slot] = EMPTY;
        codeTag[slot] = EMPTY;
        executeTag[slot] = EMPTY;
    }

    private static boolean in(int page, int first, int end) {
        return page >= first && page < end;
    }
}
