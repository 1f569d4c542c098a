package lguest.interp

import lguest.cpu.CpuFault
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Segment
import lguest.cpu.Vector
import lguest.mem.BarePageWalk
import lguest.mem.LinearMemory
import lguest.mem.PhysicalMemory

/**
 * A processor at CPL 0 with paging and 256 KiB: every page at its own address, and a second time from {@link #ALIAS} up. What is
 * below 0x8000 is not for code.
 */
class CodeBench {
    static final int ALIAS = 0x400000
    static final int CODE = 0x8000
    private static final int DIRECTORY = 0x1000
    private static final int TABLE = 0x2000
    private static final int ALIAS_TABLE = 0x3000
    static final int PAGES = 64
    private static final int PRESENT_WRITABLE = 3

    final PhysicalMemory physical = new PhysicalMemory(PAGES << 12)
    final CpuState cpu = new CpuState()
    final LinearMemory mem = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical))
    Interpreter interpreter

    CodeBench(Engine engine = Engine.INTERPRETER) {
        cpu.model = CpuModel.PENTIUM2
        physical.write32(DIRECTORY, TABLE | PRESENT_WRITABLE)
        physical.write32(DIRECTORY + 4, ALIAS_TABLE | PRESENT_WRITABLE)
        PAGES.times {
            map(it << 12, it << 12)
            map(ALIAS + (it << 12), it << 12)
        }
        [Segment.ES, Segment.SS, Segment.DS, Segment.FS, Segment.GS].each { cpu.segments[it].load(0x10, 0xFFFF, 0xCF9300) }
        cpu.segments[Segment.CS].load(8, 0xFFFF, 0xCF9B00)
        cpu.cr3 = DIRECTORY
        cpu.cr0 = CpuState.CR0_PE | (1 << 31)
        cpu.regs[CpuState.ESP] = 0x7000
        cpu.eip = CODE
        interpreter = engine.on(cpu, mem)
    }

    /** Changes one translation, as a guest with INVLPG would. */
    void map(int linear, int page) {
        entry(linear, page | PRESENT_WRITABLE)
    }

    void unmap(int linear) {
        entry(linear, 0)
    }

    private void entry(int linear, int value) {
        physical.write32((linear >= ALIAS ? ALIAS_TABLE : TABLE) + (linear >>> 12 & 0x3FF) * 4, value)
        mem.flush(linear)
    }

    /** Puts bytes, written in hexadecimal, into physical memory. */
    void code(int at, String hex) {
        byte[] bytes = hex.replace(' ', '').decodeHex()
        physical.write(at, bytes, 0, bytes.length)
    }

    /** As the guest's memory has it, the lowest byte first. */
    static String hex(int value, int bytes) {
        (0..<bytes).collect { String.format('%02X', value >>> it * 8 & 0xFF) }.join('')
    }

    /**
     * State, and memory from an address on, for comparison with that of another engine.
     *
     * @param how it ended
     * @param first count of instructions at the beginning
     */
    String state(String how, long first, int from, int bytes) {
        byte[] data = new byte[bytes]
        physical.read(from, data, 0, bytes)
        "$how at ${Integer.toHexString(cpu.eip)} after ${cpu.instructions - first}: ${cpu.regs} ${cpu.eflags()} ${Arrays.hashCode(data)}"
    }

    /** Runs so many instructions, fewer if something stops them. */
    Interpreter.End run(int instructions, boolean passBreakpoint = false) {
        interpreter.run(cpu.instructions + instructions, passBreakpoint)
    }

    /** How it ended: {@code BUDGET}, {@code BREAKPOINT}, or the fault as {@code #PF(0)}. */
    String outcome(int instructions) {
        Interpreter.End end = run(instructions)
        CpuFault fault = interpreter.fault()
        end == Interpreter.End.FAULT ? fault.message + (fault.vector() == Vector.PF ? String.format(' at %X', cpu.cr2) : '') : end.name()
    }

    int eax() {
        cpu.regs[CpuState.EAX]
    }
}
