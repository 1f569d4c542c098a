package lguest.machine

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.mem.PhysicalMemory

/**
 * The memory of one process on a bare machine: 4 KiB pages, each wherever a frame was free. The page tables hold all there is to
 * know; a page that is mapped but may not be touched is not present and has {@link #OURS}, which the processor ignores.
 */
@CompileStatic
class UserSpace {
    /** A user access that touches what is not mapped: EFAULT. */
    static class BadAddress extends RuntimeException {
        BadAddress(int linear) {
            super(String.format('0x%08x is not mapped', linear))
        }
    }

    static final int PAGE = PhysicalMemory.PAGE_BYTES
    private static final int PRESENT = 1
    private static final int WRITABLE = 2
    private static final int USER = 4
    private static final int OURS = 1 << 9
    private static final byte[] ZEROES = new byte[PAGE]

    private final PhysicalMemory physical
    private final int directory
    private final ArrayDeque<Integer> free = new ArrayDeque<>()
    private int nextFrame

    /** @param directory physical; frames are taken from {@code firstFrame} on */
    UserSpace(PhysicalMemory physical, int directory, int firstFrame) {
        this.physical = physical
        this.directory = directory
        nextFrame = firstFrame
    }

    static int pages(int bytes) {
        (bytes + PAGE - 1) & -PAGE
    }

    /** Fresh zeroes, in place of what was there. */
    void map(int linear, int bytes, boolean readable, boolean writable) {
        unmap(linear, bytes)
        each(linear, bytes) { int at -> physical.write32(entry(at, true), frame() | flags(readable, writable)) }
    }

    void unmap(int linear, int bytes) {
        each(linear, bytes) { int at ->
            int entry = entry(at, false)
            if (entry != 0 && (physical.read32(entry) & OURS) != 0) {
                free.push(physical.read32(entry) & -PAGE)
                physical.write32(entry, 0)
            }
        }
    }

    void protect(int linear, int bytes, boolean readable, boolean writable) {
        each(linear, bytes) { int at -> physical.write32(entry(at, true), physicalAddress(at) & -PAGE | flags(readable, writable)) }
    }

    boolean mapped(int linear) {
        int entry = entry(linear, false)
        entry != 0 && (physical.read32(entry) & OURS) != 0
    }

    byte[] bytes(int linear, int length) {
        byte[] all = new byte[length]
        for (int done = 0; done < length;) {
            int chunk = Math.min(length - done, PAGE - (linear + done & 0xFFF))
            physical.read(physicalAddress(linear + done), all, done, chunk)
            done += chunk
        }
        all
    }

    void write(int linear, byte[] from) {
        for (int done = 0; done < from.length;) {
            int chunk = Math.min(from.length - done, PAGE - (linear + done & 0xFFF))
            physical.write(physicalAddress(linear + done), from, done, chunk)
            done += chunk
        }
    }

    int dword(int linear) {
        ByteBuffer.wrap(bytes(linear, 4)).order(ByteOrder.LITTLE_ENDIAN).int
    }

    void dwords(int linear, int... values) {
        ByteBuffer all = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN)
        values.each { int value -> all.putInt(value) }
        write(linear, all.array())
    }

    /** Up to a zero byte. */
    String text(int linear) {
        ByteArrayOutputStream all = new ByteArrayOutputStream()
        for (int at = linear; ; at++) {
            int value = physical.read8(physicalAddress(at)) & 0xFF
            if (value == 0) {
                return all.toString('UTF-8')
            }
            all.write(value)
        }
    }

    private static int flags(boolean readable, boolean writable) {
        OURS | USER | (readable || writable ? PRESENT : 0) | (writable ? WRITABLE : 0)
    }

    private static void each(int linear, int bytes, Closure<?> work) {
        for (int done = 0; done < pages(bytes); done += PAGE) {
            work.call(linear + done)
        }
    }

    private int physicalAddress(int linear) {
        if (!mapped(linear)) {
            throw new BadAddress(linear)
        }
        physical.read32(entry(linear, false)) & -PAGE | linear & 0xFFF
    }

    /** Physical address of a page table entry; 0 if there is no table, and none is to be made. */
    private int entry(int linear, boolean make) {
        int slot = directory + (linear >>> 22) * 4
        if ((physical.read32(slot) & PRESENT) == 0) {
            if (!make) {
                return 0
            }
            physical.write32(slot, frame() | PRESENT | WRITABLE | USER)
        }
        (physical.read32(slot) & -PAGE) + (linear >>> 12 & 0x3FF) * 4
    }

    private int frame() {
        int frame
        if (free.isEmpty()) {
            frame = nextFrame
            nextFrame += PAGE
            assert nextFrame <= physical.size(): 'the machine has no more memory'
        } else {
            frame = free.pop()
        }
        physical.write(frame, ZEROES, 0, PAGE)
        frame
    }
}
