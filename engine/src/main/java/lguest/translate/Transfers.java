package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import lguest.cpu.CpuState;
import lguest.isa.Operand;
import net.bytebuddy.jar.asm.Label;

/** Code for instructions that use the stack or transfer control. */
final class Transfers {
    private static final int ECX = CpuState.ECX;
    private static final int ESP = CpuState.ESP;
    private static final int EBP = CpuState.EBP;
    private static final int LAST_REGISTER = CpuState.EDI;
    private static final String CALL = "(L" + Code.LINK + ";IIIIII)L" + Code.LINK + ";";

    private final Cursor now;
    private final Code code;

    Transfers(Cursor now) {
        this.now = now;
        code = now.code;
    }

    /** @return false if the instruction is none of these */
    boolean emit() {
        switch (now.step.semantics()) {
            case "stack.push" -> push();
            case "stack.pop" -> pop();
            case "stack.leave" -> leave();
            case "stack.pusha" -> pushAll();
            case "stack.popa" -> popAll();
            case "segments.push" -> pushSegment();
            case "control.jmp" -> jump();
            case "control.jcc" -> now.conditions.jump(now.step.insn().cc(), now.kind, now.region.target(now.part));
            case "control.call" -> {
                if (now.step.isFollowed()) {
                    follow();
                } else {
                    call();
                }
            }
            case "control.ret" -> ret(4);
            case "control.retImmediate" -> ret(4 + now.step.use().p);
            case "control.jcxz" -> jumpIfEcx(IFEQ);
            case "control.loop" -> loop();
            case "control.loope" -> loopWhile(4);
            case "control.loopne" -> loopWhile(5);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void push() {
        Operand value = now.step.operand(0);
        if (value instanceof Operand.Memory) {
            now.locate();
            code.fetch(32);
            code.store(Code.X);
        }
        now.locateStack();
        code.beginDeposit();
        if (value instanceof Operand.Memory) {
            code.load(Code.X);
        } else {
            now.push(value);
        }
        code.endDeposit(32);
        code.adjust(ESP, -4);
    }

    private void pop() {
        int number = ((Operand.Register) now.step.operand(0)).number();
        now.locateStack();
        if (number != ESP) {
            code.adjust(ESP, 4);
        }
        code.beginSet(number);
        code.fetch(32);
        code.endSet(number);
    }

    private void leave() {
        now.locateStack();
        code.beginSet(ESP);
        code.register(EBP);
        code.constant(4);
        code.op(IADD);
        code.endSet(ESP);
        code.beginSet(EBP);
        code.fetch(32);
        code.endSet(EBP);
    }

    /** From the lowest address: EDI, ESI and so on to EAX. */
    private void pushAll() {
        now.locateStack();
        for (int number = LAST_REGISTER; number >= 0; number--) {
            code.beginDeposit();
            code.register(number);
            code.endDeposit(32);
            code.further(4);
        }
        code.adjust(ESP, -32);
    }

    private void popAll() {
        now.locateStack();
        for (int number = LAST_REGISTER; number >= 0; number--) {
            if (number != ESP) {
                code.beginSet(number);
                code.fetch(32);
                code.endSet(number);
            }
            code.further(4);
        }
        code.adjust(ESP, 32);
    }

    /** 16 bits are written, whatever the operand size. */
    private void pushSegment() {
        now.locateStack();
        code.beginDeposit();
        code.selector(((Operand.Numbered) now.step.operand(0)).number());
        code.endDeposit(16);
        code.adjust(ESP, -4);
    }

    // ---- control

    private void jump() {
        if (now.step.isDirect()) {
            code.jump(GOTO, now.region.target(now.part));
            return;
        }
        target();
        if (!now.part.indirect.isEmpty()) {
            code.load(Code.X);
            code.load(Code.BASE);
            code.op(ISUB);
            Part[] sorted = now.part.indirect.stream().sorted((a, b) -> a.start - b.start).toArray(Part[]::new);
            int[] keys = new int[sorted.length];
            Label[] labels = new Label[sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                keys[i] = now.region.distance(sorted[i].start);
                labels[i] = now.region.to(now.part, sorted[i]);
            }
            Label elsewhere = new Label();
            code.visitor.visitLookupSwitchInsn(elsewhere, keys, labels);
            code.label(elsewhere);
        }
        exitToX(now.region.exit(), true);
    }

    /** Leaves the target of an indirect jump in X. */
    private void target() {
        now.locate();
        now.push(now.step.operand(0));
        code.store(Code.X);
    }

    private void exitToX(Label exit, boolean remembers) {
        code.load(Code.X);
        code.load(Code.BASE);
        code.op(ISUB);
        code.store(Code.MARK);
        if (remembers) {
            now.region.link();
            code.visitor.visitVarInsn(ASTORE, Code.WAY);
        }
        code.jump(GOTO, exit);
    }

    private void ret(int frees) {
        now.locateStack();
        code.fetch(32);
        code.store(Code.X);
        code.adjust(ESP, frees);
        if (now.part.returned != null) {
            code.load(Code.X);
            code.eip(now.region.distance(now.part.returned.start));
            code.jump(IF_ICMPEQ, now.region.to(now.part, now.part.returned));
        } else {
            now.settle();
        }
        exitToX(now.kind == LazyFlags.FIELDS ? now.region.exitSettled() : now.region.exitNowhere(), false);
    }

    /** A call of what is in the region, too: a jump that leaves a return address. */
    private void follow() {
        pushReturnAddress();
        code.jump(GOTO, now.region.to(now.part, now.part.taken));
    }

    private void pushReturnAddress() {
        now.locateStack();
        code.beginDeposit();
        code.eip(now.step.use().after);
        code.endDeposit(32);
        code.adjust(ESP, -4);
    }

    private void call() {
        if (!now.step.isDirect()) {
            target();
        }
        pushReturnAddress();
        now.settle();
        code.spill();
        now.region.link();
        if (now.step.isDirect()) {
            code.eip(now.region.distance(now.step.target()));
        } else {
            code.load(Code.X);
        }
        code.load(Code.LEFT);
        code.load(Code.DEPTH);
        code.eip(now.step.use().after);
        code.load(Code.VERSION);
        code.constant(now.part.next == null ? Integer.MAX_VALUE : now.region.longest());
        code.call(Code.REGION, "call", CALL);
        if (now.part.next == null) {
            code.visitor.visitVarInsn(ASTORE, Code.WAY);
            code.jump(GOTO, now.region.back());
            return;
        }
        code.op(DUP);
        code.visitor.visitVarInsn(ASTORE, Code.WAY);
        code.visitor.visitFieldInsn(GETSTATIC, Code.LINK, "RETURNED", "L" + Code.LINK + ";");
        code.jump(IF_ACMPNE, now.region.back());
        code.cpuField("budget");
        code.store(Code.LEFT);
        code.reload();
        code.set(Code.KIND, LazyFlags.FIELDS);
    }

    private void jumpIfEcx(int opcode) {
        code.register(ECX);
        code.jump(opcode, now.region.target(now.part));
    }

    private void loop() {
        code.adjust(ECX, -1);
        jumpIfEcx(IFNE);
    }

    /** LOOPE, LOOPNE. */
    private void loopWhile(int cc) {
        code.adjust(ECX, -1);
        Label out = new Label();
        code.register(ECX);
        code.jump(IFEQ, out);
        now.conditions.jump(cc, now.kind, now.region.target(now.part));
        code.label(out);
    }
}
