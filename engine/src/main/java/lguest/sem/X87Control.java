package lguest.sem;

import static lguest.sem.X87Access.available;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.reportPending;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Control word, status word, and the whole state to and from memory (SDM vol. 1 "x87 FPU Control Instructions", vol. 2A
 * "FXSAVE"). Those that do not wait, FNINIT to FNSAVE, run even while an exception is pending.
 */
public final class X87Control {
    private X87Control() {
    }

    @Semantics
    public static void fnop(CpuState cpu, int self) {
        enter(cpu, self);
    }

    /** FENI, FDISI and FSETPM meant something to the 8087 and the 80287; since then they do nothing. */
    @Semantics
    public static void fnop8087(CpuState cpu) {
        available(cpu);
    }

    /** FWAIT: reports what is pending. Unlike the others it heeds TS only together with MP. */
    @Semantics
    public static void fwait(CpuState cpu) {
        int both = CpuState.CR0_MP | CpuState.CR0_TS;
        if ((cpu.cr0 & both) == both) {
            throw cpu.fault(Vector.NM, 0);
        }
        reportPending(cpu);
    }

    @Semantics
    public static void fninit(CpuState cpu) {
        available(cpu).initialize();
    }

    @Semantics
    public static void fnclex(CpuState cpu) {
        available(cpu).status &= Fpu.C0 | Fpu.C1 | Fpu.C2 | Fpu.C3;
    }

    @Semantics
    public static void fldcw(CpuState cpu, LinearMemory mem, int segment, int offset) {
        enter(cpu).setControl(mem.read16(segment, offset));
    }

    @Semantics
    public static void fnstcw(CpuState cpu, LinearMemory mem, int segment, int offset) {
        mem.write16(segment, offset, available(cpu).control);
    }

    @Semantics
    public static void fnstsw(CpuState cpu, LinearMemory mem, int segment, int offset) {
        mem.write16(segment, offset, available(cpu).statusWord());
    }

    @Semantics
    public static int fnstswAx(CpuState cpu) {
        return available(cpu).statusWord();
    }

    @Semantics
    public static void fldenv(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        X87Environment.load(enter(cpu), mem, segment, offset, operandBits);
    }

    /** Stores the environment and masks all exceptions. */
    @Semantics
    public static void fnstenv(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        Fpu fpu = available(cpu);
        X87Environment.store(fpu, mem, segment, offset, operandBits);
        fpu.setControl(fpu.control | Fpu.EXCEPTIONS);
    }

    @Semantics
    public static void frstor(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        X87Environment.restore(enter(cpu), mem, segment, offset, operandBits);
    }

    /** Stores environment and registers, then does what FNINIT does. */
    @Semantics
    public static void fnsave(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        Fpu fpu = available(cpu);
        X87Environment.save(fpu, mem, segment, offset, operandBits);
        fpu.initialize();
    }

    @Semantics
    public static void fxsave(CpuState cpu, LinearMemory mem, int segment, int offset) {
        X87Environment.fxsave(cpu, available(cpu), mem, segment, offset);
    }

    @Semantics
    public static void fxrstor(CpuState cpu, LinearMemory mem, int segment, int offset) {
        X87Environment.fxrstor(cpu, available(cpu), mem, segment, offset);
    }
}
