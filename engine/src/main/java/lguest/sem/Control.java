package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/** Near jumps, calls and returns. A target beyond the code segment's limit is #GP(0) at the instruction that names it. */
public final class Control {
    private Control() {
    }

    @Semantics
    public static void jmp(CpuState cpu, int target, int operandBits) {
        jump(cpu, Flags.cut(target, operandBits));
    }

    @Semantics
    public static void jcc(CpuState cpu, int target, int cc) {
        if (cpu.condition(cc)) {
            jump(cpu, target);
        }
    }

    @Semantics
    public static void call(CpuState cpu, LinearMemory mem, int target, int next, int operandBits) {
        int destination = checked(cpu, Flags.cut(target, operandBits));
        Stack.push(cpu, mem, next, operandBits);
        cpu.eip = destination;
    }

    @Semantics
    public static void ret(CpuState cpu, LinearMemory mem, int operandBits) {
        int destination = checked(cpu, Stack.top(cpu, mem, 0, operandBits));
        Stack.move(cpu, operandBits >> 3);
        cpu.eip = destination;
    }

    /** RET imm16: frees {@code bytes} of arguments, too. */
    @Semantics
    public static void retImmediate(CpuState cpu, LinearMemory mem, int bytes, int operandBits) {
        int destination = checked(cpu, Stack.top(cpu, mem, 0, operandBits));
        Stack.move(cpu, (operandBits >> 3) + bytes);
        cpu.eip = destination;
    }

    @Semantics
    public static void loop(CpuState cpu, int target, int addressBits) {
        if (count(cpu, addressBits) != 0) {
            jump(cpu, target);
        }
        decrement(cpu, addressBits);
    }

    @Semantics
    public static void loope(CpuState cpu, int target, int addressBits) {
        if (count(cpu, addressBits) != 0 && cpu.zf()) {
            jump(cpu, target);
        }
        decrement(cpu, addressBits);
    }

    @Semantics
    public static void loopne(CpuState cpu, int target, int addressBits) {
        if (count(cpu, addressBits) != 0 && !cpu.zf()) {
            jump(cpu, target);
        }
        decrement(cpu, addressBits);
    }

    @Semantics
    public static void jcxz(CpuState cpu, int target, int addressBits) {
        if (Flags.cut(cpu.regs[CpuState.ECX], addressBits) == 0) {
            jump(cpu, target);
        }
    }

    /** The count after the decrement that has yet to be stored: the jump may fault first. */
    private static int count(CpuState cpu, int addressBits) {
        return Flags.cut(cpu.regs[CpuState.ECX] - 1, addressBits);
    }

    private static void decrement(CpuState cpu, int addressBits) {
        cpu.setReg(CpuState.ECX, cpu.regs[CpuState.ECX] - 1, addressBits);
    }

    private static void jump(CpuState cpu, int target) {
        cpu.eip = checked(cpu, target);
    }

    private static int checked(CpuState cpu, int target) {
        if (Integer.compareUnsigned(target, cpu.segments[Segment.CS].limit) > 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return target;
    }
}
