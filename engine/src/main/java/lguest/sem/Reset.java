package lguest.sem;

import java.util.Arrays;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Segment;
import lguest.mem.LinearMemory;

/** The state in which a bare machine begins. */
public final class Reset {
    /** What EAX holds when a multiboot loader has been here (Multiboot Specification 0.6.96, "Machine state"). */
    public static final int MULTIBOOT_MAGIC = 0x2BADB002;

    private static final int FLAT_LOW = 0x0000FFFF;
    private static final int FLAT_CODE_HIGH = 0x00CF9B00;
    private static final int FLAT_DATA_HIGH = 0x00CF9300;
    private static final int CODE_SELECTOR = 0x08;
    private static final int DATA_SELECTOR = 0x10;

    private Reset() {
    }

    /**
     * As a multiboot loader hands over: CPL 0, 32-bit flat segments, protection on, paging and interrupts off, no tables. ESP is
     * 0 like the other registers; the image brings its own stack and descriptor tables.
     *
     * @param entry EIP, a physical address
     * @param info EBX, the physical address of the multiboot information, or 0
     */
    public static void multiboot(CpuState cpu, LinearMemory mem, int entry, int info) {
        Arrays.fill(cpu.regs, 0);
        cpu.regs[CpuState.EAX] = MULTIBOOT_MAGIC;
        cpu.regs[CpuState.EBX] = info;
        cpu.eip = entry;
        cpu.setEflags(Eflags.FIXED);
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            boolean code = number == Segment.CS;
            cpu.segments[number].load(code ? CODE_SELECTOR : DATA_SELECTOR, FLAT_LOW, code ? FLAT_CODE_HIGH : FLAT_DATA_HIGH);
        }
        cpu.ldtr.loadNull(0);
        cpu.tr.loadNull(0);
        cpu.gdtBase = 0;
        cpu.gdtLimit = 0;
        cpu.idtBase = 0;
        cpu.idtLimit = 0;
        cpu.cr0 = CpuState.CR0_PE | CpuState.CR0_ET;
        cpu.cr2 = 0;
        cpu.cr3 = 0;
        cpu.cr4 = 0;
        cpu.interruptShadow = false;
        cpu.debugShadow = false;
        cpu.debugTrap = 0;
        mem.setCpl(0);
        mem.flush();
    }
}
