package lguest.sem

import lguest.cpu.CpuFault
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Segment
import lguest.mem.BarePageWalk
import lguest.mem.LinearMemory
import lguest.mem.MemoryDescriptorTables
import lguest.mem.PhysicalMemory

/**
 * One mebibyte, a processor in protected mode at CPL 0, and tables where the specs can fill them: the GDT at 0x1000 (256
 * descriptors), the LDT at 0x2000 (16), the IDT at 0x3000 (256 gates), a 32-bit TSS at 0x4000 whose ESP0 is 0x8000.
 */
class SmallMachine {
    static final int GDT = 0x1000
    static final int LDT = 0x2000
    static final int IDT = 0x3000
    static final int TSS = 0x4000

    static final int CODE0 = 0x08
    static final int DATA0 = 0x10
    static final int CODE3 = 0x1B
    static final int DATA3 = 0x23
    static final int TASK = 0x28
    static final int LOCAL = 0x30
    /** The first slot that specs may fill. */
    static final int FREE = 0x40

    final PhysicalMemory physical = new PhysicalMemory(1 << 20)
    final CpuState cpu = new CpuState()
    final LinearMemory mem = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical))

    SmallMachine() {
        cpu.model = CpuModel.PENTIUM2
        cpu.descriptorTables = new MemoryDescriptorTables(cpu, mem)
        Reset.multiboot(cpu, mem, 0x10000, 0)
        cpu.gdtBase = GDT
        cpu.gdtLimit = 0x7FF
        cpu.idtBase = IDT
        cpu.idtLimit = 0x7FF
        segment(CODE0, 0x9B)
        segment(DATA0, 0x93)
        segment(CODE3, 0xFB)
        segment(DATA3, 0xF3)
        descriptor(TASK, TSS, 0x67, 0x89, 0)
        descriptor(LOCAL, LDT, 0x7F, 0x82, 0)
        physical.write32(TSS + 4, 0x8000)
        physical.write32(TSS + 8, DATA0)
        Segments.ltr(cpu, TASK)
        Segments.lldt(cpu, LOCAL)
        cpu.regs[CpuState.ESP] = 0x9000
    }

    /** A flat 32-bit segment; {@code access} is the descriptor's sixth byte. */
    void segment(int selector, int access) {
        descriptor(selector, 0, 0xFFFFF, access, 0xC)
    }

    /** @param flags G, D/B, L, AVL */
    void descriptor(int selector, int base, int limit, int access, int flags) {
        dwords(selector, base << 16 | limit & 0xFFFF, base & 0xFF000000 as int | flags << 20 | limit & 0xF0000 | access << 8 | base >>> 16 & 0xFF)
    }

    /** A call, interrupt, trap or task gate in the GDT or LDT. */
    void gate(int selector, int target, int offset, int access, int parameters = 0) {
        dwords(selector, target << 16 | offset & 0xFFFF, offset & 0xFFFF0000 as int | access << 8 | parameters)
    }

    void idtGate(int vector, int target, int offset, int access) {
        physical.write32(IDT + 8 * vector, target << 16 | offset & 0xFFFF)
        physical.write32(IDT + 8 * vector + 4, offset & 0xFFFF0000 as int | access << 8)
    }

    private void dwords(int selector, int low, int high) {
        int at = ((selector & 4) != 0 ? LDT : GDT) + (selector & 0xFFF8)
        physical.write32(at, low)
        physical.write32(at + 4, high)
    }

    int high(int selector) {
        physical.read32(((selector & 4) != 0 ? LDT : GDT) + (selector & 0xFFF8) + 4)
    }

    /** Runs user code: CPL 3, flat segments, stack at 0xA000, IOPL as given. */
    void user(int iopl = 0) {
        cpu.segments[Segment.CS].load(CODE3, 0xFFFF, 0xCFFB00)
        mem.cpl = 3
        [Segment.ES, Segment.SS, Segment.DS, Segment.FS, Segment.GS].each { Segments.load(cpu, mem, it, DATA3) }
        cpu.regs[CpuState.ESP] = 0xA000
        cpu.setEflags(cpu.eflags() | iopl << 12)
    }

    /** Virtual-8086 mode at 1000:0100 with its stack at 2000:0800. */
    void virtual8086(int iopl = 3) {
        cpu.setEflags(1 << 17 | 1 << 9 | iopl << 12)
        [0x3000, 0x1000, 0x2000, 0x4000, 0x5000, 0x6000].eachWithIndex { selector, number -> Segments.loadReal(cpu, number, selector) }
        mem.cpl = 3
        cpu.eip = 0x100
        cpu.regs[CpuState.ESP] = 0x800
    }

    /** Dwords from the top of the stack. */
    List<Integer> stack(int count) {
        (0..<count).collect { mem.read32(Segment.SS, cpu.regs[CpuState.ESP] + 4 * it) }
    }

    List<Integer> selectors() {
        cpu.segments*.selector
    }

    /** What happened: {@code ok}, or the fault as {@code #GP(8)}, its error code in hexadecimal. */
    static String outcome(Closure action) {
        try {
            action()
            return 'ok'
        } catch (CpuFault fault) {
            return fault.message
        }
    }
}
