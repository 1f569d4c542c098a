package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.charset.StandardCharsets
import lguest.mem.PhysicalMemory

/**
 * Memory of a guest: linear, through its page tables as they are now, or guest-physical. Addresses are numbers or symbols;
 * numbers come out unsigned.
 */
@CompileStatic
final class Memory {
    private static final int ROW = 16
    private static final int MOST_BYTES = 256 << 20
    private static final int MOST_DUMPED = 16 << 20
    private static final long END = 1L << 32
    private static final int CSTRING_CHUNK = 64
    private static final int MOST_CSTRING = 1 << 20
    private static final int CHUNK = PhysicalMemory.PAGE_BYTES

    private final ScriptedGuest guest
    private final boolean linear

    @PackageScope
    Memory(ScriptedGuest guest, boolean linear) {
        this.guest = guest
        this.linear = linear
    }

    /** The 32 bits at an address or symbol: {@code memory['jiffies']}. */
    long getAt(Object at) { u32(at) }

    /** A text in brackets would be a property otherwise. */
    long getAt(String symbol) { u32(symbol) }

    void putAt(String symbol, Object value) { putAt((Object) symbol, value) }

    /** {@code memory[0xC0100000..0xC010001F]}. */
    byte[] getAt(Range<?> range) { bytes(range) }

    /** Writes 32 bits, or the bytes or text given. */
    void putAt(Object at, Object value) {
        value instanceof Number ? u32(at, value) : write(at, value)
    }

    long u8(Object at) { number(at, 1) }
    long u16(Object at) { number(at, 2) }
    long u32(Object at) { number(at, 4) }

    void u8(Object at, Object value) { number(at, 1, value) }
    void u16(Object at, Object value) { number(at, 2, value) }
    void u32(Object at, Object value) { number(at, 4, value) }

    /** Signed. */
    long s8(Object at) { (byte) u8(at) }
    long s16(Object at) { (short) u16(at) }
    long s32(Object at) { (int) u32(at) }

    byte[] bytes(Range<?> range) { bytes(address(range.from), lengthOf(range)) }

    private long lengthOf(Range<?> range) {
        if (range.reverse) {
            throw new ScriptFailure("${hex(range.to)}..${hex(range.from)} of memory: the first address comes after the last")
        }
        boolean open = range instanceof NumberRange && !((NumberRange) range).containsWithinBounds((Object) range.to)
        address(range.to) - address(range.from) + (open ? 0 : 1)
    }

    /** An address as an unsigned number. */
    @PackageScope
    long address(Object where) { guest.address(where) & 0xFFFFFFFFL }

    /** What is there now, for {@code changes} to compare with later. */
    MemoryCopy copy(Range<?> range) { new MemoryCopy(this, address(range.from), bytes(range)) }

    MemoryCopy copy(Object at, long lengthBytes) { new MemoryCopy(this, address(at), bytes(at, lengthBytes)) }

    byte[] bytes(Object at, long lengthBytes) {
        byte[] found = new byte[upTo(MOST_BYTES, lengthBytes)]
        int address = guest.address(at)
        int got = guest.look { read(address, found) } as int
        if (got < found.length) {
            throw new ScriptFailure("guest ${guest.name}: ${nothingAt(address + got)}")
        }
        found
    }

    /** Text up to the first zero byte, as UTF-8; at most so many bytes. */
    String text(Object at, long mostBytes = 4096) {
        byte[] found = new byte[upTo(MOST_BYTES, mostBytes)]
        int address = guest.address(at)
        int got = guest.look { read(address, found) } as int
        if (got == 0 && mostBytes > 0) {
            throw new ScriptFailure("guest ${guest.name}: ${nothingAt(address)}")
        }
        int length = 0
        while (length < got && found[length] != (byte) 0) {
            length++
        }
        new String(found, 0, length, StandardCharsets.UTF_8)
    }

    /**
     * Text up to its zero byte, as UTF-8, however long: up to 1 MiB.
     *
     * @throws ScriptFailure if there is no zero byte
     */
    String cstring(Object at) {
        ByteArrayOutputStream found = new ByteArrayOutputStream()
        byte[] chunk = new byte[CSTRING_CHUNK]
        int address = guest.address(at)
        guest.look {
            while (found.size() < MOST_CSTRING) {
                int got = read(address + found.size(), chunk)
                for (int i = 0; i < got; i++) {
                    if (chunk[i] == (byte) 0) {
                        return
                    }
                    found.write((int) chunk[i])
                }
                if (got < chunk.length) {
                    throw new ScriptFailure("guest ${guest.name}: ${nothingAt(address + found.size())}, and no zero byte before it")
                }
            }
            throw new ScriptFailure("guest ${guest.name}: no zero byte in ${MOST_CSTRING >> 20} MiB from ${String.format('0x%08x', address)} on")
        }
        found.toString('UTF-8')
    }

    /** @param data text (as UTF-8), a {@code byte[]} or a list of numbers */
    void write(Object at, Object data) {
        byte[] from = Data.bytes(data)
        int address = guest.address(at)
        guest.change('memory') {
            if (linear) {
                guest.engine.writeLinear(address, from)
            } else if (guest.engine.physical().contains(address, from.length)) {
                guest.engine.physical().write(address, from, 0, from.length)
            } else {
                throw new ScriptFailure("guest ${guest.name}: ${nothingAt(address)}")
            }
        }
    }

    /**
     * The first place where bytes or text are found; null if there is none.
     *
     * @param range where to look; unless given, all of RAM, where the kernel has mapped it
     */
    Long find(Object data, Range<?> range = null) {
        byte[] wanted = Data.bytes(data)
        long first = range == null ? start : guest.address(range.from) & 0xFFFFFFFFL
        long last = range == null ? start + guest.engine.config().memoryBytes() - 1 : guest.address(range.to) & 0xFFFFFFFFL
        guest.look { search(wanted, first, last) } as Long
    }

    private long getStart() {
        linear && guest.engine.host() != null ? Constants.PAGE_OFFSET : 0
    }

    private Long search(byte[] wanted, long first, long last) {
        if (wanted.length == 0) {
            return first
        }
        byte[] window = new byte[CHUNK + wanted.length - 1]
        for (long at = first; at <= last; at += CHUNK) {
            int got = read((int) at, window)
            int most = (int) Math.min(got, last - at + 1) - wanted.length
            for (int i = 0; i <= most && i < CHUNK; i++) {
                if (Arrays.equals(window, i, i + wanted.length, wanted, 0, wanted.length)) {
                    return at + i
                }
            }
        }
        null
    }

    /** A hex dump, 16 bytes a row; what is not mapped shows as {@code ??}. */
    String dump(Range<?> range) {
        dump(address(range.from), lengthOf(range))
    }

    /** The same, to the end of the address space at most. */
    String dump(Object at, long lengthBytes = 64) {
        long first = guest.address(at) & 0xFFFFFFFFL
        int length = (int) Math.min(upTo(MOST_DUMPED, lengthBytes), END - first)
        StringBuilder out = new StringBuilder()
        guest.look {
            for (int done = 0; done < length; done += ROW) {
                row(out, first + done, Math.min(ROW, length - done))
            }
        }
        out.toString()
    }

    private static int upTo(int most, long lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > most) {
            throw new ScriptFailure("${lengthBytes} bytes of memory: can be 0 to ${most}")
        }
        (int) lengthBytes
    }

    private void row(StringBuilder out, long at, int count) {
        byte[] row = new byte[count]
        int got = read((int) at, row)
        out.append(String.format('%08x ', at))
        for (int i = 0; i < ROW; i++) {
            out.append(i == ROW / 2 ? '  ' : ' ').append(i >= count ? '  ' : i >= got ? '??' : String.format('%02x', row[i]))
        }
        out.append('  |')
        for (int i = 0; i < count; i++) {
            out.append(i < got && row[i] >= 32 && row[i] < 127 ? (char) row[i] : '.' as char)
        }
        out.append('|\n')
    }

    private long number(Object at, int size) {
        byte[] found = bytes(at, size)
        long value = 0
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | found[i] & 0xFF
        }
        value
    }

    private void number(Object at, int size, Object value) {
        int word = guest.word("u${8 * size}", value)
        if (size < 4 && (word >= 1 << 8 * size || word < -(1 << 8 * size - 1))) {
            throw new ScriptFailure("u${8 * size} ${value}: must be a number of ${8 * size} bits")
        }
        byte[] from = new byte[size]
        for (int i = 0; i < size; i++) {
            from[i] = (byte) (word >>> 8 * i)
        }
        write(at, from)
    }

    private int read(int address, byte[] to) {
        if (linear) {
            return guest.engine.readLinear(address, to)
        }
        PhysicalMemory physical = guest.engine.physical()
        int most = (int) Math.max(0, Math.min((long) to.length, physical.size() - (address & 0xFFFFFFFFL)))
        physical.read(address, to, 0, most)
        most
    }

    private String hex(Object where) { String.format('0x%08x', address(where)) }

    private String nothingAt(int address) {
        String.format(linear ? 'nothing is mapped at linear address 0x%08x' : 'no memory at physical address 0x%08x', address)
    }

    @Override
    String toString() {
        "${linear ? 'linear' : 'physical'} memory of guest ${guest.name}"
    }
}
