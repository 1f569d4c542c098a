package lguest.device

import lguest.mem.PhysicalMemory

/** Writes and reads what guests write and read. */
class Structs {
    /** A struct lguest_dma with sections [[address, length], ...]. */
    static int dma(PhysicalMemory memory, int at, List<List<Integer>> sections, int usedLen = 0) {
        memory.write(at, new byte[Dma.BYTES], 0, Dma.BYTES)
        memory.write32(at, usedLen)
        sections.eachWithIndex { section, i ->
            memory.write32(at + 4 + 4 * i, section[0])
            memory.write16(at + 0x44 + 2 * i, section[1])
        }
        return at
    }

    static void text(PhysicalMemory memory, int at, String text) {
        bytes(memory, at, text.getBytes('UTF-8'))
    }

    static void bytes(PhysicalMemory memory, int at, byte[] bytes) {
        memory.write(at, bytes, 0, bytes.length)
    }

    static byte[] bytes(PhysicalMemory memory, int at, int length) {
        def bytes = new byte[length]
        memory.read(at, bytes, 0, length)
        return bytes
    }

    static String text(PhysicalMemory memory, int at, int length) {
        return new String(bytes(memory, at, length), 'UTF-8')
    }

    /** A request in the page of a block device. */
    static void request(PhysicalMemory memory, int page, boolean write, int sector, int bytes) {
        memory.write32(page, write ? 1 : 0)
        memory.write32(page + 4, sector)
        memory.write32(page + 8, bytes)
        memory.write32(page + 0xC, 0)
    }

    static int result(PhysicalMemory memory, int page) {
        return memory.read32(page + 0xC)
    }
}
