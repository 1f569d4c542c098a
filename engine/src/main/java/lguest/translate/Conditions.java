package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import net.bytebuddy.jar.asm.Label;

/** Conditions of Jcc, SETcc and CMOVcc, made of the comparison before them where that is known. SDM vol. 2 "Jcc". */
final class Conditions {
    private static final String CPU_REFERENCE = "L" + Code.CPU + ";";
    /** No local variable. */
    private static final int NONE = -1;

    private final Code code;

    Conditions(Code code) {
        this.code = code;
    }

    /** As {@link LazyFlags#settle}; {@code kind} as far as it is known. */
    void settle(int kind) {
        if (kind == LazyFlags.FIELDS) {
            return;
        }
        if (kind == LazyFlags.LOGIC || kind == LazyFlags.WORDS) {
            word("flagResult", Code.R);
            word("flagCarry", kind == LazyFlags.WORDS ? Code.A : NONE);
            word("flagAux", kind == LazyFlags.WORDS ? Code.B : NONE);
            code.set(Code.KIND, LazyFlags.FIELDS);
            return;
        }
        code.cpu();
        if (kind == FlagFlow.UNKNOWN) {
            code.load(Code.KIND);
        } else {
            code.constant(kind);
        }
        code.load(Code.A);
        code.load(Code.B);
        code.load(Code.R);
        code.flags("settle", "(" + CPU_REFERENCE + "IIII)V");
        code.set(Code.KIND, LazyFlags.FIELDS);
    }

    private void word(String name, int local) {
        code.cpu();
        if (local == NONE) {
            code.constant(0);
        } else {
            code.load(local);
        }
        code.visitor.visitFieldInsn(PUTFIELD, Code.CPU, name, "I");
    }

    /**
     * Jumps if a condition holds. Flags stay what they are.
     *
     * @param cc low four bits of the opcode
     */
    void jump(int cc, int kind, Label to) {
        boolean done = kind != FlagFlow.UNKNOWN && switch (kind & LazyFlags.KIND) {
            case LazyFlags.SUB -> difference(cc, kind >> LazyFlags.SHIFT_AT, to);
            case LazyFlags.LOGIC -> logic(cc, to);
            case LazyFlags.ADD -> kind >> LazyFlags.SHIFT_AT == 0 && sum(cc, to);
            case LazyFlags.INC, LazyFlags.DEC -> result(cc, to);
            case LazyFlags.WORDS -> words(cc, to);
            default -> false;
        };
        if (!done) {
            general(cc, kind, to);
        }
    }

    private void general(int cc, int kind, Label to) {
        if (kind != LazyFlags.FIELDS) {
            code.cpu();
            code.load(Code.KIND);
            code.load(Code.A);
            code.load(Code.B);
            code.load(Code.R);
            code.flags("settle", "(" + CPU_REFERENCE + "IIII)V");
        }
        code.cpu();
        code.constant(cc);
        code.virtual(Code.CPU, "condition", "(I)Z");
        code.jump(IFNE, to);
    }

    /** A op B: the jump instructions that compare two numbers, by the upper three bits of the condition. */
    private boolean difference(int cc, int shift, Label to) {
        boolean not = (cc & 1) != 0;
        switch (cc >> 1) {
            case 1, 3 -> {
                operand(Code.A, 0);
                unsigned(shift);
                operand(Code.B, 0);
                unsigned(shift);
                code.jump(cc >> 1 == 1 ? not ? IF_ICMPGE : IF_ICMPLT : not ? IF_ICMPGT : IF_ICMPLE, to);
            }
            case 2 -> {
                operand(Code.A, 0);
                operand(Code.B, 0);
                code.jump(not ? IF_ICMPNE : IF_ICMPEQ, to);
            }
            case 4 -> {
                operand(Code.A, 0);
                operand(Code.B, 0);
                code.op(ISUB);
                sign(shift);
                code.jump(not ? IFGE : IFLT, to);
            }
            case 6, 7 -> {
                operand(Code.A, shift);
                operand(Code.B, shift);
                code.jump(cc >> 1 == 6 ? not ? IF_ICMPGE : IF_ICMPLT : not ? IF_ICMPGT : IF_ICMPLE, to);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void operand(int local, int shift) {
        code.load(local);
        sign(shift);
    }

    private void sign(int shift) {
        if (shift != 0) {
            code.op(shift == 24 ? I2B : I2S);
        }
    }

    /** Turns an unsigned comparison into a signed one; narrow operands are zero-extended and need nothing. */
    private void unsigned(int shift) {
        if (shift == 0) {
            code.constant(Integer.MIN_VALUE);
            code.op(IADD);
        }
    }

    /** R, of which C and O are 0. */
    private boolean logic(int cc, Label to) {
        int opcode = switch (cc) {
            case 4, 6 -> IFEQ;
            case 5, 7 -> IFNE;
            case 8, 12 -> IFLT;
            case 9, 13 -> IFGE;
            case 14 -> IFLE;
            case 15 -> IFGT;
            default -> 0;
        };
        if (cc < 4) {
            // Neither O nor C. A jump that is always taken is written as one that might not be: what follows must be reachable.
            code.constant(cc & 1);
            code.jump(IFNE, to);
            return true;
        }
        if (opcode == 0) {
            return false;
        }
        code.load(Code.R);
        code.jump(opcode, to);
        return true;
    }

    /** A + B. */
    private boolean sum(int cc, Label to) {
        boolean not = (cc & 1) != 0;
        switch (cc >> 1) {
            case 1 -> {
                code.load(Code.A);
                code.load(Code.B);
                code.op(IADD);
                unsigned(0);
                operand(Code.A, 0);
                unsigned(0);
                code.jump(not ? IF_ICMPGE : IF_ICMPLT, to);
            }
            case 2, 4 -> {
                code.load(Code.A);
                code.load(Code.B);
                code.op(IADD);
                code.jump(cc >> 1 == 2 ? not ? IFNE : IFEQ : not ? IFGE : IFLT, to);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** R, whose ZF and SF are plain. */
    private boolean result(int cc, Label to) {
        boolean not = (cc & 1) != 0;
        switch (cc >> 1) {
            case 1 -> {
                code.load(Code.A);
                code.jump(not ? IFGE : IFLT, to);
            }
            case 2, 4 -> {
                code.load(Code.R);
                code.jump(cc >> 1 == 2 ? not ? IFNE : IFEQ : not ? IFGE : IFLT, to);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The words of {@link lguest.cpu.CpuState}. */
    private boolean words(int cc, Label to) {
        boolean not = (cc & 1) != 0;
        switch (cc >> 1) {
            case 1 -> {
                code.load(Code.A);
                code.jump(not ? IFGE : IFLT, to);
            }
            case 2 -> {
                code.load(Code.R);
                code.jump(not ? IFNE : IFEQ, to);
            }
            case 4 -> {
                code.load(Code.R);
                code.load(Code.B);
                code.op(IXOR);
                code.jump(not ? IFGE : IFLT, to);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
