package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import lguest.cpu.Segment;
import lguest.emit.Body;
import net.bytebuddy.jar.asm.Label;

/**
 * Code for one instruction after the other. What may miss the TLB is tried first: until then nothing of the instruction has
 * happened, and the interpreter can do it instead.
 */
final class Emitter {
    private final Cursor now;
    private final Code code;
    private final Moves moves;
    private final Arithmetic arithmetic;
    private final Transfers transfers;
    private boolean throwsFaults;

    Emitter(RegionWriter region, Code code, Windows windows) {
        this.code = code;
        now = new Cursor(region, code, windows);
        moves = new Moves(now);
        arithmetic = new Arithmetic(now);
        transfers = new Transfers(now);
    }

    /** Whether a handler for faults is needed. */
    boolean throwsFaults() {
        return throwsFaults;
    }

    void begin(Part next, FlagFlow flags) {
        now.begin(next, flags);
    }

    void step(Step next, int index) {
        now.at(next, index);
        if (next.isEmitted(now.live)) {
            emit();
        } else {
            callSemantics();
        }
        now.kind = FlagFlow.kindAfter(next, now.live, now.kind);
    }

    private void emit() {
        boolean done = now.step.semantics().equals("-") || moves.emit() || arithmetic.emit() || transfers.emit();
        if (!done) {
            throw new IllegalStateException("no emitter for " + now.step.semantics());
        }
    }

    private void callSemantics() {
        if (Effect.touchesFlags(now.step) || now.step.crosses()) {
            now.settle();
        }
        code.spill();
        now.resumeHere();
        throwsFaults = true;
        Label start = new Label();
        Label end = new Label();
        code.visitor.visitTryCatchBlock(start, end, now.region.fault, "java/lang/RuntimeException");
        code.visitor.visitLabel(start);
        RegionBody body = new RegionBody(now.step, code);
        body.write();
        code.visitor.visitLabel(end);
        if (now.step.crosses()) {
            cross();
            return;
        }
        code.reload();
        if (now.step.repeats()) {
            repeat();
        } else if (body.usesMemory()) {
            Label next = now.region.miss(Code.mark(now.step.use().after, now.remaining - 1));
            changed(next);
            segment(now.step.loadsSegment(), next);
        }
    }

    /** Leaves to wherever the processor is now. */
    private void cross() {
        code.cpu();
        code.load(Code.LEFT);
        code.call(Code.REGION, "cross", "(L" + Code.CPU + ";I)V");
        now.region.crossing();
        code.visitor.visitVarInsn(ASTORE, Code.WAY);
        code.jump(GOTO, now.region.back());
    }

    /** Leaves if one of the segments is flat no more that all addresses here go through. */
    private void segment(int loaded, Label leave) {
        if (loaded == Segment.DS || loaded == Segment.ES) {
            code.cpu();
            code.constant(loaded);
            code.call(Code.REGION, "flat", "(L" + Code.CPU + ";I)Z");
            code.jump(IFEQ, leave);
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
        changed(now.region.exitNowhere());
        code.load(Code.MARK);
        code.constant(now.step.use().after);
        code.jump(IF_ICMPNE, now.region.to(now.part, now.part));
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
