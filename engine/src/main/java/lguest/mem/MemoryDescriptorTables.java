package lguest.mem;

import lguest.cpu.CpuState;
import lguest.cpu.DescriptorTables;

/**
 * The GDT and LDT where GDTR and LDTR say: in linear memory, read and written with the system's rights whatever the CPL (SDM
 * vol. 3A "Segment Descriptor Tables").
 */
public final class MemoryDescriptorTables implements DescriptorTables {
    private static final int TABLE_INDICATOR = 4;

    private final CpuState cpu;
    private final LinearMemory mem;

    public MemoryDescriptorTables(CpuState cpu, LinearMemory mem) {
        this.cpu = cpu;
        this.mem = mem;
    }

    @Override
    public long descriptor(int selector) {
        return mem.systemRead64(find(selector));
    }

    @Override
    public long quietly(int selector) {
        int offset = selector & 0xFFF8;
        boolean known = (selector & TABLE_INDICATOR) == 0 && Integer.compareUnsigned(offset + 7, cpu.gdtLimit) <= 0;
        return known ? mem.systemQuietly64(cpu.gdtBase + offset) : 0;
    }

    @Override
    public void storeHigh(int selector, int high) {
        mem.systemWrite32(find(selector) + 4, high);
    }

    /** The linear address of a descriptor. A null LDTR makes an empty table. */
    private int find(int selector) {
        boolean local = (selector & TABLE_INDICATOR) != 0;
        int offset = selector & 0xFFF8;
        int limit = local ? cpu.ldtr.limit : cpu.gdtLimit;
        boolean absent = local && cpu.ldtr.isNull();
        if (absent || Integer.compareUnsigned(offset + 7, limit) > 0) {
            throw new IndexOutOfBoundsException(String.format("selector %#06x: %s ends at %#x", selector & 0xFFFF,
                local ? "LDT" : "GDT", absent ? 0 : limit));
        }
        return (local ? cpu.ldtr.base : cpu.gdtBase) + offset;
    }
}
