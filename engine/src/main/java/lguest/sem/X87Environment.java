package lguest.sem;

import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.cpu.Simd;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * The unit's state in memory (SDM vol. 1 "x87 FPU State", vol. 2A "FXSAVE"), protected-mode layouts. The environment is seven
 * words of 16 or 32 bits; FNSAVE puts the registers behind it in the order of the stack, ten bytes each.
 *
 * <pre>
 * word   16-bit              32-bit (upper half of words 0, 1, 2 and 6: ones)
 * 0      control             control
 * 1      status              status
 * 2      tag                 tag
 * 3      instruction offset  instruction offset
 * 4      selector            opcode (11 bits) | selector
 * 5      operand offset      operand offset
 * 6      selector            selector
 * </pre>
 */
final class X87Environment {
    private static final int WORDS = 7;
    private static final int REGISTER_BYTES = 10;
    private static final int REGISTERS_BYTES = 8 * REGISTER_BYTES;
    private static final int UNUSED = 0xFFFF0000;
    private static final int OPCODE = 0x7FF;

    private static final int FXSAVE_BYTES = 512;
    private static final int FXSAVE_REGISTERS = 32;
    private static final int FXSAVE_STRIDE = 16;
    private static final int FXSAVE_MXCSR = 24;
    private static final int FXSAVE_XMM = 160;
    private static final int XMM_QUADWORDS = 16;

    private X87Environment() {
    }

    static void store(Fpu fpu, LinearMemory mem, int segment, int offset, int bits) {
        storeWords(fpu, mem, writable(mem, segment, offset, WORDS * bits / 8), bits);
    }

    static void load(Fpu fpu, LinearMemory mem, int segment, int offset, int bits) {
        loadWords(fpu, mem, readable(mem, segment, offset, WORDS * bits / 8), bits);
    }

    static void save(Fpu fpu, LinearMemory mem, int segment, int offset, int bits) {
        int environmentBytes = WORDS * bits / 8;
        int linear = writable(mem, segment, offset, environmentBytes + REGISTERS_BYTES);
        storeWords(fpu, mem, linear, bits);
        for (int i = 0; i < 8; i++) {
            storeRegister(fpu, i, mem, linear + environmentBytes + i * REGISTER_BYTES);
        }
    }

    static void restore(Fpu fpu, LinearMemory mem, int segment, int offset, int bits) {
        int environmentBytes = WORDS * bits / 8;
        int linear = readable(mem, segment, offset, environmentBytes + REGISTERS_BYTES);
        loadWords(fpu, mem, linear, bits);
        for (int i = 0; i < 8; i++) {
            loadRegister(fpu, i, mem, linear + environmentBytes + i * REGISTER_BYTES);
        }
    }

    /** XMM registers and MXCSR, too, where the system says that it saves them; what has no meaning is left alone. */
    static void fxsave(CpuState cpu, Fpu fpu, LinearMemory mem, int segment, int offset) {
        int linear = writable(mem, segment, aligned(cpu, mem, segment, offset, true), FXSAVE_BYTES);
        mem.write16(linear, fpu.control);
        mem.write16(linear + 2, fpu.statusWord());
        mem.write16(linear + 4, ~fpu.empty & 0xFF);
        mem.write16(linear + 6, fpu.opcode);
        mem.write32(linear + 8, fpu.instructionOffset);
        mem.write32(linear + 12, fpu.instructionSelector);
        mem.write32(linear + 16, fpu.operandOffset);
        mem.write32(linear + 20, fpu.operandSelector);
        for (int i = 0; i < 8; i++) {
            int at = linear + FXSAVE_REGISTERS + i * FXSAVE_STRIDE;
            storeRegister(fpu, i, mem, at);
            mem.write16(at + 10, 0);
            mem.write32(at + 12, 0);
        }
        if (savesXmm(cpu)) {
            mem.write32(linear + FXSAVE_MXCSR, cpu.simd.mxcsr);
            mem.write32(linear + FXSAVE_MXCSR + 4, SseState.mxcsrBits(cpu.model));
            for (int i = 0; i < XMM_QUADWORDS; i++) {
                mem.write64(linear + FXSAVE_XMM + 8 * i, cpu.simd.file[Simd.XMM + i]);
            }
        }
    }

    static void fxrstor(CpuState cpu, Fpu fpu, LinearMemory mem, int segment, int offset) {
        int linear = readable(mem, segment, aligned(cpu, mem, segment, offset, false), FXSAVE_BYTES);
        if (savesXmm(cpu)) {
            SseState.load(cpu, mem.read32(linear + FXSAVE_MXCSR));
            for (int i = 0; i < XMM_QUADWORDS; i++) {
                cpu.simd.file[Simd.XMM + i] = mem.read64(linear + FXSAVE_XMM + 8 * i);
            }
        }
        fpu.setControl(mem.read16(linear));
        fpu.setStatusWord(mem.read16(linear + 2));
        fpu.empty = ~mem.read8(linear + 4) & 0xFF;
        fpu.opcode = mem.read16(linear + 6) & OPCODE;
        fpu.instructionOffset = mem.read32(linear + 8);
        fpu.instructionSelector = mem.read16(linear + 12);
        fpu.operandOffset = mem.read32(linear + 16);
        fpu.operandSelector = mem.read16(linear + 20);
        for (int i = 0; i < 8; i++) {
            loadRegister(fpu, i, mem, linear + FXSAVE_REGISTERS + i * FXSAVE_STRIDE);
        }
    }

    private static boolean savesXmm(CpuState cpu) {
        return (cpu.model.features() & CpuModel.SSE) != 0 && (cpu.cr4 & CpuState.CR4_OSFXSR) != 0;
    }

    /** @throws lguest.cpu.CpuFault #GP(0) unless the linear address is a multiple of 16 */
    private static int aligned(CpuState cpu, LinearMemory mem, int segment, int offset, boolean write) {
        if ((mem.linear(segment, offset, FXSAVE_BYTES, write) & 15) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return offset;
    }

    private static void storeWords(Fpu fpu, LinearMemory mem, int linear, int bits) {
        storeWord(mem, linear, 0, bits, UNUSED | fpu.control);
        storeWord(mem, linear, 1, bits, UNUSED | fpu.statusWord());
        storeWord(mem, linear, 2, bits, UNUSED | fpu.tagWord());
        storeWord(mem, linear, 3, bits, fpu.instructionOffset);
        storeWord(mem, linear, 4, bits, fpu.opcode << 16 | fpu.instructionSelector);
        storeWord(mem, linear, 5, bits, fpu.operandOffset);
        storeWord(mem, linear, 6, bits, UNUSED | fpu.operandSelector);
    }

    private static void storeWord(LinearMemory mem, int linear, int number, int bits, int value) {
        if (bits == 16) {
            mem.write16(linear + 2 * number, value);
        } else {
            mem.write32(linear + 4 * number, value);
        }
    }

    private static void loadWords(Fpu fpu, LinearMemory mem, int linear, int bits) {
        fpu.setControl(loadWord(mem, linear, 0, bits));
        fpu.setStatusWord(loadWord(mem, linear, 1, bits));
        fpu.setTagWord(loadWord(mem, linear, 2, bits));
        fpu.instructionOffset = loadWord(mem, linear, 3, bits);
        int selector = loadWord(mem, linear, 4, bits);
        fpu.instructionSelector = selector & 0xFFFF;
        fpu.opcode = selector >>> 16 & OPCODE;
        fpu.operandOffset = loadWord(mem, linear, 5, bits);
        fpu.operandSelector = loadWord(mem, linear, 6, bits) & 0xFFFF;
    }

    private static int loadWord(LinearMemory mem, int linear, int number, int bits) {
        return bits == 16 ? mem.read16(linear + 2 * number) : mem.read32(linear + 4 * number);
    }

    private static void storeRegister(Fpu fpu, int i, LinearMemory mem, int linear) {
        int n = fpu.physical(i);
        mem.write64(linear, fpu.significand[n]);
        mem.write16(linear + 8, fpu.signExponent[n]);
    }

    private static void loadRegister(Fpu fpu, int i, LinearMemory mem, int linear) {
        int n = fpu.physical(i);
        fpu.significand[n] = mem.read64(linear);
        fpu.signExponent[n] = mem.read16(linear + 8);
    }

    /** Raises every fault that storing this much can raise, before anything is stored. */
    private static int writable(LinearMemory mem, int segment, int offset, int lengthBytes) {
        int linear = mem.linear(segment, offset, lengthBytes, true);
        mem.touch(linear, lengthBytes, true);
        return linear;
    }

    private static int readable(LinearMemory mem, int segment, int offset, int lengthBytes) {
        int linear = mem.linear(segment, offset, lengthBytes, false);
        mem.touch(linear, lengthBytes, false);
        return linear;
    }
}
