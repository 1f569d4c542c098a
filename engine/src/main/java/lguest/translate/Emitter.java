package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import lguest.cpu.CpuState;
import lguest.emit.Body;
import lguest.isa.Operand;
import net.bytebuddy.jar.asm.Label;

/**
 * Code for one instruction after the other. What may miss the TLB is tried first: until then nothing of the instruction has
 * happened, and the interpreter can do it instead.
 */
final class Emitter {
    private static final int EAX = CpuState.EAX;
    private static final int ECX = CpuState.ECX;
    private static final int EDX = CpuState.EDX;
    private static final int ESP = CpuState.ESP;
    private static final int EBP = CpuState.EBP;
    private static final String CPU_REFERENCE = "L" + Code.CPU + ";";

    private final RegionWriter region;
    private final Code code;
    private final Conditions conditions;
    private boolean throwsFaults;

    private Part part;
    private Step step;
    /** Instructions of the part from this one on. */
    private int remaining;
    private FlagFlow flow;
    private boolean live;
    /** What the flags are to be computed of before this instruction, if that is known. */
    private int kind;

    Emitter(RegionWriter region, Code code) {
        this.region = region;
        this.code = code;
        conditions = new Conditions(code);
    }

    /** Whether a handler for faults is needed. */
    boolean throwsFaults() {
        return throwsFaults;
    }

    void begin(Part next, FlagFlow flags) {
        part = next;
        flow = flags;
        kind = flags.kindBefore(next);
    }

    void step(Step next, int index) {
        step = next;
        remaining = part.steps.size() - index;
        live = flow.live(part, index);
        if (Effect.isEmitted(step, live)) {
            emit();
        } else {
            callSemantics();
        }
        kind = FlagFlow.kindAfter(step, live, kind);
    }

    private void emit() {
        switch (step.semantics()) {
            case "-" -> { }
            case "mov.mov" -> move(32);
            case "mov.movsx" -> move(step.form().sourceBits());
            case "mov.lea" -> lea();
            case "mov.cmov" -> cmov();
            case "mov.xchg" -> exchange();
            case "mov.bswap" -> bswap();
            case "mov.cbw" -> extend();
            case "mov.cwd" -> signOfEax();
            case "alu.add" -> binary(IADD);
            case "alu.sub" -> binary(ISUB);
            case "alu.and" -> binary(IAND);
            case "alu.or" -> binary(IOR);
            case "alu.xor" -> binary(IXOR);
            case "alu.cmp" -> compare();
            case "alu.test" -> test();
            case "alu.adc" -> withCarry(IADD, "addCarry");
            case "alu.sbb" -> withCarry(ISUB, "subCarry");
            case "alu.inc" -> step(1);
            case "alu.dec" -> step(-1);
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
            case "bits.setcc" -> setcc();
            case "stack.push" -> push();
            case "stack.pop" -> pop();
            case "stack.leave" -> leave();
            case "control.jmp" -> jump();
            case "control.jcc" -> conditions.jump(step.insn().cc(), kind, region.target(part));
            case "control.call" -> call();
            case "control.ret" -> ret(4);
            case "control.retImmediate" -> ret(4 + step.use().p);
            case "control.jcxz" -> jumpIfEcx(IFEQ);
            case "control.loop" -> loop();
            case "control.loope" -> loopWhile(4);
            case "control.loopne" -> loopWhile(5);
            default -> throw new IllegalStateException("no emitter for " + step.semantics());
        }
    }

    // ---- operands

    private int bits() {
        return step.form().bits();
    }

    /** Says where to resume if what comes next takes the slow path. */
    private void mark() {
        code.set(Code.MARK, Code.mark(step.use().at, remaining));
    }

    private void locate(Operand.Memory memory, boolean write) {
        mark();
        code.address(memory, 0);
        code.locate(write, memory.bits(), region.miss);
    }

    /** Finds the memory operand, if there is one. */
    private void locate(boolean write) {
        Operand.Memory memory = step.insn().memory();
        if (memory != null) {
            locate(memory, write);
        }
    }

    /** Pushes an operand, zero-extended; memory must have been located. */
    private void push(Operand operand) {
        if (operand instanceof Operand.Register register) {
            code.register(register);
        } else if (operand instanceof Operand.Immediate immediate) {
            code.constant(immediate.value());
        } else {
            code.fetch(operand.bits());
        }
    }

    private void beginSet(Operand operand) {
        if (operand instanceof Operand.Register register) {
            code.beginSet(register);
        } else {
            code.beginDeposit();
        }
    }

    private void endSet(Operand operand, boolean cut) {
        if (operand instanceof Operand.Register register) {
            code.endSet(register, cut);
        } else {
            code.endDeposit(operand.bits());
        }
    }

    private void kind(int newKind) {
        if (newKind != kind) {
            code.set(Code.KIND, newKind);
        }
    }

    // ---- moves

    private void move(int signedBits) {
        boolean toMemory = step.operand(0) instanceof Operand.Memory;
        locate(toMemory);
        beginSet(step.operand(0));
        push(step.operand(1));
        if (signedBits == 8) {
            code.op(I2B);
        } else if (signedBits == 16) {
            code.op(I2S);
        }
        endSet(step.operand(0), false);
    }

    private void lea() {
        beginSet(step.operand(0));
        code.address((Operand.Memory) step.operand(1), 0);
        endSet(step.operand(0), false);
    }

    private void cmov() {
        locate(false);
        Label skip = new Label();
        conditions.jump(step.insn().cc() ^ 1, kind, skip);
        beginSet(step.operand(0));
        push(step.operand(1));
        endSet(step.operand(0), false);
        code.label(skip);
    }

    private void exchange() {
        locate(true);
        push(step.operand(0));
        code.store(Code.X);
        beginSet(step.operand(0));
        push(step.operand(1));
        endSet(step.operand(0), false);
        beginSet(step.operand(1));
        code.load(Code.X);
        endSet(step.operand(1), false);
    }

    private void bswap() {
        beginSet(step.operand(0));
        push(step.operand(0));
        code.call("java/lang/Integer", "reverseBytes", "(I)I");
        endSet(step.operand(0), false);
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
        locate(true);
        Label holds = new Label();
        code.set(Code.X, 1);
        conditions.jump(step.insn().cc(), kind, holds);
        code.set(Code.X, 0);
        code.label(holds);
        beginSet(step.operand(0));
        code.load(Code.X);
        endSet(step.operand(0), false);
    }

    // ---- arithmetic

    /** ADD, SUB, AND, OR, XOR. */
    private void binary(int opcode) {
        Operand destination = step.operand(0);
        Operand source = step.operand(1);
        boolean sums = opcode == IADD || opcode == ISUB;
        locate(destination instanceof Operand.Memory);
        if (!live) {
            beginSet(destination);
            push(destination);
            push(source);
            code.op(opcode);
            endSet(destination, sums);
            return;
        }
        if (sums) {
            push(destination);
            push(source);
            code.store(Code.B);
            code.store(Code.A);
            beginSet(destination);
            code.load(Code.A);
            code.load(Code.B);
            code.op(opcode);
            endSet(destination, true);
            kind(Effect.kind(step));
        } else {
            push(destination);
            push(source);
            code.op(opcode);
            code.store(Code.R);
            beginSet(destination);
            code.load(Code.R);
            endSet(destination, false);
            signResult();
            kind(LazyFlags.LOGIC);
        }
    }

    /** Results of logic are kept sign-extended. */
    private void signResult() {
        if (bits() < 32) {
            code.load(Code.R);
            code.op(bits() == 8 ? I2B : I2S);
            code.store(Code.R);
        }
    }

    private void compare() {
        locate(false);
        if (live) {
            push(step.operand(0));
            push(step.operand(1));
            code.store(Code.B);
            code.store(Code.A);
            kind(Effect.kind(step));
        }
    }

    private void test() {
        locate(false);
        if (live) {
            push(step.operand(0));
            if (!step.operand(0).equals(step.operand(1))) {
                push(step.operand(1));
                code.op(IAND);
            }
            if (bits() < 32) {
                code.op(bits() == 8 ? I2B : I2S);
            }
            code.store(Code.R);
            kind(LazyFlags.LOGIC);
        }
    }

    /** ADC, SBB. */
    private void withCarry(int opcode, String carryOf) {
        Operand destination = step.operand(0);
        locate(destination instanceof Operand.Memory);
        push(destination);
        code.store(Code.X);
        push(step.operand(1));
        code.store(Code.Y);
        code.load(Code.X);
        code.load(Code.Y);
        code.op(opcode);
        carry();
        code.constant(31);
        code.op(IUSHR);
        code.op(opcode);
        code.store(Code.R);
        beginSet(destination);
        code.load(Code.R);
        endSet(destination, false);
        if (live) {
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
        kind(LazyFlags.WORDS);
    }

    /** Pushes a word whose bit 31 is CF. */
    private void carry() {
        if (kind == FlagFlow.UNKNOWN) {
            code.cpu();
            code.load(Code.KIND);
            code.load(Code.A);
            code.load(Code.B);
            code.flags("carry", "(" + CPU_REFERENCE + "III)I");
            return;
        }
        switch (kind & LazyFlags.KIND) {
            case LazyFlags.LOGIC -> code.constant(0);
            case LazyFlags.WORDS, LazyFlags.INC, LazyFlags.DEC -> code.load(Code.A);
            case LazyFlags.FIELDS -> code.cpuField("flagCarry");
            default -> {
                boolean add = (kind & LazyFlags.KIND) == LazyFlags.ADD;
                code.load(Code.A);
                code.load(Code.B);
                code.load(Code.A);
                code.load(Code.B);
                code.op(add ? IADD : ISUB);
                code.flags(add ? "addCarry" : "subCarry", "(III)I");
                int shift = kind >> LazyFlags.SHIFT_AT;
                if (shift != 0) {
                    code.constant(shift);
                    code.op(ISHL);
                }
            }
        }
    }

    /** INC, DEC. */
    private void step(int by) {
        Operand destination = step.operand(0);
        locate(true);
        if (!live) {
            if (destination instanceof Operand.Register register) {
                code.adjust(register.number(), by);
                return;
            }
        } else if (kind == FlagFlow.UNKNOWN || (kind & LazyFlags.KIND) < LazyFlags.INC && (kind & LazyFlags.KIND) != LazyFlags.WORDS) {
            carry();
            code.store(Code.A);
        }
        push(destination);
        code.constant(by);
        code.op(IADD);
        code.store(live ? Code.R : Code.X);
        beginSet(destination);
        code.load(live ? Code.R : Code.X);
        endSet(destination, false);
        if (live) {
            kind(by > 0 ? LazyFlags.INC : LazyFlags.DEC);
        }
    }

    private void negate() {
        Operand destination = step.operand(0);
        locate(true);
        push(destination);
        code.store(live ? Code.B : Code.X);
        beginSet(destination);
        code.load(live ? Code.B : Code.X);
        code.op(INEG);
        endSet(destination, false);
        if (live) {
            code.set(Code.A, 0);
            kind(LazyFlags.SUB);
        }
    }

    private void complement() {
        Operand destination = step.operand(0);
        locate(true);
        beginSet(destination);
        push(destination);
        code.constant(-1);
        code.op(IXOR);
        endSet(destination, false);
    }

    /** The first operand becomes what the operation makes of the two on the stack; its old value is in X afterwards. */
    private void change(Runnable operation) {
        Operand destination = step.operand(0);
        locate(true);
        push(destination);
        code.store(Code.X);
        beginSet(destination);
        code.load(Code.X);
        push(step.operand(1));
        operation.run();
        endSet(destination, false);
    }

    private void shift(int opcode, String carryOf) {
        change(() -> code.op(opcode));
        if (live) {
            int count = ((Operand.Immediate) step.operand(1)).value() & 31;
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
        int operands = step.insn().operands().size();
        locate(false);
        push(step.operand(operands - 2));
        code.store(Code.X);
        push(step.operand(operands - 1));
        code.store(Code.Y);
        beginSet(step.operand(0));
        code.load(Code.X);
        code.load(Code.Y);
        code.op(IMUL);
        endSet(step.operand(0), false);
        productFlags("imulCarry");
    }

    /** MUL and IMUL with one operand. */
    private void multiplyWide(String high, String carryOf) {
        locate(false);
        push(step.operand(0));
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
        if (!live) {
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
        kind(LazyFlags.WORDS);
    }

    // ---- the stack

    private void push() {
        Operand value = step.operand(0);
        mark();
        if (value instanceof Operand.Memory memory) {
            code.address(memory, 0);
            code.locate(false, 32, region.miss);
            code.fetch(32);
            code.store(Code.X);
        }
        code.stack(-4);
        code.locate(true, 32, region.miss);
        code.beginDeposit();
        if (value instanceof Operand.Memory) {
            code.load(Code.X);
        } else {
            push(value);
        }
        code.endDeposit(32);
        code.adjust(ESP, -4);
    }

    private void pop() {
        int number = ((Operand.Register) step.operand(0)).number();
        mark();
        code.register(ESP);
        code.locate(false, 32, region.miss);
        if (number != ESP) {
            code.adjust(ESP, 4);
        }
        code.beginSet(number);
        code.fetch(32);
        code.endSet(number);
    }

    private void leave() {
        mark();
        code.register(EBP);
        code.locate(false, 32, region.miss);
        code.beginSet(ESP);
        code.register(EBP);
        code.constant(4);
        code.op(IADD);
        code.endSet(ESP);
        code.beginSet(EBP);
        code.fetch(32);
        code.endSet(EBP);
    }

    // ---- control

    private void jump() {
        if (step.isDirect()) {
            code.jump(GOTO, region.target(part));
            return;
        }
        target();
        if (!part.indirect.isEmpty()) {
            code.load(Code.X);
            code.load(Code.BASE);
            code.op(ISUB);
            Part[] sorted = part.indirect.stream().sorted((a, b) -> a.start - b.start).toArray(Part[]::new);
            int[] keys = new int[sorted.length];
            Label[] labels = new Label[sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                keys[i] = region.distance(sorted[i].start);
                labels[i] = region.to(part, sorted[i]);
            }
            Label elsewhere = new Label();
            code.visitor.visitLookupSwitchInsn(elsewhere, keys, labels);
            code.label(elsewhere);
        }
        exitToX(true);
    }

    /** Leaves the target of an indirect jump in X. */
    private void target() {
        locate(false);
        push(step.operand(0));
        code.store(Code.X);
    }

    private void exitToX(boolean remembers) {
        code.load(Code.X);
        code.load(Code.BASE);
        code.op(ISUB);
        code.store(Code.MARK);
        if (remembers) {
            region.link();
            code.visitor.visitVarInsn(ASTORE, Code.WAY);
        }
        code.jump(GOTO, remembers ? region.exit() : region.exitNowhere());
    }

    private void ret(int frees) {
        mark();
        code.register(ESP);
        code.locate(false, 32, region.miss);
        code.fetch(32);
        code.store(Code.X);
        code.adjust(ESP, frees);
        settle();
        exitToX(false);
    }

    private void call() {
        if (!step.isDirect()) {
            target();
        }
        mark();
        code.stack(-4);
        code.locate(true, 32, region.miss);
        code.beginDeposit();
        code.eip(step.use().after);
        code.endDeposit(32);
        code.adjust(ESP, -4);
        settle();
        code.spill();
        code.cpu();
        if (step.isDirect()) {
            code.eip(region.distance(step.target()));
        } else {
            code.load(Code.X);
        }
        code.load(Code.LEFT);
        code.call(Code.REGION, "leave", "(" + CPU_REFERENCE + "II)V");
        region.link();
        code.op(DUP);
        code.visitor.visitVarInsn(ASTORE, Code.WAY);
        code.cpu();
        code.mem();
        code.load(Code.DEPTH);
        code.virtual(Code.LINK, "ready", "(" + CPU_REFERENCE + "L" + Code.MEM + ";I)L" + Code.REGION + ";");
        code.op(DUP);
        Label ready = new Label();
        code.jump(IFNONNULL, ready);
        code.op(POP);
        code.jump(GOTO, region.back());
        code.labelWith(ready, Code.REGION);
        code.cpu();
        code.mem();
        code.load(Code.DEPTH);
        code.constant(1);
        code.op(ISUB);
        code.call(Code.REGION, "follow", "(L" + Code.REGION + ";" + CPU_REFERENCE + "L" + Code.MEM + ";I)L" + Code.LINK + ";");
        code.visitor.visitVarInsn(ASTORE, Code.WAY);
        if (part.next == null) {
            code.jump(GOTO, region.back());
            return;
        }
        code.cpu();
        code.mem();
        code.eip(step.use().after);
        code.load(Code.VERSION);
        code.constant(region.longest());
        code.call(Code.REGION, "returned", "(" + CPU_REFERENCE + "L" + Code.MEM + ";III)Z");
        code.jump(IFEQ, region.back());
        code.cpuField("budget");
        code.store(Code.LEFT);
        code.reload();
        code.set(Code.KIND, LazyFlags.FIELDS);
    }

    private void jumpIfEcx(int opcode) {
        code.register(ECX);
        code.jump(opcode, region.target(part));
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
        conditions.jump(cc, kind, region.target(part));
        code.label(out);
    }

    // ---- by semantic method

    /** Computes flags into the processor's state, where that is not done yet. */
    private void settle() {
        conditions.settle(kind);
        kind = LazyFlags.FIELDS;
    }

    private void callSemantics() {
        if (Effect.touchesFlags(step)) {
            settle();
        }
        code.spill();
        mark();
        throwsFaults = true;
        Label start = new Label();
        Label end = new Label();
        code.visitor.visitTryCatchBlock(start, end, region.fault, "java/lang/RuntimeException");
        code.visitor.visitLabel(start);
        RegionBody body = new RegionBody(step, code);
        body.write();
        code.visitor.visitLabel(end);
        code.reload();
        if (step.repeats()) {
            repeat();
        } else if (body.usesMemory()) {
            code.set(Code.MARK, Code.mark(step.use().after, remaining - 1));
            changed(region.miss);
        }
    }

    /** Leaves if translations have changed, this one perhaps among them. */
    private void changed(Label leave) {
        code.mem();
        code.virtual(Code.MEM, "version", "()I");
        code.load(Code.VERSION);
        code.jump(IF_ICMPNE, leave);
    }

    /** A repeated string instruction comes back to itself while there are elements left. */
    private void repeat() {
        code.cpuField("eip");
        code.load(Code.BASE);
        code.op(ISUB);
        code.store(Code.MARK);
        changed(region.exitNowhere());
        code.load(Code.MARK);
        code.constant(step.use().after);
        code.jump(IF_ICMPNE, region.to(part, part));
    }

    /** The body of an instruction whose operands are constants of the method. */
    private static final class RegionBody extends Body {
        private final Step step;
        private final Code code;

        RegionBody(Step step, Code code) {
            super(step.form(), code.visitor, Code.BODY);
            this.step = step;
            this.code = code;
        }

        @Override
        protected void cpu() {
            code.cpu();
        }

        @Override
        protected void mem() {
            code.mem();
        }

        @Override
        protected void field(String name) {
            code.constant(switch (name) {
                case "base" -> step.use().base;
                case "index" -> step.use().index;
                case "shift" -> step.use().shift;
                case "displacement" -> step.use().displacement;
                case "segment" -> step.use().segment;
                case "p" -> step.use().p;
                case "q" -> step.use().q;
                case "r" -> step.use().r;
                default -> throw new IllegalStateException("no constant is called " + name);
            });
        }

        @Override
        protected void eip(String distance) {
            code.eip(distance.equals("at") ? step.use().at : step.use().after);
        }
    }
}
