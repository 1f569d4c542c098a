package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * The task-state segment that TR names, as far as privilege changes and I/O need it (SDM vol. 3A "Task-State Segment").
 *
 * <pre>
 * 32 bits  0 link | 4 ESP0 | 8 SS0 | 12 ESP1 ... | 28 CR3 | 32 EIP EFLAGS EAX ECX EDX EBX ESP EBP ESI EDI | 72 ES CS SS DS FS GS
 *          96 LDT | 100 T (bit 0) | 102 offset of the I/O permission bitmap
 * 16 bits  0 link | 2 SP0 | 4 SS0 | 6 SP1 ... | 14 IP FLAGS AX CX DX BX SP BP SI DI | 34 ES CS SS DS | 42 LDT
 * </pre>
 */
final class Tss {
    private static final int IO_MAP = 102;

    private Tss() {
    }

    /** Whether the access rights are those of a 32-bit TSS. */
    static boolean wide(int access) {
        return (Descriptors.type(access) & Descriptors.WIDE) != 0;
    }

    /**
     * The stack of an inner privilege level, checked, not yet in SS.
     *
     * @throws lguest.cpu.CpuFault #TS for a TSS too short (its selector) or a bad stack selector, #SS for an absent segment
     */
    static StackCursor innerStack(CpuState cpu, LinearMemory mem, int cpl) {
        boolean wide = wide(cpu.tr.access);
        int at = wide ? 4 + 8 * cpl : 2 + 4 * cpl;
        int lengthBytes = wide ? 6 : 4;
        if (cpu.tr.isNull() || Integer.compareUnsigned(at + lengthBytes - 1, cpu.tr.limit) > 0) {
            throw cpu.fault(Vector.TS, Descriptors.error(cpu.tr.selector));
        }
        int linear = cpu.tr.base + at;
        int esp = wide ? mem.systemRead32(linear) : read16(mem, linear);
        int selector = read16(mem, linear + lengthBytes - 2);
        return StackCursor.at(cpu, mem, Segments.stack(cpu, selector, cpl, Vector.TS), esp);
    }

    /** SS and ESP of an inner privilege level as one doubleword each, ESP in bits 0 to 31; 0 where that takes more than a quiet look. */
    static long quietInnerStack(CpuState cpu, LinearMemory mem, int cpl) {
        int at = 4 + 8 * cpl;
        return wide(cpu.tr.access) && Integer.compareUnsigned(at + 5, cpu.tr.limit) <= 0 ? mem.systemQuietly64(cpu.tr.base + at) : 0;
    }

    /**
     * The 16 bits of the I/O permission bitmap that begin with the byte of this port's bit; all ones where there is no bitmap.
     * The processor always reads two bytes, so the limit must hold both.
     */
    static int ioPermissions(CpuState cpu, LinearMemory mem, int port) {
        if (cpu.tr.isNull() || !wide(cpu.tr.access) || Integer.compareUnsigned(IO_MAP + 1, cpu.tr.limit) > 0) {
            return 0xFFFF;
        }
        int at = read16(mem, cpu.tr.base + IO_MAP) + (port >>> 3);
        return Integer.compareUnsigned(at + 1, cpu.tr.limit) > 0 ? 0xFFFF : read16(mem, cpu.tr.base + at);
    }

    /** Reads a word with the system's rights, touching no byte beyond its aligned dwords. */
    static int read16(LinearMemory mem, int linear) {
        int low = mem.systemRead32(linear & ~3) >>> (linear & 3) * 8;
        return (linear & 3) == 3 ? low | read8(mem, linear + 1) << 8 : low & 0xFFFF;
    }

    /** Writes a word with the system's rights. */
    static void write16(LinearMemory mem, int linear, int value) {
        write8(mem, linear, value);
        write8(mem, linear + 1, value >>> 8);
    }

    private static void write8(LinearMemory mem, int linear, int value) {
        int shift = (linear & 3) * 8;
        int others = mem.systemRead32(linear & ~3) & ~(0xFF << shift);
        mem.systemWrite32(linear & ~3, others | (value & 0xFF) << shift);
    }

    private static int read8(LinearMemory mem, int linear) {
        return mem.systemRead32(linear & ~3) >>> (linear & 3) * 8 & 0xFF;
    }
}
