package lguest.device;

import java.io.IOException;
import lguest.mem.PhysicalMemory;

/**
 * A {@code struct lguest_dma} in guest memory: up to 16 sections of bytes and a length that says how many were transferred. The
 * list is read and checked once, so a guest that changes it later deceives only itself.
 *
 * <pre>
 * 0x00 used_len   u32        0 = free, else bytes transferred
 * 0x04 addr       u32 x 16   physical
 * 0x44 len        u16 x 16   a 0 ends the list early
 * </pre>
 */
public final class Dma {
    public static final int BYTES = 100;
    public static final int SECTIONS = 16;

    private static final int ADDR = 4;
    private static final int LEN = 0x44;

    private final PhysicalMemory memory;
    private final int address;
    private final int[] addr = new int[SECTIONS];
    private final int[] len = new int[SECTIONS];
    private int sections;
    private int lengthBytes;

    private Dma(PhysicalMemory memory, int address) {
        this.memory = memory;
        this.address = address;
    }

    /**
     * Reads the list at a physical address. A section may cross pages.
     *
     * @throws LauncherExit {@code Invalid address} if the struct or a section reaches the end of memory
     */
    public static Dma at(PhysicalMemory memory, int address) {
        Dma dma = new Dma(memory, address);
        dma.check(address, BYTES, 0);
        while (dma.sections < SECTIONS) {
            int i = dma.sections;
            int len = memory.read16(address + LEN + 2 * i);
            if (len == 0) {
                break;
            }
            dma.addr[i] = memory.read32(address + ADDR + 4 * i);
            dma.len[i] = len;
            dma.sections++;
            dma.lengthBytes += len;
            dma.check(dma.addr[i], len, i + 1);
        }
        return dma;
    }

    /** The launcher's check_pointer: like the original's it refuses the very last byte of memory. */
    private void check(int physical, int bytes, int section) {
        if (Integer.toUnsignedLong(physical) + bytes >= memory.size()) {
            throw new LauncherExit("dma@%s:%d: Invalid address %d", Pointer.text(address), section, physical);
        }
    }

    /** Physical address of the struct itself. */
    public int address() {
        return address;
    }

    public int sections() {
        return sections;
    }

    /** Bytes of all sections together: 0 to 16 * 65535. */
    public int lengthBytes() {
        return lengthBytes;
    }

    public int usedLen() {
        return memory.read32(address);
    }

    public void usedLen(int bytes) {
        memory.write32(address, bytes);
    }

    /** The bytes of all sections, in order. */
    public byte[] bytes() {
        byte[] bytes = new byte[lengthBytes];
        int done = 0;
        for (int i = 0; i < sections; i++) {
            memory.read(addr[i], bytes, done, len[i]);
            done += len[i];
        }
        return bytes;
    }

    /** Writes the bytes of all sections to a sink, each section at once. */
    public void gather(OutputSink sink) throws IOException {
        byte[] bytes = bytes();
        int done = 0;
        for (int i = 0; i < sections; i++) {
            sink.write(bytes, done, len[i]);
            done += len[i];
        }
    }

    /**
     * Fills the sections in order.
     *
     * @return bytes that found room
     */
    public int scatter(byte[] from, int offset, int bytes) {
        int done = 0;
        for (int i = 0; i < sections && done < bytes; i++) {
            int chunk = Math.min(bytes - done, len[i]);
            memory.write(addr[i], from, offset + done, chunk);
            done += chunk;
        }
        return done;
    }
}
