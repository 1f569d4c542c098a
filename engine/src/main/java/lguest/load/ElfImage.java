package lguest.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of a 32-bit ELF executable for the i386.
 *
 * @param entry e_entry, a virtual address; lguest does not use it
 * @param segments program headers of type LOAD, in file order
 */
record ElfImage(int entry, List<Segment> segments) {
    static final int HEADER_BYTES = 52;

    private static final int EXEC = 2;
    private static final int I386 = 3;
    private static final int PHDR_BYTES = 32;
    private static final int MAX_PHDRS = 65536 / PHDR_BYTES;
    private static final int LOAD = 1;

    /**
     * A program header of type LOAD. All but the index is unsigned.
     *
     * @param index among all program headers
     */
    record Segment(int index, int offset, int vaddr, int paddr, int fileBytes, int memBytes) {
        long fileEnd() {
            return Integer.toUnsignedLong(paddr) + Integer.toUnsignedLong(fileBytes);
        }

        long memEnd() {
            return Integer.toUnsignedLong(paddr) + Math.max(Integer.toUnsignedLong(memBytes), Integer.toUnsignedLong(fileBytes));
        }

        /** p_vaddr - p_paddr: what the kernel calls PAGE_OFFSET. */
        int pageOffset() {
            return vaddr - paddr;
        }
    }

    /** @param header the first bytes of a file, 4 at least */
    static boolean isElf(ByteBuffer header) {
        return header.get(0) == 0x7F && header.get(1) == 'E' && header.get(2) == 'L' && header.get(3) == 'F';
    }

    /**
     * Reads the headers of an ELF file.
     *
     * @throws LoadException {@code Malformed elf header} or {@code Reading program headers: ...}
     */
    static ElfImage read(ImageFile file) {
        ByteBuffer header = file.bytes(0, HEADER_BYTES, "Reading kernel");
        int count = header.getShort(44) & 0xFFFF;
        if (header.getShort(16) != EXEC || header.getShort(18) != I386 || header.getShort(42) != PHDR_BYTES
            || count < 1 || count > MAX_PHDRS) {
            throw new LoadException("Malformed elf header");
        }
        ByteBuffer headers = file.bytes(Integer.toUnsignedLong(header.getInt(28)), count * PHDR_BYTES, "Reading program headers");
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i * PHDR_BYTES;
            if (headers.getInt(at) == LOAD) {
                segments.add(new Segment(i, headers.getInt(at + 4), headers.getInt(at + 8), headers.getInt(at + 12),
                    headers.getInt(at + 16), headers.getInt(at + 20)));
            }
        }
        return new ElfImage(header.getInt(24), List.copyOf(segments));
    }
}
