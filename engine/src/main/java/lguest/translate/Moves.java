package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import lguest.cpu.CpuState;
import lguest.isa.Operand;
import net.bytebuddy.jar.asm.Label;

/** Code for instructions that move values, and for SETcc. */
final class Moves {
    private static final int EAX = CpuState.EAX;
    private static final int EDX = CpuState.EDX;

    private final Cursor now;
    private final Code code;

    Moves(Cursor now) {
        this.now = now;
        code = now.code;
    }

    /** @return false if the instruction is none of these */
    boolean emit() {
        switch (now.step.semantics()) {
            case "mov.mov" -> move(32);
            case "mov.movsx" -> move(now.step.form().sourceBits());
            case "mov.lea" -> lea();
            case "mov.cmov" -> cmov();
            case "mov.xchg" -> exchange();
            case "mov.bswap" -> bswap();
            case "mov.cbw" -> extend();
            case "mov.cwd" -> signOfEax();
            case "bits.setcc" -> setcc();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void move(int signedBits) {
        now.locate();
        now.beginSet(now.step.operand(0));
        now.push(now.step.operand(1));
        if (signedBits == 8) {
            code.op(I2B);
        } else if (signedBits == 16) {
            code.op(I2S);
        }
        now.endSet(now.step.operand(0), false);
    }

    private void lea() {
        now.beginSet(now.step.operand(0));
        code.address((Operand.Memory) now.step.operand(1));
        now.endSet(now.step.operand(0), false);
    }

    private void cmov() {
        now.locate();
        Label skip = new Label();
        now.conditions.jump(now.step.insn().cc() ^ 1, now.kind, skip);
        now.beginSet(now.step.operand(0));
        now.push(now.step.operand(1));
        now.endSet(now.step.operand(0), false);
        code.label(skip);
    }

    private void exchange() {
        now.locate();
        now.push(now.step.operand(0));
        code.store(Code.X);
        now.beginSet(now.step.operand(0));
        now.push(now.step.operand(1));
        now.endSet(now.step.operand(0), false);
        now.beginSet(now.step.operand(1));
        code.load(Code.X);
        now.endSet(now.step.operand(1), false);
    }

    private void bswap() {
        now.beginSet(now.step.operand(0));
        now.push(now.step.operand(0));
        code.call("java/lang/Integer", "reverseBytes", "(I)I");
        now.endSet(now.step.operand(0), false);
    }

    private void extend() {
        code.beginSet(EAX);
        code.register(EAX);
        code.op(I2S);
        code.endSet(EAX);
    }

    private void signOfEax() {
        code.beginSet(EDX);
        code.register(EAX);
        code.constant(31);
        code.op(ISHR);
        code.endSet(EDX);
    }

    private void setcc() {
        now.locate();
        Label holds = new Label();
        code.set(Code.X, 1);
        now.conditions.jump(now.step.insn().cc(), now.kind, holds);
        code.set(Code.X, 0);
        code.label(holds);
        now.beginSet(now.step.operand(0));
        code.load(Code.X);
        now.endSet(now.step.operand(0), false);
    }
}
