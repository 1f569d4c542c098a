package lguest.sem;

import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.Simd;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/** MXCSR, and what SSE instructions begin and end with (SDM vol. 1 "Programming with Streaming SIMD Extensions"). */
public final class SseState {
    /** Found before there is a result, each for its element; the other three come with results. */
    private static final int BEFORE = Simd.IE | Simd.DE | Simd.ZE;

    private SseState() {
    }

    /** @throws lguest.cpu.CpuFault #UD where the system does not save XMM registers, #NM while they belong to another task */
    public static void available(CpuState cpu) {
        if ((cpu.cr0 & CpuState.CR0_EM) != 0 || (cpu.cr4 & CpuState.CR4_OSFXSR) == 0) {
            throw cpu.fault(Vector.UD, 0);
        }
        if ((cpu.cr0 & CpuState.CR0_TS) != 0) {
            throw cpu.fault(Vector.NM, 0);
        }
    }

    /**
     * Adds what was raised to the flags; after it the result counts.
     *
     * @throws lguest.cpu.CpuFault #XM if one of them is not masked, or #UD if the system does not know of #XM
     */
    static void commit(CpuState cpu) {
        Simd simd = cpu.simd;
        int raised = simd.raised;
        if (raised == 0) {
            return;
        }
        int unmasked = raised & ~(simd.mxcsr >>> Simd.MASK_SHIFT);
        if (unmasked == 0) {
            simd.mxcsr |= raised;
            return;
        }
        simd.mxcsr |= (unmasked & BEFORE) != 0 ? raised & BEFORE : raised;
        throw cpu.fault((cpu.cr4 & CpuState.CR4_OSXMMEXCPT) != 0 ? Vector.XM : Vector.UD, 0);
    }

    /** The bits of MXCSR that a model has: DAZ came with SSE2. */
    static int mxcsrBits(CpuModel model) {
        return model.has("SSE2") ? Simd.MXCSR_BITS : Simd.MXCSR_BITS & ~Simd.DAZ;
    }

    /** LDMXCSR: #GP(0) for bits that the model lacks. */
    @Semantics
    public static void ldmxcsr(CpuState cpu, LinearMemory mem, int segment, int offset) {
        available(cpu);
        load(cpu, mem.read32(segment, offset));
    }

    static void load(CpuState cpu, int value) {
        if ((value & ~mxcsrBits(cpu.model)) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        cpu.simd.mxcsr = value;
    }

    @Semantics
    public static void stmxcsr(CpuState cpu, LinearMemory mem, int segment, int offset) {
        available(cpu);
        mem.write32(segment, offset, cpu.simd.mxcsr);
    }
}
