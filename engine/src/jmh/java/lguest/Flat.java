package lguest;

import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.mem.BarePageWalk;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/** A processor at CPL 0 with flat segments and paging, every page at its own address. */
public final class Flat {
    public static final int CODE = 0x8000;
    public static final int DATA = 0x10000;
    private static final int DIRECTORY = 0x1000;
    private static final int TABLE = 0x2000;
    private static final int PRESENT_WRITABLE = 3;
    private static final int PAGES = 1024;

    public final CpuState cpu = new CpuState();
    public final LinearMemory mem;

    public Flat() {
        PhysicalMemory physical = new PhysicalMemory(PAGES << PhysicalMemory.PAGE_SHIFT);
        mem = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical));
        cpu.model = CpuModel.PENTIUM2;
        physical.write32(DIRECTORY, TABLE | PRESENT_WRITABLE);
        for (int page = 0; page < PAGES; page++) {
            physical.write32(TABLE + 4 * page, page << PhysicalMemory.PAGE_SHIFT | PRESENT_WRITABLE);
        }
        for (int number : new int[] {Segment.ES, Segment.SS, Segment.DS, Segment.FS, Segment.GS}) {
            cpu.segments[number].load(0x10, 0xFFFF, 0xCF9300);
        }
        cpu.segments[Segment.CS].load(8, 0xFFFF, 0xCF9B00);
        cpu.cr3 = DIRECTORY;
        cpu.cr0 = CpuState.CR0_PE | CpuState.CR0_PG;
        cpu.eip = CODE;
    }

    /** Puts code at {@link #CODE}. */
    public void code(byte[] bytes) {
        mem.physical().write(CODE, bytes, 0, bytes.length);
    }
}
