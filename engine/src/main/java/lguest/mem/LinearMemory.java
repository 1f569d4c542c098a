package lguest.mem;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Vector;

/**
 * Memory as instructions see it: linear addresses through the page tables, and offsets into segments on top of that.
 *
 * <p>Accesses that hit the TLB stay in these methods and are small enough for HotSpot to inline; everything else (misses, page
 * crossings, code pages, devices, watchpoints) goes to the slow path, which may throw {@link lguest.cpu.CpuFault} or
 * {@link lguest.cpu.GuestKilled}. Values are zero-extended. Nothing is written unless all of it can be written.
 */
public final class LinearMemory {
    /** Vector of the fault that stands for a walk through the page tables where there must be none: see {@link #walks}. */
    public static final int NO_WALK = -1;

    /** The lowest bit of each byte. */
    private static final long LOW_BITS = 0x0101010101010101L;

    private final CpuState cpu;
    private final PhysicalMemory physical;
    /** Null until a fork has pages of its own; the TLB knows of none before. */
    private byte[] ram;
    private final Tlb supervisor = new Tlb();
    private final Tlb user = new Tlb();
    private Tlb tlb = supervisor;
    private PageWalk walk;
    private Watch watch = (linear, bits, value, write) -> { };
    /** By linear page number: a script may watch all of memory. */
    private final BitSet watchedPages = new BitSet();
    private Watch breakpoints = (linear, bits, value, write) -> { };
    /** By linear page number: those with a breakpoint of the debug registers. */
    private BitSet breakpointPages = new BitSet();
    /** Hears of a write to a {@link PhysicalMemory#GUARDED} page, by its physical address. */
    private IntConsumer guard = physical -> { };
    private boolean walks = true;
    private long misses;
    private int version = 1;
    /** By linear page: the {@link #version} in which code was last fetched from it. */
    private final int[] executed = new int[1 << 20];

    /** @param walk replaced by {@link #walk(PageWalk)} when it needs this object to exist first */
    public LinearMemory(CpuState cpu, PhysicalMemory physical, PageWalk walk) {
        this.cpu = cpu;
        this.physical = physical;
        this.ram = physical.ramSoFar();
        this.walk = walk;
    }

    public PhysicalMemory physical() {
        return physical;
    }

    public PageWalk walk() {
        return walk;
    }

    public void walk(PageWalk newWalk) {
        walk = newWalk;
        flush();
    }

    /** All of RAM, for {@link Direct} accesses. A fork allocates it here, if it had no use for it before. */
    public byte[] ram() {
        ram = physical.ram();
        supervisor.own();
        user.own();
        return ram;
    }

    /** For each linear page what leads to its memory for reading, as {@link Direct} takes it. */
    public int[] readTable(boolean userMode) {
        return (userMode ? user : supervisor).read;
    }

    /** For each linear page what leads to its memory for writing, as {@link Direct} takes it. */
    public int[] writeTable(boolean userMode) {
        return (userMode ? user : supervisor).write;
    }

    /** Changes CPL and with it which translations apply. */
    public void setCpl(int cpl) {
        cpu.cpl = cpl;
        tlb = cpl == 3 ? user : supervisor;
    }

    /**
     * Changes whenever the translation of a page may have been forgotten that code was fetched from: what was known about code at
     * linear addresses is void. Who remembers must know with which privilege it was found.
     */
    public int version() {
        return version;
    }

    /** Changes {@link #version}: the code that was at some address is there no more. */
    public void forgetPlace() {
        version++;
    }

    /** How often the page tables had to be walked. */
    public long misses() {
        return misses;
    }

    // ---- linear addresses

    public int read8(int linear) {
        int at = Direct.at8(tlb.read, linear);
        return at >= 0 ? Direct.read8(ram, at) : slowRead8(linear);
    }

    public int read16(int linear) {
        int at = Direct.at16(tlb.read, linear);
        return at >= 0 ? Direct.read16(ram, at) : slowRead16(linear);
    }

    public int read32(int linear) {
        int at = Direct.at32(tlb.read, linear);
        return at >= 0 ? Direct.read32(ram, at) : slowRead32(linear);
    }

    public long read64(int linear) {
        int at = linear + tlb.read[linear >>> 12];
        if (at >= 0 && (linear & 0xFFF) <= 0xFF8) {
            return (long) PhysicalMemory.LONG.get(ram, at);
        }
        return read32(linear) & 0xFFFFFFFFL | (long) read32(linear + 4) << 32;
    }

    public void write8(int linear, int value) {
        int at = Direct.at8(tlb.write, linear);
        if (at >= 0) {
            Direct.write8(ram, at, value);
            return;
        }
        slowWrite(linear, value, 8);
    }

    public void write16(int linear, int value) {
        int at = Direct.at16(tlb.write, linear);
        if (at >= 0) {
            Direct.write16(ram, at, value);
            return;
        }
        slowWrite(linear, value, 16);
    }

    public void write32(int linear, int value) {
        int at = Direct.at32(tlb.write, linear);
        if (at >= 0) {
            Direct.write32(ram, at, value);
            return;
        }
        slowWrite(linear, value, 32);
    }

    public void write64(int linear, long value) {
        int at = linear + tlb.write[linear >>> 12];
        if (at >= 0 && (linear & 0xFFF) <= 0xFF8) {
            PhysicalMemory.LONG.set(ram, at, value);
            return;
        }
        touchForUpdate(linear, 8);
        write32(linear, (int) value);
        write32(linear + 4, (int) (value >>> 32));
    }

    /** Reads a value that the same instruction will write back: faults as a write does, so that nothing faults later. */
    public int modify8(int linear) {
        int at = Direct.at8(tlb.write, linear);
        if (at >= 0) {
            return Direct.read8(ram, at);
        }
        touchForUpdate(linear, 1);
        return read8(linear);
    }

    public int modify16(int linear) {
        int at = Direct.at16(tlb.write, linear);
        if (at >= 0) {
            return Direct.read16(ram, at);
        }
        touchForUpdate(linear, 2);
        return read16(linear);
    }

    public int modify32(int linear) {
        int at = Direct.at32(tlb.write, linear);
        if (at >= 0) {
            return Direct.read32(ram, at);
        }
        touchForUpdate(linear, 4);
        return read32(linear);
    }

    /** As {@link #touch} for reading, without a walk for a page that the TLB knows: who tries again finds the same. */
    public void touchForRead(int linear, int lengthBytes) {
        place(linear);
        if (!inPage(linear, lengthBytes)) {
            place(nextPage(linear));
        }
    }

    /** As {@link #touch} for writing, without a walk for a page that the TLB knows: who tries again finds the same. */
    public void touchForUpdate(int linear, int lengthBytes) {
        if (tlb.writable(linear) < 0) {
            translate(linear, true);
        }
        if (!inPage(linear, lengthBytes) && tlb.writable(nextPage(linear)) < 0) {
            translate(nextPage(linear), true);
        }
    }

    /** Raises the page faults that an access of this range would raise, and does nothing else. */
    public void touch(int linear, int lengthBytes, boolean write) {
        int last = linear + lengthBytes - 1;
        translate(linear, write);
        if ((last ^ linear) >>> 12 != 0) {
            // CR2 names the first byte that could not be reached.
            translate(last & 0xFFFFF000, write);
        }
    }

    /**
     * The physical address behind a linear one, filling the TLB.
     *
     * @throws lguest.cpu.CpuFault #PF
     */
    public int translate(int linear, boolean write) {
        return (walkInto(tlb, linear, write, cpu.cpl == 3, false) & 0xFFFFF000) | linear & 0xFFF;
    }

    /** As {@link #translate} for an instruction fetch. */
    public int translateCode(int linear) {
        int known = knownCode(linear);
        if (known >= 0) {
            return known;
        }
        int found = walkInto(tlb, linear, false, cpu.cpl == 3, true);
        executed[linear >>> 12] = version;
        return (found & 0xFFFFF000) | linear & 0xFFF;
    }

    /** As {@link #translateCode}, but negative if that takes a walk through the page tables. */
    public int knownCode(int linear) {
        int known = tlb.execute(linear);
        if (known >= 0) {
            executed[linear >>> 12] = version;
        }
        return known;
    }

    // ---- many bytes at once

    /**
     * Copies within the TLB's knowledge: both ranges lie in one page each, may be reached quietly, and the copy has the same
     * result whether done byte by byte upwards or all at once.
     *
     * @return false if any of that does not hold; then nothing has happened
     */
    public boolean copyQuietly(int from, int to, int lengthBytes) {
        int source = quietly(tlb.read, from, lengthBytes);
        int destination = quietly(tlb.write, to, lengthBytes);
        if (destination < 0) {
            return false;
        }
        if (source < 0) {
            return inPage(from, lengthBytes) && mayRead(from) && physical.readAbsent(tlb.execute(from), ram, destination, lengthBytes);
        }
        if (destination > source && destination < source + lengthBytes) {
            return false;
        }
        System.arraycopy(ram, source, ram, destination, lengthBytes);
        return true;
    }

    /** Fills a range of one page with a value of 8, 16 or 32 bits; false as for {@link #copyQuietly}. */
    public boolean fillQuietly(int linear, int lengthBytes, int value, int bits) {
        int at = quietly(tlb.write, linear, lengthBytes);
        if (at < 0) {
            return false;
        }
        if (bits == 8 || value == (value & 0xFF) * 0x01010101 || value == 0) {
            Arrays.fill(ram, at, at + lengthBytes, (byte) value);
        } else if (bits == 16) {
            for (int i = 0; i < lengthBytes; i += 2) {
                PhysicalMemory.SHORT.set(ram, at + i, (short) value);
            }
        } else {
            for (int i = 0; i < lengthBytes; i += 4) {
                PhysicalMemory.INT.set(ram, at + i, value);
            }
        }
        return true;
    }

    /**
     * How many bytes two ranges have in common from the beginning.
     *
     * @return 0 also if either does not lie in one page that may be read quietly
     */
    public int commonQuietly(int first, int second, int lengthBytes) {
        int a = quietly(tlb.read, first, lengthBytes);
        int b = quietly(tlb.read, second, lengthBytes);
        if (a < 0 || b < 0) {
            return 0;
        }
        int different = Arrays.mismatch(ram, a, a + lengthBytes, ram, b, b + lengthBytes);
        return different < 0 ? lengthBytes : different;
    }

    /** How many bytes from the beginning of a range are not {@code value}; 0 also as for {@link #commonQuietly}. */
    public int withoutQuietly(int linear, int lengthBytes, int value) {
        int at = quietly(tlb.read, linear, lengthBytes);
        if (at < 0) {
            return 0;
        }
        int end = at + lengthBytes;
        int i = at;
        long wanted = (value & 0xFFL) * LOW_BITS;
        for (; i <= end - 8; i += 8) {
            long zeroIfFound = (long) PhysicalMemory.LONG.get(ram, i) ^ wanted;
            if ((zeroIfFound - LOW_BITS & ~zeroIfFound & LOW_BITS << 7) != 0) {
                break;
            }
        }
        while (i < end && ram[i] != (byte) value) {
            i++;
        }
        return i - at;
    }

    /**
     * Writes words below one another, within the TLB's knowledge.
     *
     * @param end address behind the first word, which is the uppermost
     * @return false if they do not lie in one page that may be written quietly; then nothing has happened
     */
    public boolean pushQuietly(int end, int[] words, int count) {
        return pushQuietly(tlb, end, words, count);
    }

    /** As {@link #pushQuietly(int, int[], int)} with supervisor rights whatever the CPL. */
    public boolean systemPushQuietly(int end, int[] words, int count) {
        return pushQuietly(supervisor, end, words, count);
    }

    private boolean pushQuietly(Tlb t, int end, int[] words, int count) {
        int at = quietly(t.write, end - 4 * count, 4 * count);
        if (at < 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Direct.write32(ram, at + 4 * (count - 1 - i), words[i]);
        }
        return true;
    }

    /** Reads what {@link #pushQuietly(int, int[], int)} has written; {@code begin} is the address of the last word, the lowest. */
    public boolean popQuietly(int begin, int[] words, int count) {
        int at = quietly(tlb.read, begin, 4 * count);
        if (at < 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            words[i] = Direct.read32(ram, at + 4 * (count - 1 - i));
        }
        return true;
    }

    /** Where a range of one page is that may be read quietly, for {@link #quietly32(int)}; negative if that does not hold. */
    public int readable(int linear, int lengthBytes) {
        return quietly(tlb.read, linear, lengthBytes);
    }

    /** As {@link #readable} for writing at a privilege level that need not be the present one. */
    public int writable(int linear, int lengthBytes, int cpl) {
        return quietly((cpl == 3 ? user : supervisor).write, linear, lengthBytes);
    }

    /** @param at in a range that is {@link #readable} or {@link #writable} */
    public int quietly32(int at) {
        return Direct.read32(ram, at);
    }

    /** @param at in a range that is {@link #writable} */
    public void quietly32(int at, int value) {
        Direct.write32(ram, at, value);
    }

    /** Where in RAM a range of one page is; negative if it is in two, or somebody needs to know. */
    private static int quietly(int[] table, int linear, int lengthBytes) {
        return inPage(linear, lengthBytes) ? Direct.at8(table, linear) : -1;
    }

    private static boolean inPage(int linear, int lengthBytes) {
        return (linear & 0xFFF) + lengthBytes <= PhysicalMemory.PAGE_BYTES;
    }

    // ---- implicit supervisor accesses: descriptor tables, TSS, stacks of inner rings

    /** Runs with supervisor rights whatever the CPL: descriptor tables and task state are the system's, not the program's. */
    public int systemRead32(int linear) {
        int at = Direct.at32(supervisor.read, linear);
        return at >= 0 ? Direct.read32(ram, at) : slowSystemRead32(linear);
    }

    /** Two doublewords, the one at the lower address in bits 0 to 31. */
    public long systemRead64(int linear) {
        int at = quietly(supervisor.read, linear, 8);
        return at >= 0 ? (long) PhysicalMemory.LONG.get(ram, at)
            : systemRead32(linear) & 0xFFFFFFFFL | (long) systemRead32(linear + 4) << 32;
    }

    /** As {@link #systemRead64} within the TLB's knowledge, in one page that may be read quietly; 0 if that does not hold. */
    public long systemQuietly64(int linear) {
        int at = quietly(supervisor.read, linear, 8);
        return at >= 0 ? (long) PhysicalMemory.LONG.get(ram, at) : 0;
    }

    private int slowSystemRead32(int linear) {
        Tlb now = tlb;
        int cpl = cpu.cpl;
        tlb = supervisor;
        cpu.cpl = 0;
        try {
            return read32(linear);
        } finally {
            tlb = now;
            cpu.cpl = cpl;
        }
    }

    /** Raises the page faults that a system write of this byte would raise. */
    public void systemTouch(int linear) {
        Tlb now = tlb;
        int cpl = cpu.cpl;
        tlb = supervisor;
        cpu.cpl = 0;
        try {
            touch(linear, 1, true);
        } finally {
            tlb = now;
            cpu.cpl = cpl;
        }
    }

    /** Whether the TLB knows that the system may write this byte: it takes no walk, and nobody watches. */
    public boolean systemWritable(int linear) {
        return supervisor.writable(linear) >= 0;
    }

    public void systemWrite32(int linear, int value) {
        int at = Direct.at32(supervisor.write, linear);
        if (at >= 0) {
            Direct.write32(ram, at, value);
        } else {
            slowSystemWrite32(linear, value);
        }
    }

    private void slowSystemWrite32(int linear, int value) {
        Tlb now = tlb;
        int cpl = cpu.cpl;
        tlb = supervisor;
        cpu.cpl = 0;
        try {
            write32(linear, value);
        } finally {
            tlb = now;
            cpu.cpl = cpl;
        }
    }

    // ---- segmented addresses

    /**
     * The linear address of an access, after the segment's checks.
     *
     * @param number {@link Segment#ES} to {@link Segment#GS}
     * @throws lguest.cpu.CpuFault #GP(0), or #SS(0) through SS
     */
    public int linear(int number, int offset, int lengthBytes, boolean write) {
        Segment segment = cpu.segments[number];
        if (segment.flat) {
            return offset;
        }
        if (!allows(segment, offset, lengthBytes, write)) {
            throw cpu.fault(number == Segment.SS ? Vector.SS : Vector.GP, 0);
        }
        return segment.base + offset;
    }

    /** Whether a segment, loaded in a register or about to be, admits an access: kind, limit and direction. */
    public static boolean allows(Segment segment, int offset, int lengthBytes, boolean write) {
        int access = segment.access;
        if ((access & Segment.PRESENT) == 0) {
            return false;
        }
        boolean code = (access & Segment.CODE) != 0;
        if (write && (code || (access & Segment.WRITABLE) == 0) || !write && code && (access & Segment.WRITABLE) == 0) {
            return false;
        }
        int last = offset + lengthBytes - 1;
        if (!code && (access & Segment.EXPAND_DOWN) != 0) {
            int top = (access & Segment.BIG) != 0 ? -1 : 0xFFFF;
            return Integer.compareUnsigned(offset, segment.limit) > 0 && Integer.compareUnsigned(last, top) <= 0
                && Integer.compareUnsigned(last, offset) >= 0;
        }
        // A flat segment wraps at 4 GiB instead of faulting, as processors do.
        return segment.limit == -1
            || Integer.compareUnsigned(last, segment.limit) <= 0 && Integer.compareUnsigned(last, offset) >= 0;
    }

    public int read8(int segment, int offset) {
        return read8(linear(segment, offset, 1, false));
    }

    public int read16(int segment, int offset) {
        return read16(linear(segment, offset, 2, false));
    }

    public int read32(int segment, int offset) {
        return read32(linear(segment, offset, 4, false));
    }

    public long read64(int segment, int offset) {
        return read64(linear(segment, offset, 8, false));
    }

    public void write8(int segment, int offset, int value) {
        write8(linear(segment, offset, 1, true), value);
    }

    public void write16(int segment, int offset, int value) {
        write16(linear(segment, offset, 2, true), value);
    }

    public void write32(int segment, int offset, int value) {
        write32(linear(segment, offset, 4, true), value);
    }

    public void write64(int segment, int offset, long value) {
        write64(linear(segment, offset, 8, true), value);
    }

    public int modify8(int segment, int offset) {
        return modify8(linear(segment, offset, 1, true));
    }

    public int modify16(int segment, int offset) {
        return modify16(linear(segment, offset, 2, true));
    }

    public int modify32(int segment, int offset) {
        return modify32(linear(segment, offset, 4, true));
    }

    /** @param bits 8, 16 or 32 */
    public int read(int segment, int offset, int bits) {
        return switch (bits) {
            case 8 -> read8(segment, offset);
            case 16 -> read16(segment, offset);
            default -> read32(segment, offset);
        };
    }

    /** @param bits 8, 16 or 32 */
    public void write(int segment, int offset, int value, int bits) {
        switch (bits) {
            case 8 -> write8(segment, offset, value);
            case 16 -> write16(segment, offset, value);
            default -> write32(segment, offset, value);
        }
    }

    // ---- what others do to translations

    /** Forgets every translation. */
    public void flush() {
        version++;
        supervisor.flush();
        user.flush();
    }

    /** Forgets one page. */
    public void flush(int linear) {
        if (executed[linear >>> 12] == version) {
            version++;
        }
        supervisor.flush(linear);
        user.flush(linear);
    }

    /** Forgets linear pages {@code firstPage <= page < endPage}. */
    public void flush(int firstPage, int endPage) {
        version++;
        supervisor.flush(firstPage, endPage);
        user.flush(firstPage, endPage);
    }

    /** From now on writes to this physical page take the slow path; call after marking it. */
    public void forbidWrites(int physicalPage) {
        supervisor.forbidWrites(physicalPage & 0xFFFFF000);
        user.forbidWrites(physicalPage & 0xFFFFF000);
    }

    /**
     * Sends every access to these linear pages through {@code watch}. Replaces the former set.
     *
     * @param pages linear page numbers
     */
    public void watch(int[] pages, Watch newWatch) {
        BitSet before = (BitSet) watchedPages.clone();
        watchedPages.clear();
        for (int page : pages) {
            watchedPages.set(page);
        }
        watch = newWatch;
        if (!watchedPages.equals(before)) {
            flush();
        }
    }

    /**
     * Sends every access to these linear pages through {@code newBreakpoints}, besides what {@link #watch} does. Replaces the former
     * set. Pages that are new there stay where they are known to be: so they are in a fork, which learns of its breakpoints later.
     *
     * @param pages linear page numbers
     */
    public void breakpoints(BitSet pages, Watch newBreakpoints) {
        BitSet changed = (BitSet) pages.clone();
        changed.xor(breakpointPages);
        breakpointPages = pages;
        breakpoints = newBreakpoints;
        changed.stream().forEach(page -> {
            if (pages.get(page)) {
                supervisor.forbidAccesses(page << PhysicalMemory.PAGE_SHIFT);
                user.forbidAccesses(page << PhysicalMemory.PAGE_SHIFT);
            } else {
                flush(page << PhysicalMemory.PAGE_SHIFT);
            }
        });
    }

    /** Whether {@link #watch} has any page to hear of. */
    public boolean isWatched() {
        return !watchedPages.isEmpty();
    }

    /** Whether the debug registers watch something in the page of this address. */
    public boolean hasBreakpoint(int linear) {
        return !breakpointPages.isEmpty() && breakpointPages.get(linear >>> PhysicalMemory.PAGE_SHIFT);
    }

    /** @param beforeWrite is told of each write to a {@link PhysicalMemory#GUARDED} page before it happens */
    public void guard(IntConsumer beforeWrite) {
        guard = beforeWrite;
    }

    /**
     * Whether page tables may be walked. Where they may not, an instruction that cannot do without ends with {@link #NO_WALK}, and
     * has not happened.
     */
    public void walks(boolean allowed) {
        walks = allowed;
    }

    // ---- slow paths

    private int slowRead8(int linear) {
        int at = place(linear);
        int value = physical.read8(at);
        watched(linear, 8, value, false);
        return value;
    }

    private int slowRead16(int linear) {
        if ((linear & 0xFFF) == 0xFFF) {
            return readAcross(linear, 2);
        }
        int at = place(linear);
        int value = physical.read16(at);
        watched(linear, 16, value, false);
        return value;
    }

    private int slowRead32(int linear) {
        if ((linear & 0xFFF) > 0xFFC) {
            return readAcross(linear, 4);
        }
        int at = place(linear);
        int value = physical.read32(at);
        watched(linear, 32, value, false);
        return value;
    }

    /** The physical address to read. */
    private int place(int linear) {
        return mayRead(linear) ? tlb.execute(linear) : translate(linear, false);
    }

    /** Whether the TLB knows a page and nobody needs to hear of reads. It may have been absent when it became known, or still be. */
    private boolean mayRead(int linear) {
        int known = tlb.execute(linear);
        if (known < 0 || isWatched(linear)) {
            return false;
        }
        if (Direct.at8(tlb.read, linear) < 0 && !physical.isAbsent(known)) {
            ram = physical.ram();
            tlb.permitReads(linear);
        }
        return true;
    }

    private static int nextPage(int linear) {
        return (linear | 0xFFF) + 1;
    }

    /** For pages that the TLB knows, no table is walked, as none is for a value in one page: translated code would not do so either. */
    private int readAcross(int linear, int lengthBytes) {
        touchForRead(linear, lengthBytes);
        int value = 0;
        for (int i = 0; i < lengthBytes; i++) {
            value |= physical.read8(place(linear + i)) << i * 8;
        }
        watched(linear, lengthBytes * 8, value, false);
        return value;
    }

    private void slowWrite(int linear, int value, int bits) {
        int lengthBytes = bits >> 3;
        if (!inPage(linear, lengthBytes)) {
            if (tlb.writable(linear) >= 0 && tlb.writable(nextPage(linear)) >= 0) {
                announce(tlb.writable(linear));
                announce(tlb.writable(nextPage(linear)));
                for (int i = 0; i < lengthBytes; i++) {
                    physical.write8(tlb.writable(linear + i), value >>> i * 8);
                }
                ram = physical.ram();
                return;
            }
            touch(linear, lengthBytes, true);
            watched(linear, bits, bits == 32 ? value : value & (1 << bits) - 1, true);
            for (int i = 0; i < lengthBytes; i++) {
                physical.write8(translate(linear + i, true), value >>> i * 8);
            }
            return;
        }
        int known = tlb.writableCode(linear);
        if (known >= 0) {
            announce(known);
            physical.write(known, value, bits);
            ram = physical.ram();
            if ((physical.marks(known) & PhysicalMemory.HEARD_OF) == 0) {
                tlb.permitWrites(linear);
            }
            return;
        }
        int at = translate(linear, true);
        watched(linear, bits, bits == 32 ? value : value & (1 << bits) - 1, true);
        physical.write(at, value, bits);
    }

    private void announce(int at) {
        if ((physical.marks(at) & PhysicalMemory.GUARDED) != 0) {
            guard.accept(at);
        }
    }

    private int walkInto(Tlb t, int linear, boolean write, boolean userMode, boolean execute) {
        if (!walks) {
            throw cpu.fault(NO_WALK, 0);
        }
        misses++;
        int found = walk.translate(linear, write, userMode);
        fill(t, linear, found);
        return found;
    }

    /** @param found physical page and rights, as {@link PageWalk#translate} gives them */
    private void fill(Tlb t, int linear, int found) {
        if (t.isFull()) {
            flush();
        }
        int page = found & 0xFFFFF000;
        int former = t.execute(linear);
        if (former >= 0 && (former & 0xFFFFF000) != page && executed[linear >>> 12] == version) {
            // The guest has changed a table and not said so, and an access has found the new entry.
            version++;
        }
        boolean memory = physical.contains(page, PhysicalMemory.PAGE_BYTES) && (physical.marks(page) & PhysicalMemory.DEVICE) == 0;
        int marks = physical.marks(page);
        t.fill(linear, page, memory, !isWatched(linear), (found & PageWalk.WRITABLE) != 0, (marks & PhysicalMemory.HEARD_OF) != 0);
        if (memory && (marks & PhysicalMemory.ABSENT) == 0) {
            ram = physical.ram();
        } else if (memory && !isWatched(linear)) {
            t.forbidReads(linear);
        }
    }

    /**
     * Makes a translation known that the tables may not hold, until it is forgotten for any reason.
     *
     * @param found physical page and rights, as {@link PageWalk#translate} gives them
     */
    public void install(int linear, int found) {
        fill(supervisor, linear, found);
        if ((found & PageWalk.USER) != 0) {
            fill(user, linear, found);
        }
    }

    private boolean isWatched(int linear) {
        return watchedPages.get(linear >>> 12) || hasBreakpoint(linear);
    }

    private void watched(int linear, int bits, int value, boolean write) {
        int last = linear + (bits >> 3) - 1;
        if (!watchedPages.isEmpty() && (watchedPages.get(linear >>> 12) || watchedPages.get(last >>> 12))) {
            watch.accessed(linear, bits, value, write);
        }
        if (hasBreakpoint(linear) || hasBreakpoint(last)) {
            breakpoints.accessed(linear, bits, value, write);
        }
    }

    // ---- between two runs

    /** Memory for another guest that goes on from here: {@link PhysicalMemory#fork}. */
    public PhysicalMemory fork() {
        supervisor.forbidWrites();
        user.forbidWrites();
        return physical.fork();
    }

    /** Writes the translations that are known: a guest that changed a table and did not say so may still go by them. */
    public void save(DataOutput out) throws IOException {
        supervisor.save(out, this::isWatched);
        user.save(out, this::isWatched);
    }

    /** The opposite of {@link #save}; CPL has been loaded before, and nothing is decoded yet. */
    public void load(DataInput in) throws IOException {
        setCpl(cpu.cpl);
        ram = physical.ramSoFar();
        supervisor.load(in, physical);
        user.load(in, physical);
    }
}
