package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * A place on a stack, present or future: pushes and pops move the cursor and leave SS and ESP alone until {@link #commit}, so a
 * fault halfway through a far transfer leaves the processor as it was.
 */
final class StackCursor {
    private final CpuState cpu;
    private final LinearMemory mem;
    private final Segment segment;
    private final int errorCode;
    private final int mask;
    private int esp;

    private StackCursor(CpuState cpu, LinearMemory mem, Segment segment, int esp, int errorCode) {
        this.cpu = cpu;
        this.mem = mem;
        this.segment = segment;
        this.esp = esp;
        this.errorCode = errorCode;
        this.mask = segment.big() ? -1 : 0xFFFF;
    }

    /** The processor's own SS:ESP; beyond its limit is #SS(0). */
    static StackCursor current(CpuState cpu, LinearMemory mem) {
        return new StackCursor(cpu, mem, cpu.segments[Segment.SS], cpu.regs[CpuState.ESP], 0);
    }

    /** A stack that SS does not hold yet; beyond its limit is #SS(selector). Accesses are made at the CPL of their moment. */
    static StackCursor at(CpuState cpu, LinearMemory mem, Segment segment, int esp) {
        return new StackCursor(cpu, mem, segment, esp, Descriptors.error(segment.selector));
    }

    /**
     * Raises now whatever pushing this many bytes would raise, so that the pushes that follow cannot fault.
     *
     * @param cpl privilege level at which they will be made
     */
    void reserve(int lengthBytes, int cpl) {
        int now = cpu.cpl;
        mem.setCpl(cpl);
        try {
            boolean wraps = Integer.compareUnsigned(esp - 1 & mask, lengthBytes - 1) < 0;
            int chunk = wraps ? 2 : lengthBytes;
            for (int below = chunk; below <= lengthBytes; below += chunk) {
                mem.touchForUpdate(linear(esp - below, chunk, true), chunk);
            }
        } finally {
            mem.setCpl(now);
        }
    }

    /** @param bits 16 or 32 */
    void push(int value, int bits) {
        int to = esp - bits / 8;
        int linear = linear(to, bits / 8, true);
        if (bits == 32) {
            mem.write32(linear, value);
        } else {
            mem.write16(linear, value);
        }
        move(to);
    }

    /**
     * @param bits 16 or 32
     * @return the value, zero-extended
     */
    int pop(int bits) {
        int linear = linear(esp, bits / 8, false);
        int value = bits == 32 ? mem.read32(linear) : mem.read16(linear);
        move(esp + bits / 8);
        return value;
    }

    /** Pops a selector, of which 16 bits are read whatever its place on the stack measures. */
    int popSelector(int bits) {
        int selector = mem.read16(linear(esp, 2, false));
        move(esp + bits / 8);
        return selector;
    }

    /** Passes over bytes without reading them. */
    void skip(int lengthBytes) {
        move(esp + lengthBytes);
    }

    /** Makes SS:ESP this place. */
    void commit() {
        cpu.segments[Segment.SS].load(segment);
        cpu.regs[CpuState.ESP] = esp;
    }

    private void move(int to) {
        esp = esp & ~mask | to & mask;
    }

    private int linear(int at, int lengthBytes, boolean write) {
        int offset = at & mask;
        if (segment.flat) {
            return offset;
        }
        if (!LinearMemory.allows(segment, offset, lengthBytes, write)) {
            throw cpu.fault(Vector.SS, errorCode);
        }
        return segment.base + offset;
    }
}
