package lguest.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import lguest.device.Pointer;
import lguest.device.SystemError;

/**
 * A Linux kernel, loaded: as vmlinux or as bzImage.
 *
 * @param entryEip virtual address of its first instruction
 * @param pageOffset where it maps physical address 0
 */
record Kernel(int entryEip, int pageOffset) {
    /** The mark in front of the first instruction of a kernel that can be a guest. */
    private static final byte[] TAG = "GenuineLguest".getBytes(StandardCharsets.US_ASCII);

    /** @throws LoadException if the file is neither, or no lguest guest, or does not fit */
    static Kernel load(Ram ram, ImageFile file, Consumer<String> verbose) {
        ByteBuffer header = file.bytes(0, ElfImage.HEADER_BYTES, "Reading kernel");
        return ElfImage.isElf(header) ? vmlinux(ram, file, verbose) : BzImage.load(ram, file, verbose);
    }

    private static Kernel vmlinux(Ram ram, ImageFile file, Consumer<String> verbose) {
        long lowest = Long.MAX_VALUE;
        long highest = 0;
        int pageOffset = 0;
        ElfImage elf = ElfImage.read(file);
        requireTogether(ram, elf);
        for (ElfImage.Segment segment : elf.segments()) {
            verbose.accept("Section " + segment.index() + ": size " + segment.memBytes()
                + " addr " + Pointer.text(segment.paddr()));
            if (pageOffset == 0) {
                pageOffset = segment.pageOffset();
            } else if (pageOffset != segment.pageOffset()) {
                throw new LoadException("Page offset of section %d different", segment.index());
            }
            copy(ram, file, segment);
            lowest = Math.min(lowest, Integer.toUnsignedLong(segment.paddr()));
            highest = Math.max(highest, segment.fileEnd());
        }
        return genuine(ram, lowest, highest, pageOffset);
    }

    /** Thousands of sections on top of each other could keep us busy for ever; those of a kernel lie side by side. */
    private static void requireTogether(Ram ram, ElfImage elf) {
        long bytes = elf.segments().stream().mapToLong(segment -> Integer.toUnsignedLong(segment.fileBytes())).sum();
        if (bytes > ram.sizeBytes()) {
            throw new LoadException("Sections of %d bytes do not fit, memory has %d", bytes, ram.sizeBytes());
        }
    }

    private static void copy(Ram ram, ImageFile file, ElfImage.Segment segment) {
        String section = "Section " + segment.index();
        long bytes = Integer.toUnsignedLong(segment.fileBytes());
        ram.require(section, Integer.toUnsignedLong(segment.paddr()), bytes);
        file.copy(Integer.toUnsignedLong(segment.offset()), bytes, ram.memory(), segment.paddr(), section);
    }

    /**
     * Finds the entry point of what was loaded at [from, end): right behind the tag.
     *
     * @throws LoadException {@code Is this image a genuine lguest?}
     */
    static Kernel genuine(Ram ram, long from, long end, int pageOffset) {
        int tag = ram.find(TAG, from, end);
        if (tag < 0) {
            throw new LoadException("Is this image a genuine lguest?: " + SystemError.INVALID_ARGUMENT);
        }
        return new Kernel(tag + TAG.length + pageOffset, pageOffset);
    }
}
