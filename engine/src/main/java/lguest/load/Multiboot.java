package lguest.load;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import lguest.mem.PhysicalMemory;

/**
 * Boots what GRUB boots: images of the Multiboot Specification, version 0.6.96 ("multiboot 1"). The image is an ELF file, or
 * says in its header where it goes. Modules follow the image, page-aligned; the information about it all is below 640 KiB.
 *
 * <p>The processor starts in 32-bit protected mode, flat segments, no paging, interrupts off, with EAX and EBX as
 * {@link BareImage} says.
 */
public final class Multiboot {
    /** In EAX at the first instruction: a multiboot loader was here. */
    public static final int BOOTLOADER_MAGIC = 0x2BADB002;

    private static final int HEADER_MAGIC = 0x1BADB002;
    private static final int SEARCH_BYTES = 8192;
    private static final int HEADER_BYTES = 12;
    private static final int ADDRESSES_BYTES = 32;
    private static final int ADDRESSES = 1 << 16;
    /** Wishes we know: aligned modules, a memory map, a video mode (there is no video; none is reported). */
    private static final int KNOWN = 7;
    private static final int REQUIRED = 0xFFFF;

    /**
     * A file for the image to find in memory.
     *
     * @param text its command line
     */
    public record Module(Path file, String text) {
    }

    /** Whether a file has a multiboot header; anything else is taken for a flat image. */
    public static boolean isMultiboot(Path image) {
        try (ImageFile file = ImageFile.open(image)) {
            ByteBuffer start = file.bytes(0, (int) Math.min(SEARCH_BYTES, file.sizeBytes()), "Reading " + image);
            return headerAt(start) >= 0;
        }
    }

    /** Where an image goes. */
    private record Plan(int entryEip, List<ElfImage.Segment> segments) {
        long end() {
            return segments.stream().mapToLong(ElfImage.Segment::memEnd).max().orElse(0);
        }

        long bytes() {
            return segments.stream().mapToLong(segment -> segment.memEnd() - Integer.toUnsignedLong(segment.paddr())).sum();
        }
    }

    private final Ram ram;
    private final ImageFile file;

    private Multiboot(Ram ram, ImageFile file) {
        this.ram = ram;
        this.file = file;
    }

    /**
     * @param commandLine as GRUB 2 passes it: without the image's name
     * @throws LoadException if the image is none, or something does not fit
     */
    public static BareImage load(PhysicalMemory memory, Path image, String commandLine, List<Module> modules) {
        try (ImageFile file = ImageFile.open(image)) {
            return new Multiboot(new Ram(memory, memory.size()), file).load(commandLine, modules);
        }
    }

    private BareImage load(String commandLine, List<Module> modules) {
        Plan plan = plan();
        if (plan.bytes() > ram.sizeBytes()) {
            throw new LoadException("%s: sections of %d bytes do not fit, memory has %d", file.path(),
                plan.bytes(), ram.sizeBytes());
        }
        plan.segments().forEach(this::copy);
        MultibootInfo info = new MultibootInfo(ram, commandLine);
        long next = Math.max(plan.end(), MultibootInfo.HIGH_MEMORY);
        for (Module module : modules) {
            next = next + PhysicalMemory.PAGE_BYTES - 1 & -PhysicalMemory.PAGE_BYTES;
            next += copy(module, next, info);
        }
        int address = info.write(plan.segments());
        return new BareImage(plan.entryEip(), BOOTLOADER_MAGIC, address, KernelSymbols.ofKernel(file.path()));
    }

    private Plan plan() {
        ByteBuffer start = file.bytes(0, (int) Math.min(SEARCH_BYTES, file.sizeBytes()), "Reading " + file.path());
        int header = header(start);
        int flags = start.getInt(header + 4);
        if ((flags & REQUIRED & ~KNOWN) != 0) {
            throw new LoadException("%s: multiboot header wants what nobody knows: flags 0x%x", file.path(), flags);
        }
        if ((flags & ADDRESSES) != 0) {
            return flat(start, header);
        }
        if (!ElfImage.isElf(start)) {
            throw new LoadException("%s: multiboot image is no ELF file and gives no addresses", file.path());
        }
        ElfImage elf = ElfImage.read(file);
        return new Plan(physicalEntry(elf), elf.segments());
    }

    private int header(ByteBuffer start) {
        int at = headerAt(start);
        if (at < 0) {
            throw new LoadException("%s: no multiboot header in the first %d bytes", file.path(), SEARCH_BYTES);
        }
        return at;
    }

    private static int headerAt(ByteBuffer start) {
        for (int at = 0; at + HEADER_BYTES <= start.limit(); at += 4) {
            if (start.getInt(at) == HEADER_MAGIC && HEADER_MAGIC + start.getInt(at + 4) + start.getInt(at + 8) == 0) {
                return at;
            }
        }
        return -1;
    }

    /** Address fields of the header: header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr. */
    private Plan flat(ByteBuffer start, int header) {
        if (header + ADDRESSES_BYTES > start.limit()) {
            throw new LoadException("%s: multiboot header is cut short", file.path());
        }
        long headerAddr = Integer.toUnsignedLong(start.getInt(header + 12));
        long load = Integer.toUnsignedLong(start.getInt(header + 16));
        long loadEnd = Integer.toUnsignedLong(start.getInt(header + 20));
        long bssEnd = Integer.toUnsignedLong(start.getInt(header + 24));
        long offset = header - (headerAddr - load);
        long fileBytes = loadEnd == 0 ? file.sizeBytes() - offset : loadEnd - load;
        if (offset < 0 || fileBytes < 0 || offset + fileBytes > file.sizeBytes() || fileBytes > ram.sizeBytes()) {
            throw new LoadException("%s: multiboot header gives impossible addresses", file.path());
        }
        long memBytes = bssEnd == 0 ? fileBytes : Math.max(fileBytes, bssEnd - load);
        return new Plan(start.getInt(header + 28),
            List.of(new ElfImage.Segment(0, (int) offset, (int) load, (int) load, (int) fileBytes, (int) memBytes)));
    }

    /** e_entry is a virtual address where a segment says so. */
    private static int physicalEntry(ElfImage elf) {
        for (ElfImage.Segment segment : elf.segments()) {
            int inside = elf.entry() - segment.vaddr();
            if (Integer.compareUnsigned(inside, segment.memBytes()) < 0) {
                return segment.paddr() + inside;
            }
        }
        return elf.entry();
    }

    private void copy(ElfImage.Segment segment) {
        String section = file.path() + ": section " + segment.index();
        long start = Integer.toUnsignedLong(segment.paddr());
        ram.require(section, start, segment.memEnd() - start);
        file.copy(Integer.toUnsignedLong(segment.offset()), Integer.toUnsignedLong(segment.fileBytes()), ram.memory(),
            segment.paddr(), section);
        byte[] zeroes = new byte[PhysicalMemory.PAGE_BYTES];
        for (long at = segment.fileEnd(); at < segment.memEnd(); at += zeroes.length) {
            ram.memory().write((int) at, zeroes, 0, (int) Math.min(zeroes.length, segment.memEnd() - at));
        }
    }

    /** @return bytes of the module */
    private long copy(Module module, long at, MultibootInfo info) {
        try (ImageFile content = ImageFile.open(module.file())) {
            ram.require("Module " + module.file(), at, content.sizeBytes());
            content.copy(0, content.sizeBytes(), ram.memory(), (int) at, "Reading " + module.file());
            info.module((int) at, (int) (at + content.sizeBytes()), module.text());
            return content.sizeBytes();
        }
    }
}
