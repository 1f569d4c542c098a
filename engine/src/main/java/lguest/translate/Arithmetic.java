package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import lguest.cpu.CpuState;
import lguest.isa.Operand;

/** Code for instructions that compute, and leave their flags to be computed of what they had. */
final class Arithmetic {
    private static final int EAX = CpuState.EAX;
    private static final int EDX = CpuState.EDX;
    private static final String CPU_REFERENCE = "L" + Code.CPU + ";";

    private final Cursor now;
    private final Code code;

    Arithmetic(Cursor now) {
        this.now = now;
        code = now.code;
    }

    /** @return false if the instruction is none of these */
    boolean emit() {
        switch (now.step.semantics()) {
            case "alu.add" -> binary(IADD);
            case "alu.sub" -> binary(ISUB);
            case "alu.and" -> binary(IAND);
            case "alu.or" -> binary(IOR);
            case "alu.xor" -> binary(IXOR);
            case "alu.cmp" -> compare();
            case "alu.test" -> test();
            case "alu.adc" -> withCarry(IADD, "addCarry");
            case "alu.sbb" -> withCarry(ISUB, "subCarry");
            case "alu.inc" -> increment(1);
            case "alu.dec" -> increment(-1);
            case "alu.neg" -> negate();
            case "alu.not" -> complement();
            case "shift.shl" -> shift(ISHL, "shlCarry");
            case "shift.shr" -> shift(IUSHR, "shrCarry");
            case "shift.sar" -> shift(ISHR, "sarCarry");
            case "shift.rol" -> rotate("rotateLeft");
            case "shift.ror" -> rotate("rotateRight");
            case "muldiv.imul" -> multiply();
            case "muldiv.imul1" -> multiplyWide("imulHigh", "imulCarry");
            case "muldiv.mul" -> multiplyWide("mulHigh", "mulCarry");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** ADD, SUB, AND, OR, XOR. */
    private void binary(int opcode) {
        Operand destination = now.step.operand(0);
        Operand source = now.step.operand(1);
        boolean sums = opcode == IADD || opcode == ISUB;
        now.locate();
        if (!now.live) {
            now.beginSet(destination);
            now.push(destination);
            now.push(source);
            code.op(opcode);
            now.endSet(destination, sums);
            return;
        }
        if (sums) {
            now.push(destination);
            now.push(source);
            code.store(Code.B);
            code.store(Code.A);
            now.beginSet(destination);
            code.load(Code.A);
            code.load(Code.B);
            code.op(opcode);
            now.endSet(destination, true);
            now.kind(now.step.kind());
        } else {
            now.push(destination);
            now.push(source);
            code.op(opcode);
            code.store(Code.R);
            now.beginSet(destination);
            code.load(Code.R);
            now.endSet(destination, false);
            signResult();
            now.kind(LazyFlags.LOGIC);
        }
    }

    /** Results of logic are kept sign-extended. */
    private void signResult() {
        if (now.bits() < 32) {
            code.load(Code.R);
            code.op(now.bits() == 8 ? I2B : I2S);
            code.store(Code.R);
        }
    }

    private void compare() {
        now.locate();
        if (now.live) {
            now.push(now.step.operand(0));
            now.push(now.step.operand(1));
            code.store(Code.B);
            code.store(Code.A);
            now.kind(now.step.kind());
        }
    }

    private void test() {
        now.locate();
        if (now.live) {
            now.push(now.step.operand(0));
            if (!now.step.operand(0).equals(now.step.operand(1))) {
                now.push(now.step.operand(1));
                code.op(IAND);
            }
            if (now.bits() < 32) {
                code.op(now.bits() == 8 ? I2B : I2S);
            }
            code.store(Code.R);
            now.kind(LazyFlags.LOGIC);
        }
    }

    /** ADC, SBB. */
    private void withCarry(int opcode, String carryOf) {
        Operand destination = now.step.operand(0);
        now.locate();
        now.push(destination);
        code.store(Code.X);
        now.push(now.step.operand(1));
        code.store(Code.Y);
        code.load(Code.X);
        code.load(Code.Y);
        code.op(opcode);
        carry();
        code.constant(31);
        code.op(IUSHR);
        code.op(opcode);
        code.store(Code.R);
        now.beginSet(destination);
        code.load(Code.R);
        now.endSet(destination, false);
        if (now.live) {
            words(carryOf, "aux", () -> {
                code.load(Code.X);
                code.load(Code.Y);
                code.load(Code.R);
            }, "(III)I");
        }
    }

    /** Sets A and B from what two methods of {@link LazyFlags} make of the same arguments; R is the result already. */
    private void words(String carryOf, String auxOf, Runnable arguments, String descriptor) {
        arguments.run();
        code.flags(carryOf, descriptor);
        code.store(Code.A);
        if (auxOf == null) {
            code.set(Code.B, 0);
        } else {
            arguments.run();
            code.flags(auxOf, descriptor);
            code.store(Code.B);
        }
        now.kind(LazyFlags.WORDS);
    }

    /** Pushes a word whose bit 31 is CF. */
    private void carry() {
        if (now.kind == FlagFlow.UNKNOWN) {
            code.cpu();
            code.load(Code.KIND);
            code.load(Code.A);
            code.load(Code.B);
            code.flags("carry", "(" + CPU_REFERENCE + "III)I");
            return;
        }
        switch (now.kind & LazyFlags.KIND) {
            case LazyFlags.LOGIC -> code.constant(0);
            case LazyFlags.WORDS, LazyFlags.INC, LazyFlags.DEC -> code.load(Code.A);
            case LazyFlags.FIELDS -> code.cpuField("flagCarry");
            default -> {
                boolean add = (now.kind & LazyFlags.KIND) == LazyFlags.ADD;
                code.load(Code.A);
                code.load(Code.B);
                code.load(Code.A);
                code.load(Code.B);
                code.op(add ? IADD : ISUB);
                code.flags(add ? "addCarry" : "subCarry", "(III)I");
                int shift = now.kind >> LazyFlags.SHIFT_AT;
                if (shift != 0) {
                    code.constant(shift);
                    code.op(ISHL);
                }
            }
        }
    }

    /** INC, DEC. */
    private void increment(int by) {
        Operand destination = now.step.operand(0);
        now.locate();
        if (!now.live) {
            if (destination instanceof Operand.Register register) {
                code.adjust(register.number(), by);
                return;
            }
        } else if (now.kind == FlagFlow.UNKNOWN
            || (now.kind & LazyFlags.KIND) < LazyFlags.INC && (now.kind & LazyFlags.KIND) != LazyFlags.WORDS) {
            carry();
            code.store(Code.A);
        }
        now.push(destination);
        code.constant(by);
        code.op(IADD);
        code.store(now.live ? Code.R : Code.X);
        now.beginSet(destination);
        code.load(now.live ? Code.R : Code.X);
        now.endSet(destination, false);
        if (now.live) {
            now.kind(by > 0 ? LazyFlags.INC : LazyFlags.DEC);
        }
    }

    private void negate() {
        Operand destination = now.step.operand(0);
        now.locate();
        now.push(destination);
        code.store(now.live ? Code.B : Code.X);
        now.beginSet(destination);
        code.load(now.live ? Code.B : Code.X);
        code.op(INEG);
        now.endSet(destination, false);
        if (now.live) {
            code.set(Code.A, 0);
            now.kind(LazyFlags.SUB);
        }
    }

    private void complement() {
        Operand destination = now.step.operand(0);
        now.locate();
        now.beginSet(destination);
        now.push(destination);
        code.constant(-1);
        code.op(IXOR);
        now.endSet(destination, false);
    }

    /** The first operand becomes what the operation makes of the two on the stack; its old value is in X afterwards. */
    private void change(Runnable operation) {
        Operand destination = now.step.operand(0);
        now.locate();
        now.push(destination);
        code.store(Code.X);
        now.beginSet(destination);
        code.load(Code.X);
        now.push(now.step.operand(1));
        operation.run();
        now.endSet(destination, false);
    }

    private void shift(int opcode, String carryOf) {
        change(() -> code.op(opcode));
        if (now.live) {
            int count = ((Operand.Immediate) now.step.operand(1)).value() & 31;
            code.load(Code.X);
            code.constant(count);
            code.op(opcode);
            code.store(Code.R);
            words(carryOf, null, () -> {
                code.load(Code.X);
                code.constant(count);
            }, "(II)I");
        }
    }

    private void rotate(String method) {
        change(() -> code.call("java/lang/Integer", method, "(II)I"));
    }

    /** IMUL with two or three operands. */
    private void multiply() {
        int operands = now.step.insn().operands().size();
        now.locate();
        now.push(now.step.operand(operands - 2));
        code.store(Code.X);
        now.push(now.step.operand(operands - 1));
        code.store(Code.Y);
        now.beginSet(now.step.operand(0));
        code.load(Code.X);
        code.load(Code.Y);
        code.op(IMUL);
        now.endSet(now.step.operand(0), false);
        productFlags("imulCarry");
    }

    /** MUL and IMUL with one operand. */
    private void multiplyWide(String high, String carryOf) {
        now.locate();
        now.push(now.step.operand(0));
        code.store(Code.Y);
        code.register(EAX);
        code.store(Code.X);
        code.beginSet(EAX);
        code.load(Code.X);
        code.load(Code.Y);
        code.op(IMUL);
        code.endSet(EAX);
        code.beginSet(EDX);
        code.load(Code.X);
        code.load(Code.Y);
        code.flags(high, "(II)I");
        code.endSet(EDX);
        productFlags(carryOf);
    }

    private void productFlags(String carryOf) {
        if (!now.live) {
            return;
        }
        code.load(Code.X);
        code.load(Code.Y);
        code.op(IMUL);
        code.op(DUP);
        code.flags("productAux", "(I)I");
        code.store(Code.B);
        code.flags("productResult", "(I)I");
        code.store(Code.R);
        code.load(Code.X);
        code.load(Code.Y);
        code.flags(carryOf, "(II)I");
        code.store(Code.A);
        now.kind(LazyFlags.WORDS);
    }
}
