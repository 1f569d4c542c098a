package lguest.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lguest.mem.PhysicalMemory;

/**
 * The multiboot information structure ("Boot information format"), with everything it points to in one piece of low memory:
 * structure, memory map, module list, strings.
 */
final class MultibootInfo {
    /** Where memory goes on after the hole below 1 MiB. */
    static final int HIGH_MEMORY = 0x100000;

    private static final int LOWEST = PhysicalMemory.PAGE_BYTES;
    /** A PC's BIOS keeps the last KiB below 640 KiB to itself. */
    private static final int LOW_END = 0x9FC00;
    private static final int LOW_KIB = 640;

    private static final int INFO_BYTES = 116;
    private static final int MMAP_ENTRY_BYTES = 24;
    private static final int MODULE_BYTES = 16;

    private static final int HAS_MEM = 1;
    private static final int HAS_CMDLINE = 1 << 2;
    private static final int HAS_MODS = 1 << 3;
    private static final int HAS_MMAP = 1 << 6;
    private static final int HAS_LOADER_NAME = 1 << 9;

    private static final int AVAILABLE = 1;
    private static final int RESERVED = 2;

    private record LoadedModule(int start, int end, String text) {
    }

    private record Range(long start, long end, int type) {
    }

    private final Ram ram;
    private final PhysicalMemory memory;
    private final String commandLine;
    private final List<LoadedModule> modules = new ArrayList<>();
    private int strings;

    MultibootInfo(Ram ram, String commandLine) {
        this.ram = ram;
        this.memory = ram.memory();
        this.commandLine = commandLine;
    }

    /** @param end first address behind it */
    void module(int start, int end, String text) {
        modules.add(new LoadedModule(start, end, text));
    }

    /**
     * Writes it all into the first gap below 640 KiB that no part of the image needs.
     *
     * @return physical address of the structure
     * @throws LoadException if there is none
     */
    int write(List<ElfImage.Segment> image) {
        List<Range> map = map();
        int mmap = INFO_BYTES;
        int mods = mmap + map.size() * MMAP_ENTRY_BYTES;
        int texts = mods + modules.size() * MODULE_BYTES;
        int bytes = texts + length(commandLine) + length("lguest")
            + modules.stream().mapToInt(module -> length(module.text())).sum();
        int at = gap(image, bytes);
        strings = at + texts;

        memory.write32(at, HAS_MEM | HAS_CMDLINE | HAS_MODS | HAS_MMAP | HAS_LOADER_NAME);
        memory.write32(at + 4, Math.min(LOW_KIB, ram.sizeBytes() >>> 10));
        memory.write32(at + 8, Math.max(0, ram.sizeBytes() - HIGH_MEMORY) >>> 10);
        memory.write32(at + 16, string(commandLine));
        memory.write32(at + 20, modules.size());
        memory.write32(at + 24, at + mods);
        memory.write32(at + 44, map.size() * MMAP_ENTRY_BYTES);
        memory.write32(at + 48, at + mmap);
        memory.write32(at + 64, string("lguest"));
        for (int i = 0; i < map.size(); i++) {
            entry(at + mmap + i * MMAP_ENTRY_BYTES, map.get(i));
        }
        for (int i = 0; i < modules.size(); i++) {
            entry(at + mods + i * MODULE_BYTES, modules.get(i));
        }
        return at;
    }

    /** What the BIOS of a PC of this size would report. */
    private List<Range> map() {
        long size = ram.sizeBytes();
        List<Range> map = new ArrayList<>();
        map.add(new Range(0, Math.min(size, LOW_END), AVAILABLE));
        map.add(new Range(LOW_END, 0xA0000, RESERVED));
        map.add(new Range(0xF0000, HIGH_MEMORY, RESERVED));
        if (size > HIGH_MEMORY) {
            map.add(new Range(HIGH_MEMORY, size, AVAILABLE));
        }
        return map;
    }

    private void entry(int at, Range range) {
        memory.write32(at, MMAP_ENTRY_BYTES - 4);
        memory.write64(at + 4, range.start());
        memory.write64(at + 12, range.end() - range.start());
        memory.write32(at + 20, range.type());
    }

    private void entry(int at, LoadedModule module) {
        memory.write32(at, module.start());
        memory.write32(at + 4, module.end());
        memory.write32(at + 8, string(module.text()));
        memory.write32(at + 12, 0);
    }

    private int gap(List<ElfImage.Segment> image, int bytes) {
        long at = LOWEST;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (ElfImage.Segment segment : image) {
                if (Integer.toUnsignedLong(segment.paddr()) < at + bytes && segment.memEnd() > at) {
                    at = segment.memEnd() + 15 & -16;
                    moved = true;
                }
            }
        }
        if (at + bytes > Math.min(LOW_END, ram.sizeBytes())) {
            throw new LoadException("Multiboot information of %d bytes finds no room below 640 KiB", bytes);
        }
        return (int) at;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + 1;
    }

    private int string(String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        int at = strings;
        memory.write(at, bytes, 0, bytes.length);
        strings += bytes.length;
        return at;
    }
}
