package lguest.translate;

import lguest.cpu.Segment;
import lguest.isa.Operand;

/** What an instruction does as far as translation is concerned: whether there is an emitter for it, and what becomes of flags. */
final class Effect {
    private Effect() {
    }

    /**
     * Whether {@link Emitter} has code for it; otherwise its semantic method is called.
     *
     * @param live whether its status flags are needed
     */
    static boolean isEmitted(Step step, boolean live) {
        String semantics = step.semantics();
        if (semantics.startsWith("control.") || semantics.equals("-")) {
            return true;
        }
        if (step.careful() && (step.operandPlace() != null || step.stackPlace() != null)) {
            return false;
        }
        switch (semantics) {
            case "stack.leave", "stack.pusha", "stack.popa", "segments.push" -> {
                return step.insn().operandBits() == 32;
            }
            default -> { }
        }
        for (Operand operand : step.insn().operands()) {
            if (!isSimple(operand)) {
                return false;
            }
        }
        boolean dword = step.form().bits() == 32;
        boolean exchange = step.insn().row().exchange();
        return switch (semantics) {
            case "mov.mov", "bits.setcc" -> true;
            case "mov.movsx", "mov.cmov", "mov.bswap" -> dword;
            case "mov.lea" -> dword && step.insn().addressBits() == 32;
            case "mov.xchg" -> dword;
            case "mov.cbw", "mov.cwd" -> step.insn().operandBits() == 32;
            case "alu.add", "alu.sub", "alu.and", "alu.or", "alu.xor", "alu.cmp", "alu.test" -> !exchange;
            case "alu.adc", "alu.sbb", "alu.inc", "alu.dec", "alu.neg", "alu.not" -> dword;
            case "shift.shl", "shift.shr", "shift.sar" -> dword && (shifts(step) || !live);
            case "shift.rol", "shift.ror" -> dword && !live;
            case "muldiv.imul", "muldiv.imul1", "muldiv.mul" -> dword;
            case "stack.push" -> step.insn().operandBits() == 32 && step.operand(0).bits() != 16;
            case "stack.pop" -> step.insn().operandBits() == 32 && step.operand(0) instanceof Operand.Register;
            default -> false;
        };
    }

    /** Registers, constants, and memory in a flat segment. */
    private static boolean isSimple(Operand operand) {
        if (operand instanceof Operand.Memory memory) {
            int segment = memory.segment();
            return memory.addressBits() == 32 && (segment == Segment.DS || segment == Segment.ES || segment == Segment.SS)
                && memory.bits() <= 32;
        }
        return operand instanceof Operand.Register || operand instanceof Operand.Immediate;
    }

    /** A shift by a constant other than 0: it sets all flags. */
    static boolean shifts(Step step) {
        return step.operand(1) instanceof Operand.Immediate count && (count.value() & 31) != 0;
    }

    /** The kind of {@link LazyFlags} it leaves if it sets all of them and has an emitter; -1 if not. */
    static int kind(Step step) {
        int shift = 32 - step.form().bits() << LazyFlags.SHIFT_AT;
        return switch (step.semantics()) {
            case "alu.add" -> LazyFlags.ADD | shift;
            case "alu.sub", "alu.cmp", "alu.neg" -> LazyFlags.SUB | shift;
            case "alu.and", "alu.or", "alu.xor", "alu.test" -> LazyFlags.LOGIC;
            case "alu.adc", "alu.sbb", "shift.shl", "shift.shr", "shift.sar", "muldiv.imul", "muldiv.imul1", "muldiv.mul" ->
                LazyFlags.WORDS;
            case "alu.inc" -> LazyFlags.INC;
            case "alu.dec" -> LazyFlags.DEC;
            default -> -1;
        };
    }

    /**
     * Whether it needs the flags of before: to compute with, or to be exact where execution may leave in the middle.
     *
     * @param leaves if there is an emitter for it, it may leave what it does to the interpreter
     */
    static boolean needsFlags(Step step, boolean leaves) {
        return switch (step.semantics()) {
            case "alu.adc", "alu.sbb", "alu.inc", "alu.dec", "bits.setcc", "mov.cmov", "control.jcc", "control.ret", "control.retImmediate",
                 "control.loope", "control.loopne" -> true;
            case "control.call" -> leaves || step.calls();
            case "shift.shl", "shift.shr", "shift.sar", "shift.rol", "shift.ror" -> leaves || !step.isEmitted(false);
            default -> leaves || !step.isEmitted(true);
        };
    }

    /** Whether a semantic method has to do with status flags. */
    static boolean touchesFlags(Step step) {
        String flags = step.insn().row().flags();
        return !flags.equals("-") && !flags.equals("D->") && !flags.equals("->D");
    }
}
