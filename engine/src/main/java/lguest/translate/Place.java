package lguest.translate;

import lguest.cpu.CpuState;
import lguest.isa.Operand;

/**
 * Memory that an instruction accesses, in a flat segment.
 *
 * @param base register number or {@link Operand#NO_REGISTER}
 * @param index register number or {@link Operand#NO_REGISTER}
 * @param shift of the index, 0 to 3
 * @param bytes 1, 2 or 4, or 32 for all registers
 * @param write whether it is written, after it has been read perhaps
 */
record Place(int base, int index, int shift, int displacement, int bytes, boolean write) {
    /** The memory operand of an instruction that has an emitter; null if it accesses none. */
    static Place operand(Step step) {
        Operand.Memory memory = step.insn().memory();
        if (memory == null || step.semantics().equals("mov.lea") || step.semantics().equals("-")) {
            return null;
        }
        return new Place(memory.base(), memory.index(), memory.shift(), memory.displacement(), memory.bits() >> 3, writes(step));
    }

    private static boolean writes(Step step) {
        return switch (step.semantics()) {
            case "alu.cmp", "alu.test", "stack.push", "control.jmp", "control.call", "muldiv.mul", "muldiv.imul1" -> false;
            case "mov.xchg" -> true;
            default -> step.operand(0) instanceof Operand.Memory;
        };
    }

    /** Where an instruction that has an emitter uses the stack; null if it does not. */
    static Place stack(Step step) {
        return switch (step.semantics()) {
            case "stack.push", "control.call" -> new Place(CpuState.ESP, Operand.NO_REGISTER, 0, -4, 4, true);
            case "stack.pop", "control.ret", "control.retImmediate" -> new Place(CpuState.ESP, Operand.NO_REGISTER, 0, 0, 4, false);
            case "segments.push" -> new Place(CpuState.ESP, Operand.NO_REGISTER, 0, -4, 2, true);
            case "stack.pusha" -> new Place(CpuState.ESP, Operand.NO_REGISTER, 0, -32, 32, true);
            case "stack.popa" -> new Place(CpuState.ESP, Operand.NO_REGISTER, 0, 0, 32, false);
            case "stack.leave" -> new Place(CpuState.EBP, Operand.NO_REGISTER, 0, 0, 4, false);
            default -> null;
        };
    }
}
