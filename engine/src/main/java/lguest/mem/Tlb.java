package lguest.mem;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * Remembers translations of one privilege class (user or supervisor): for each of the 2^20 linear pages what is to be added to
 * a linear address to have the physical one. A sum without sign is memory that may be accessed without anybody needing to know;
 * a negative one calls for the slow path, which finds the same address in its lower 31 bits, or {@link #NOWHERE}.
 *
 * <pre>
 * read    memory; negative if accesses are watched, or what it holds is elsewhere so far
 * write   memory that may be written; negative if somebody must hear of it: decoded code, say
 * </pre>
 *
 * <p>Pages that are filled are noted, so that forgetting all of them costs no more than filling them did.
 *
 * <p>The tables take eight megabytes, and longer to fill than all else that makes a fork: until something is to be remembered, or
 * found again of what was {@linkplain #load loaded}, they are those that all share who know nothing.
 */
final class Tlb {
    private static final int PAGES = 1 << 20;
    /** Sum of the entry of an unknown page and its address: no memory is there. */
    static final int NOWHERE = 0xFFFFF000;
    private static final int INDIRECT = 1 << 31;
    /** How many pages are known at most: forgetting one by one must not take longer than forgetting all. */
    private static final int MAX_FILLED = 1 << 14;
    /** In what {@link #save} writes: the page has been forgotten since; it may be read; it may be written. */
    private static final int FORGOTTEN = -1;
    private static final int READ = 1;
    private static final int WRITE = 2;

    /** What knows no page. Never written to. */
    private static final int[] NOTHING = nothing();
    /** Besides {@link #READ} and {@link #WRITE}: somebody must hear of writes; it was absent. */
    private static final int HEARD_OF = 4;
    private static final int ABSENT = 8;
    /** Numbers for each page in {@link #loaded}: its own, its physical address, its rights. */
    private static final int LOADED = 3;

    int[] read = NOTHING;
    int[] write = NOTHING;
    /** Loaded, and not in the tables yet; null if there is nothing. */
    private int[] loaded;
    private final int[] filled = new int[MAX_FILLED];
    private int filledCount;
    /** The pages in {@link #filled}, by number: none is there twice. */
    private final BitSet noted = new BitSet(PAGES);

    private static int[] nothing() {
        int[] nothing = new int[PAGES];
        for (int page = 0; page < PAGES; page++) {
            nothing[page] = NOWHERE - (page << 12);
        }
        return nothing;
    }

    /** Sees to it that there are tables of its own, with what was loaded. They stay the same from then on. */
    void own() {
        if (read == NOTHING) {
            read = NOTHING.clone();
            write = NOTHING.clone();
            enterLoaded();
        }
    }

    private void enterLoaded() {
        int[] late = loaded;
        loaded = null;
        for (int i = 0; late != null && i < late.length; i += LOADED) {
            enter(late[i], late[i + 1], late[i + 2]);
        }
    }

    /** The physical address of memory that code may be fetched from, negative if it has to be looked for. */
    int execute(int linear) {
        own();
        int sum = linear + read[linear >>> 12];
        return sum >= 0 || (sum & NOWHERE) == NOWHERE ? sum : sum & ~INDIRECT;
    }

    /** The physical address of memory that may be written to, perhaps as long as somebody hears of it; negative if there is none. */
    int writable(int linear) {
        own();
        int sum = linear + write[linear >>> 12];
        return sum >= 0 ? sum : writableCode(linear);
    }

    /** The physical address of code that may be written to as long as the code cache hears of it, negative if there is none. */
    int writableCode(int linear) {
        own();
        int sum = linear + write[linear >>> 12];
        return sum >= 0 || (sum & NOWHERE) == NOWHERE ? -1 : sum & ~INDIRECT;
    }

    void flush() {
        loaded = null;
        for (int i = 0; i < filledCount; i++) {
            clear(filled[i]);
            noted.clear(filled[i]);
        }
        filledCount = 0;
    }

    void flush(int linear) {
        own();
        clear(linear >>> 12);
    }

    /** Forgets the pages from {@code firstPage} up to but without {@code endPage} (linear page numbers). */
    void flush(int firstPage, int endPage) {
        own();
        int kept = 0;
        for (int i = 0; i < filledCount; i++) {
            int page = filled[i];
            if (page >= firstPage && page < endPage) {
                clear(page);
                noted.clear(page);
            } else {
                filled[kept++] = page;
            }
        }
        filledCount = kept;
    }

    /** Must be flushed before the next {@link #fill}. */
    boolean isFull() {
        own();
        return filledCount == MAX_FILLED;
    }

    /**
     * @param memory RAM is there, not a device
     * @param direct reads and writes need nobody's attention
     * @param writable may be written
     * @param heardOf somebody must hear of writes
     */
    void fill(int linear, int physicalPage, boolean memory, boolean direct, boolean writable, boolean heardOf) {
        own();
        int page = linear >>> 12;
        clear(page);
        if (!memory) {
            return;
        }
        note(page);
        int delta = physicalPage - (page << 12);
        read[page] = direct ? delta : delta + INDIRECT;
        if (direct && writable) {
            write[page] = heardOf ? delta + INDIRECT : delta;
        }
    }

    /** From now on writes to a physical page are to be heard of. */
    void forbidWrites(int physicalPage) {
        own();
        for (int i = 0; i < filledCount; i++) {
            int page = filled[i];
            if ((page << 12) + write[page] == physicalPage) {
                write[page] += INDIRECT;
            }
        }
    }

    /** From now on writes to any page that is known are to be heard of. */
    void forbidWrites() {
        for (int i = 0; loaded != null && i < loaded.length; i += LOADED) {
            loaded[i + 2] |= HEARD_OF;
        }
        for (int i = 0; i < filledCount; i++) {
            int page = filled[i];
            if ((page << 12) + write[page] >= 0) {
                write[page] += INDIRECT;
            }
        }
    }

    /** The opposite for one linear page: nobody needs to hear of writes to it any more. */
    void permitWrites(int linear) {
        write[linear >>> 12] -= INDIRECT;
    }

    /** From now on accesses to a linear page are to be heard of. Where it is stays known. */
    void forbidAccesses(int linear) {
        own();
        int page = linear >>> 12;
        if ((page << 12) + read[page] >= 0) {
            forbidReads(linear);
        }
        write[page] = NOWHERE - (page << 12);
    }

    /** For a linear page that is known, and could be read without attention: what it holds is elsewhere. */
    void forbidReads(int linear) {
        read[linear >>> 12] += INDIRECT;
    }

    /** The opposite of {@link #forbidReads}: what it holds is in RAM now. */
    void permitReads(int linear) {
        read[linear >>> 12] -= INDIRECT;
    }

    private void note(int page) {
        if (!noted.get(page)) {
            noted.set(page);
            filled[filledCount++] = page;
        }
    }

    private void clear(int page) {
        int nothing = NOWHERE - (page << 12);
        read[page] = nothing;
        write[page] = nothing;
    }

    /**
     * Writes what is known, for {@link #load}: how many pages were filled, and of each in turn its number, physical page and rights.
     * Those that have been forgotten since are there, too: they count towards {@link #isFull}.
     *
     * @param watched whether somebody must hear of accesses to the page of a linear address. That it is absent matters to nobody.
     */
    void save(DataOutput out, IntPredicate watched) throws IOException {
        if (loaded != null) {
            saveLoaded(out, watched);
            return;
        }
        out.writeInt(filledCount);
        for (int i = 0; i < filledCount; i++) {
            int page = filled[i];
            int physical = known((page << 12) + read[page]);
            out.writeInt(page);
            out.writeInt(physical);
            boolean direct = physical != FORGOTTEN && !watched.test(page << 12);
            out.writeByte((direct ? READ : 0) | (known((page << 12) + write[page]) >= 0 ? WRITE : 0));
        }
    }

    private void saveLoaded(DataOutput out, IntPredicate watched) throws IOException {
        out.writeInt(loaded.length / LOADED);
        for (int i = 0; i < loaded.length; i += LOADED) {
            int page = loaded[i];
            int rights = loaded[i + 2];
            boolean direct = loaded[i + 1] != FORGOTTEN && !watched.test(page << 12);
            boolean writable = (rights & (READ | WRITE)) == (READ | WRITE);
            out.writeInt(page);
            out.writeInt(loaded[i + 1]);
            out.writeByte((direct ? READ : 0) | (writable ? WRITE : 0));
        }
    }

    /** The opposite of {@link #save}. @param memory what translations must stay inside of */
    void load(DataInput in, PhysicalMemory memory) throws IOException {
        flush();
        int count = in.readInt();
        if (count < 0 || count > MAX_FILLED) {
            throw new IOException(count + " translations");
        }
        int[] entries = new int[LOADED * count];
        for (int i = 0; i < entries.length; i += LOADED) {
            int page = in.readInt();
            int physical = in.readInt();
            int rights = in.readByte() & (READ | WRITE);
            if (page < 0 || page >= PAGES || physical != FORGOTTEN && ((physical & 0xFFF) != 0 || physical < 0 || physical >= memory.size())) {
                throw new IOException(String.format("page %#x translated to %#x", page, physical));
            }
            int marks = physical == FORGOTTEN ? 0 : memory.marks(physical);
            entries[i] = page;
            entries[i + 1] = physical;
            entries[i + 2] = rights | ((marks & PhysicalMemory.HEARD_OF) != 0 ? HEARD_OF : 0) | ((marks & PhysicalMemory.ABSENT) != 0 ? ABSENT : 0);
        }
        loaded = entries;
        if (read != NOTHING) {
            enterLoaded();
        }
    }

    private void enter(int page, int physical, int rights) {
        if (physical == FORGOTTEN) {
            note(page);
            return;
        }
        fill(page << 12, physical, true, (rights & READ) != 0, (rights & WRITE) != 0, (rights & HEARD_OF) != 0);
        if ((rights & READ) != 0 && (rights & ABSENT) != 0) {
            forbidReads(page << 12);
        }
    }

    /** The physical page behind a sum, or {@link #FORGOTTEN}. */
    private static int known(int sum) {
        return (sum & NOWHERE) == NOWHERE ? FORGOTTEN : sum & ~INDIRECT;
    }
}
