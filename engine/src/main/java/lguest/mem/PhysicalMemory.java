package lguest.mem;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Guest-physical memory: RAM from address 0 up. Reads beyond the end give all ones and writes there are dropped, as on a board
 * where no chip answers; callers who owe the guest something else check {@link #contains} first.
 *
 * <p>Every write by anyone goes through here or through a TLB entry that this class has not forbidden, so marked pages (decoded
 * code, watchpoints, devices) see all of them.
 *
 * <p>A {@link #fork} has no content of its own at first: a page is copied just before it is written, here or there, and so is one
 * that instructions here read time and again, as all memory that they reach without a detour is in one array: another for each page
 * would make every read of every guest a tenth slower, a choice of two a third. Its RAM is not even allocated before that.
 */
public final class PhysicalMemory {
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_BYTES = 1 << PAGE_SHIFT;
    /** The largest RAM, in bytes: what one Java array holds, in whole pages. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - (PAGE_BYTES - 1) - 8 & -PAGE_BYTES;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Page holds decoded code: writes are reported to {@link #codeWatcher}. */
    public static final int CODE = 1;
    /** Page is a {@link PageDevice}. */
    public static final int DEVICE = 2;
    /** Writes to the page by instructions are announced ({@link LinearMemory#guard}) before they happen. */
    public static final int GUARDED = 4;
    /** What the page holds is in the memory that this one was forked from. */
    static final int ABSENT = 8;
    /** A fork has what the page holds from here: it is kept for it before it changes. */
    static final int LENT = 16;
    /** How often an absent page is read where it is: by then that has taken as long as a copy. */
    static final int READS_BEFORE_COPY = 32;
    /** Any reason why instructions may not write to a page as they please. */
    static final int HEARD_OF = CODE | GUARDED | ABSENT | LENT;

    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private final int sizeBytes;
    /** Null in a fork that has no page of its own yet. */
    private byte[] ram;
    private final byte[] marks;
    /** Held by whoever of a memory and its forks takes a page from another, or gives one away. */
    private final Object family;
    /** Where absent pages are. */
    private Moment origin;
    private int absentPages;
    /** How often each absent page has been read. Null where none is. */
    private byte[] reads;
    private final byte[] word = new byte[4];
    /** When this was forked last; gone if no fork needs it any more. */
    private WeakReference<Moment> lent = new WeakReference<>(null);
    private long takenPages;
    private long keptPages;
    private PageDevice[] devices = {};
    /** Devices behind the end of RAM, by page number. */
    private final Map<Integer, PageDevice> beyond = new HashMap<>();
    private WriteWatcher codeWatcher = (physical, lengthBytes) -> { };
    private WriteWatcher writeWatcher;

    /** @param bytes a multiple of the page size, at most {@link #MAX_BYTES} */
    public PhysicalMemory(int bytes) {
        if (bytes <= 0 || bytes > MAX_BYTES || bytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("guest memory of " + Integer.toUnsignedString(bytes)
                + " bytes: must be whole pages, 1 to " + MAX_BYTES / PAGE_BYTES);
        }
        sizeBytes = bytes;
        ram = new byte[bytes];
        marks = new byte[bytes >>> PAGE_SHIFT];
        family = new Object();
    }

    private PhysicalMemory(PhysicalMemory parent, Moment moment) {
        sizeBytes = parent.sizeBytes;
        marks = new byte[parent.marks.length];
        Arrays.fill(marks, (byte) ABSENT);
        family = parent.family;
        origin = moment;
        absentPages = marks.length;
        reads = new byte[marks.length];
    }

    /** Bytes of memory; the first address past the end. */
    public int size() {
        return sizeBytes;
    }

    /** All of RAM, allocated if it was not yet. Absent pages are zeros there. */
    byte[] ram() {
        if (ram == null) {
            ram = new byte[sizeBytes];
        }
        return ram;
    }

    /** All of RAM, null as long as it is not allocated. */
    byte[] ramSoFar() {
        return ram;
    }

    public boolean contains(int physical, int lengthBytes) {
        return physical >= 0 && lengthBytes >= 0 && (long) physical + lengthBytes <= sizeBytes;
    }

    /** Marks of a page: {@link #CODE}, {@link #DEVICE}, {@link #GUARDED} and others; 0 for pages beyond the end. */
    public int marks(int physical) {
        int page = physical >>> PAGE_SHIFT;
        return page < marks.length ? marks[page] : 0;
    }

    public void mark(int physical, int mark) {
        marks[physical >>> PAGE_SHIFT] |= (byte) mark;
    }

    public void unmark(int physical, int mark) {
        marks[physical >>> PAGE_SHIFT] &= (byte) ~mark;
    }

    public void watchCode(WriteWatcher watcher) {
        codeWatcher = watcher;
    }

    /** @param watcher told of every write to RAM that no instruction makes itself; null for nobody */
    public void watchWrites(WriteWatcher watcher) {
        writeWatcher = watcher;
    }

    /** Puts a device in place of a page of RAM, of which nothing is left then, or where there is none. */
    public void attach(int physical, PageDevice device) {
        int page = physical >>> PAGE_SHIFT;
        if (page >= marks.length) {
            beyond.put(page, device);
            return;
        }
        if (devices.length <= page) {
            devices = Arrays.copyOf(devices, marks.length);
        }
        devices[page] = device;
        if (isAbsent(physical)) {
            present(page);
        }
        mark(physical, DEVICE);
    }

    public int read8(int physical) {
        if (!contains(physical, 1)) {
            PageDevice device = beyond.get(physical >>> PAGE_SHIFT);
            return device == null ? 0xFF : device.read(physical & 0xFFF, 8) & 0xFF;
        }
        int marked = marks(physical);
        if ((marked & DEVICE) != 0) {
            return device(physical).read(physical & 0xFFF, 8) & 0xFF;
        }
        return (marked & ABSENT) != 0 ? readAbsent(physical, 1) : ram[physical] & 0xFF;
    }

    public int read16(int physical) {
        if (!plain(physical, 2)) {
            return aligned(physical, 2) ? device(physical).read(physical & 0xFFF, 16) & 0xFFFF
                : read8(physical) | read8(physical + 1) << 8;
        }
        if (isAbsent(physical)) {
            return readAbsent(physical, 2);
        }
        return (short) SHORT.get(ram, physical) & 0xFFFF;
    }

    public int read32(int physical) {
        if (!plain(physical, 4)) {
            return aligned(physical, 4) ? device(physical).read(physical & 0xFFF, 32)
                : read8(physical) | read8(physical + 1) << 8 | read8(physical + 2) << 16 | read8(physical + 3) << 24;
        }
        if (isAbsent(physical)) {
            return readAbsent(physical, 4);
        }
        return (int) INT.get(ram, physical);
    }

    public long read64(int physical) {
        return read32(physical) & 0xFFFFFFFFL | (long) read32(physical + 4) << 32;
    }

    public void write8(int physical, int value) {
        if (!contains(physical, 1)) {
            PageDevice device = beyond.get(physical >>> PAGE_SHIFT);
            if (device != null) {
                device.write(physical & 0xFFF, value & 0xFF, 8);
            }
            return;
        }
        int marked = marks(physical);
        if ((marked & DEVICE) != 0) {
            device(physical).write(physical & 0xFFF, value & 0xFF, 8);
            return;
        }
        if ((marked & (ABSENT | LENT)) != 0) {
            own(physical);
        }
        ram[physical] = (byte) value;
        written(physical, 1);
    }

    public void write16(int physical, int value) {
        if (!writable(physical, 2)) {
            if (aligned(physical, 2)) {
                device(physical).write(physical & 0xFFF, value & 0xFFFF, 16);
            } else {
                write8(physical, value);
                write8(physical + 1, value >>> 8);
            }
            return;
        }
        SHORT.set(ram, physical, (short) value);
        written(physical, 2);
    }

    public void write32(int physical, int value) {
        if (!writable(physical, 4)) {
            if (aligned(physical, 4)) {
                device(physical).write(physical & 0xFFF, value, 32);
            } else {
                write8(physical, value);
                write8(physical + 1, value >>> 8);
                write8(physical + 2, value >>> 16);
                write8(physical + 3, value >>> 24);
            }
            return;
        }
        INT.set(ram, physical, value);
        written(physical, 4);
    }

    /** @param bits 8, 16 or 32 */
    public void write(int physical, int value, int bits) {
        switch (bits) {
            case 8 -> write8(physical, value);
            case 16 -> write16(physical, value);
            default -> write32(physical, value);
        }
    }

    public void write64(int physical, long value) {
        write32(physical, (int) value);
        write32(physical + 4, (int) (value >>> 32));
    }

    /** Copies bytes out; what lies beyond the end reads as 0xFF. */
    public void read(int physical, byte[] to, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes;) {
            int chunk = Math.min(lengthBytes - done, PAGE_BYTES - (physical + done & 0xFFF));
            if (plain(physical + done, chunk)) {
                look(physical + done, to, offset + done, chunk);
            } else {
                for (int i = 0; i < chunk; i++) {
                    to[offset + done + i] = (byte) read8(physical + done + i);
                }
            }
            done += chunk;
        }
    }

    /** Copies bytes in; what lies beyond the end is dropped. */
    public void write(int physical, byte[] from, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes;) {
            int at = physical + done;
            int chunk = Math.min(lengthBytes - done, PAGE_BYTES - (at & 0xFFF));
            if (writable(at, chunk)) {
                System.arraycopy(from, offset + done, ram, at, chunk);
                written(at, chunk);
            } else {
                for (int i = 0; i < chunk; i++) {
                    write8(at + i, from[offset + done + i]);
                }
            }
            done += chunk;
        }
    }

    private void written(int physical, int lengthBytes) {
        if ((marks(physical) & CODE) != 0) {
            codeWatcher.written(physical, lengthBytes);
        }
        if (writeWatcher != null) {
            writeWatcher.written(physical, lengthBytes);
        }
    }

    /** Inside one page of plain RAM, or in several adjacent ones where none is marked; anything else goes byte by byte. */
    private boolean plain(int physical, int lengthBytes) {
        if (!contains(physical, lengthBytes)) {
            return false;
        }
        int first = marks[physical >>> PAGE_SHIFT];
        if ((physical & 0xFFF) + lengthBytes > PAGE_BYTES) {
            return (first | marks[physical + lengthBytes - 1 >>> PAGE_SHIFT]) == 0;
        }
        return (first & DEVICE) == 0;
    }

    /** As {@link #plain}; the page is nobody else's then. */
    private boolean writable(int physical, int lengthBytes) {
        if (!plain(physical, lengthBytes)) {
            return false;
        }
        if ((marks[physical >>> PAGE_SHIFT] & (ABSENT | LENT)) != 0) {
            own(physical);
        }
        return true;
    }

    /** Whether a device is there, and takes the access in one. */
    private boolean aligned(int physical, int lengthBytes) {
        return (physical & lengthBytes - 1) == 0 && (contains(physical, lengthBytes) || beyond.containsKey(physical >>> PAGE_SHIFT));
    }

    private PageDevice device(int physical) {
        int page = physical >>> PAGE_SHIFT;
        return page < marks.length ? devices[page] : beyond.get(page);
    }

    // ---- shared until written

    /**
     * Another memory that holds what this one holds now, at no cost worth mentioning: pages are shared until one of the two writes.
     * Not its devices and other marks. To be called while no instruction executes, and by way of {@link LinearMemory#fork} where there
     * is one, whose TLB would not know. Afterwards each may have a thread of its own.
     */
    public PhysicalMemory fork() {
        synchronized (family) {
            Moment latest = lent.get();
            if (latest == null || latest.past()) {
                Moment now = new Moment(this, marks.length);
                if (latest != null) {
                    latest.next(now);
                }
                lent = new WeakReference<>(now);
                latest = now;
                for (int page = 0; page < marks.length; page++) {
                    marks[page] |= LENT;
                }
            }
            return new PhysicalMemory(this, latest);
        }
    }

    /**
     * A later fork of the same memory is not needed any more: what only that one has is kept for the others, and no page twice.
     *
     * @param later forked after this one; neither has a page of its own
     */
    public void survive(PhysicalMemory later) {
        synchronized (family) {
            origin.drop(later.origin);
        }
    }

    /** Whether what a page of RAM holds is not in {@link #ram}. */
    boolean isAbsent(int physical) {
        return (marks[physical >>> PAGE_SHIFT] & ABSENT) != 0;
    }

    /** Up to 4 bytes of one absent page, zero-extended. */
    private int readAbsent(int physical, int lengthBytes) {
        synchronized (family) {
            readAbsent(physical, word, 0, lengthBytes);
            int value = 0;
            for (int i = 0; i < lengthBytes; i++) {
                value |= (word[i] & 0xFF) << i * 8;
            }
            return value;
        }
    }

    /** Copies bytes of one page, all in one read, if it is absent. @return whether it is */
    boolean readAbsent(int physical, byte[] to, int offset, int lengthBytes) {
        if (!isAbsent(physical)) {
            return false;
        }
        synchronized (family) {
            origin.read(physical, to, offset, lengthBytes);
            if (++reads[physical >>> PAGE_SHIFT] == READS_BEFORE_COPY) {
                take(physical);
            }
        }
        return true;
    }

    /** A byte of RAM, however often that is asked for: where it is stays where it is. */
    public int look8(int physical) {
        if (!isAbsent(physical)) {
            return ram[physical] & 0xFF;
        }
        synchronized (family) {
            origin.read(physical, word, 0, 1);
            return word[0] & 0xFF;
        }
    }

    /** Copies a page that is absent here. */
    private void take(int physical) {
        int page = physical >>> PAGE_SHIFT;
        byte[] to = ram();
        synchronized (family) {
            origin.read(page << PAGE_SHIFT, to, page << PAGE_SHIFT, PAGE_BYTES);
            takenPages++;
            present(page);
        }
    }

    /** Whatever an absent page held, it is in {@link #origin} no more for this memory. */
    private void present(int page) {
        marks[page] &= ~ABSENT;
        absentPages--;
        if (absentPages == 0) {
            origin = null;
            reads = null;
        }
    }

    /** Makes a page this memory's own, to be written to. */
    public void own(int physical) {
        int page = physical >>> PAGE_SHIFT;
        if (isAbsent(physical)) {
            take(physical);
        }
        if ((marks[page] & LENT) != 0) {
            synchronized (family) {
                Moment latest = lent.get();
                if (latest != null) {
                    latest.keep(page, Arrays.copyOfRange(ram, page << PAGE_SHIFT, page + 1 << PAGE_SHIFT));
                    keptPages++;
                }
                marks[page] &= ~LENT;
            }
        }
    }

    /**
     * Copies bytes of one page of RAM, wherever they are, and leaves the page there; zeros where a device is. Under {@link #family} if
     * others ask.
     */
    public void look(int physical, byte[] to, int offset, int lengthBytes) {
        if ((marks(physical) & DEVICE) != 0) {
            Arrays.fill(to, offset, offset + lengthBytes, (byte) 0);
        } else if (isAbsent(physical)) {
            synchronized (family) {
                origin.read(physical, to, offset, lengthBytes);
            }
        } else {
            System.arraycopy(ram, physical, to, offset, lengthBytes);
        }
    }

    /** Pages that are still in the memory that this one was forked from. */
    public int sharedPages() {
        return absentPages;
    }

    /** Pages copied so far: here, because they were written or read often, and for forks, because they were about to be written. */
    public long copiedPages() {
        return takenPages + keptPages;
    }

    // ---- between two runs

    /** Another memory that holds what this one holds now, all copied. Not its devices and other marks. */
    public PhysicalMemory copy() {
        PhysicalMemory copy = new PhysicalMemory(sizeBytes);
        read(0, copy.ram, 0, sizeBytes);
        return copy;
    }

    /** Writes the pages that are not all zeros, each behind its number, and -1 at the end, for {@link #load}. */
    public void save(DataOutput out) throws IOException {
        byte[] content = new byte[PAGE_BYTES];
        for (int page = 0; page < marks.length; page++) {
            look(page << PAGE_SHIFT, content, 0, PAGE_BYTES);
            if (!Arrays.equals(content, ZEROS)) {
                out.writeInt(page);
                out.write(content);
            }
        }
        out.writeInt(-1);
    }

    /** Memory as {@link #save} wrote it down. @throws IOException also if a page is outside of so much memory */
    public static PhysicalMemory load(int bytes, DataInput in) throws IOException {
        PhysicalMemory memory = new PhysicalMemory(bytes);
        for (int page; (page = in.readInt()) != -1;) {
            if (page < 0 || page >= memory.marks.length) {
                throw new IOException("page " + page + " of memory that has " + memory.marks.length);
            }
            in.readFully(memory.ram, page << PAGE_SHIFT, PAGE_BYTES);
        }
        return memory;
    }
}
