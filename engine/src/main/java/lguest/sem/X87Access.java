package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * What x87 instructions begin and end with (SDM vol. 1 "Programming with the x87 FPU"). Each finds its operands, lets a
 * {@code Float80} class work out the result, and then either commits it or, for an exception that is not masked, leaves the
 * operands as they were and the error summary set; #MF comes with the next instruction that looks.
 *
 * <p>Parameters in all {@code X87} classes: {@code sti} is the i of ST(i), {@code self} the instruction's own EIP for the
 * instruction pointer, {@code bits} the width of the memory operand. An M at the end of a name means a real in memory.
 */
public final class X87Access {
    private X87Access() {
    }

    /** @throws lguest.cpu.CpuFault #NM while the unit belongs to another task or is to be emulated */
    static Fpu available(CpuState cpu) {
        if ((cpu.cr0 & (CpuState.CR0_EM | CpuState.CR0_TS)) != 0) {
            throw cpu.fault(Vector.NM, 0);
        }
        return cpu.fpu;
    }

    /**
     * @throws lguest.cpu.CpuFault #MF for an earlier instruction's exception; also where CR0.NE asks for the PC's interrupt 13
     */
    static void reportPending(CpuState cpu) {
        if ((cpu.fpu.status & Fpu.ES) != 0) {
            throw cpu.fault(Vector.MF, 0);
        }
    }

    /** What every MMX instruction begins with: #UD, #NM or #MF. SDM vol. 3A "Effect of MMX Instructions". */
    public static void mmx(CpuState cpu) {
        if ((cpu.cr0 & CpuState.CR0_EM) != 0) {
            throw cpu.fault(Vector.UD, 0);
        }
        available(cpu);
        reportPending(cpu);
    }

    static Fpu enter(CpuState cpu) {
        Fpu fpu = available(cpu);
        reportPending(cpu);
        fpu.raised = 0;
        return fpu;
    }

    static Fpu enter(CpuState cpu, int self) {
        Fpu fpu = enter(cpu);
        fpu.instructionOffset = self;
        fpu.instructionSelector = cpu.segments[Segment.CS].selector;
        return fpu;
    }

    /** Sets the instruction and operand pointers, once the operand was reached without a fault. */
    static void locate(CpuState cpu, Fpu fpu, int self, int segment, int offset) {
        fpu.instructionOffset = self;
        fpu.instructionSelector = cpu.segments[Segment.CS].selector;
        fpu.operandOffset = offset;
        fpu.operandSelector = cpu.segments[segment].selector;
    }

    static long readReal(LinearMemory mem, int segment, int offset, int bits) {
        return bits == 32 ? mem.read32(segment, offset) : mem.read64(segment, offset);
    }

    static long readInteger(LinearMemory mem, int segment, int offset, int bits) {
        return switch (bits) {
            case 16 -> (short) mem.read16(segment, offset);
            case 32 -> mem.read32(segment, offset);
            default -> mem.read64(segment, offset);
        };
    }

    static boolean present(Fpu fpu) {
        if (fpu.isEmpty(0)) {
            underflow(fpu);
            return false;
        }
        return true;
    }

    static boolean present(Fpu fpu, int sti) {
        if (fpu.isEmpty(0) || fpu.isEmpty(sti)) {
            underflow(fpu);
            return false;
        }
        return true;
    }

    static void underflow(Fpu fpu) {
        fpu.raised = Fpu.IE | Fpu.SF;
        fpu.result(Float80.INDEFINITE_SE, Float80.INDEFINITE);
    }

    static void overflow(Fpu fpu) {
        fpu.raised = Fpu.IE | Fpu.SF | Fpu.C1;
        fpu.result(Float80.INDEFINITE_SE, Float80.INDEFINITE);
    }

    static void replaceTop(Fpu fpu) {
        if (commit(fpu)) {
            fpu.storeResult(0);
        }
    }

    /** The outcome replaces ST and the value given is pushed. */
    static void replaceTopAndPush(Fpu fpu, int se, long sig) {
        if (commit(fpu)) {
            fpu.storeResult(0);
            fpu.result(se, sig);
            fpu.pushResult();
        }
    }

    static void push(Fpu fpu) {
        if (commit(fpu)) {
            fpu.pushResult();
        }
    }

    /**
     * Adds what was raised to the status word.
     *
     * @return whether the result counts: invalid operations, denormal operands and divisions by zero that are not masked stop
     *     an instruction before it has one
     */
    static boolean commit(Fpu fpu) {
        int unmasked = fpu.raised & ~fpu.control & Fpu.EXCEPTIONS;
        if (unmasked == 0) {
            fpu.status = fpu.status & ~Fpu.C1 | fpu.raised;
            return true;
        }
        boolean counts = (unmasked & (Fpu.IE | Fpu.DE | Fpu.ZE)) == 0;
        if (!counts) {
            fpu.raised &= Fpu.IE | Fpu.DE | Fpu.ZE | Fpu.SF | ((fpu.raised & Fpu.SF) != 0 ? Fpu.C1 : 0);
        }
        fpu.status = fpu.status & ~Fpu.C1 | fpu.raised | Fpu.ES | Fpu.B;
        return counts;
    }

    /** FCMOVcc and FCOMI leave C1 as it was, whatever the manual says, unless a register is empty. */
    static boolean commitKeepingC1(Fpu fpu) {
        int before = fpu.status & Fpu.C1;
        boolean counts = commit(fpu);
        if ((fpu.raised & Fpu.SF) == 0) {
            fpu.status |= before;
        }
        return counts;
    }
}
