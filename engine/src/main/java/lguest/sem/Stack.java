package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.mem.LinearMemory;

/** The stack: SS with ESP or, on a 16-bit stack, SP. The pointer moves last, so a fault leaves it where it was. */
public final class Stack {
    private Stack() {
    }

    /** The offset {@code delta} bytes from the stack pointer, cut to the stack's address size. */
    static int at(CpuState cpu, int delta) {
        int esp = cpu.regs[CpuState.ESP] + delta;
        return cpu.segments[Segment.SS].big() ? esp : esp & 0xFFFF;
    }

    /** Whether ESP is the linear address of what is on the stack. */
    static boolean simple(CpuState cpu) {
        return cpu.segments[Segment.SS].flat && cpu.segments[Segment.SS].big();
    }

    /** Moves the stack pointer. */
    static void move(CpuState cpu, int delta) {
        int esp = cpu.regs[CpuState.ESP];
        cpu.regs[CpuState.ESP] = cpu.segments[Segment.SS].big() ? esp + delta : esp & 0xFFFF0000 | esp + delta & 0xFFFF;
    }

    @Semantics
    public static void push(CpuState cpu, LinearMemory mem, int value, int operandBits) {
        int delta = -(operandBits >> 3);
        if (operandBits == 32) {
            mem.write32(Segment.SS, at(cpu, delta), value);
        } else {
            mem.write16(Segment.SS, at(cpu, delta), value);
        }
        move(cpu, delta);
    }

    @Semantics
    public static int pop(CpuState cpu, LinearMemory mem, int operandBits) {
        int value = top(cpu, mem, 0, operandBits);
        move(cpu, operandBits >> 3);
        return value;
    }

    /** POP to memory; the row has moved {@code offset} already if its base is ESP. */
    @Semantics
    public static void popMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        mem.write(segment, offset, top(cpu, mem, 0, operandBits), operandBits);
        move(cpu, operandBits >> 3);
    }

    /** The value {@code delta} bytes above the stack pointer, which stays. */
    static int top(CpuState cpu, LinearMemory mem, int delta, int operandBits) {
        return operandBits == 32 ? mem.read32(Segment.SS, at(cpu, delta)) : mem.read16(Segment.SS, at(cpu, delta));
    }

    /**
     * PUSHA: AX CX DX BX, the SP of before, BP SI DI. What it has pushed before a fault stays written, below the stack pointer.
     * SDM vol. 2B "PUSHA".
     */
    @Semantics
    public static void pusha(CpuState cpu, LinearMemory mem, int operandBits) {
        int bytes = operandBits >> 3;
        if (operandBits == 32 && simple(cpu) && mem.pushQuietly(cpu.regs[CpuState.ESP], cpu.regs, 8)) {
            cpu.regs[CpuState.ESP] -= 32;
            return;
        }
        for (int i = 0; i < 8; i++) {
            mem.write(Segment.SS, at(cpu, -bytes * (i + 1)), cpu.regs[i], operandBits);
        }
        move(cpu, -8 * bytes);
    }

    /** POPA, all or nothing: processors keep the registers that were loaded before a fault. SDM vol. 2B "POPA". */
    @Semantics
    public static void popa(CpuState cpu, LinearMemory mem, int operandBits) {
        int bytes = operandBits >> 3;
        int esp = cpu.regs[CpuState.ESP];
        if (operandBits == 32 && simple(cpu) && mem.popQuietly(esp, cpu.regs, 8)) {
            cpu.regs[CpuState.ESP] = esp + 32;
            return;
        }
        for (int i = 0; i < 8; i++) {
            mem.touchForRead(mem.linear(Segment.SS, at(cpu, bytes * i), bytes, false), bytes);
        }
        for (int i = 0; i < 8; i++) {
            int number = 7 - i;
            if (number != CpuState.ESP) {
                cpu.setReg(number, top(cpu, mem, bytes * i, operandBits), operandBits);
            }
        }
        move(cpu, 8 * bytes);
    }

    /**
     * ENTER with its display of outer frames. What it has pushed before a fault stays written, below the stack pointer; the place
     * where the new frame ends must be writable, too. SDM vol. 2A "ENTER".
     */
    @Semantics
    public static void enter(CpuState cpu, LinearMemory mem, int size, int nesting, int operandBits) {
        int bytes = operandBits >> 3;
        int level = nesting & 31;
        boolean big = cpu.segments[Segment.SS].big();
        int ebp = cpu.regs[CpuState.EBP];
        int frame = at(cpu, -bytes);
        int pushes = level == 0 ? 1 : level + 1;
        // On a stack of 64 KiB the pointer moves in SP, but the frame pointer is all of ESP.
        int framePointer = big ? frame : cpu.regs[CpuState.ESP] & 0xFFFF0000 | frame;
        mem.write(Segment.SS, frame, ebp, operandBits);
        for (int i = 1; i < level; i++) {
            int display = big ? ebp - bytes * i : ebp - bytes * i & 0xFFFF;
            mem.write(Segment.SS, at(cpu, -bytes * (i + 1)), mem.read(Segment.SS, display, operandBits), operandBits);
        }
        if (level > 0) {
            mem.write(Segment.SS, at(cpu, -bytes * pushes), framePointer, operandBits);
        }
        int end = at(cpu, -bytes * pushes - size);
        mem.touch(mem.linear(Segment.SS, end, bytes, true), bytes, true);
        cpu.setReg(CpuState.EBP, framePointer, operandBits);
        move(cpu, -bytes * pushes - size);
    }

    @Semantics
    public static void leave(CpuState cpu, LinearMemory mem, int operandBits) {
        boolean big = cpu.segments[Segment.SS].big();
        int ebp = cpu.regs[CpuState.EBP];
        int frame = big ? ebp : ebp & 0xFFFF;
        int saved = mem.read(Segment.SS, frame, operandBits);
        cpu.setReg(CpuState.ESP, frame, big ? 32 : 16);
        move(cpu, operandBits >> 3);
        cpu.setReg(CpuState.EBP, saved, operandBits);
    }
}
