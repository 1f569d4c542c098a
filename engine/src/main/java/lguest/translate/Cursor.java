package lguest.translate;

import lguest.isa.Operand;
import net.bytebuddy.jar.asm.Label;

/** The instruction that code is being emitted for: what is known before it, and its operands. */
final class Cursor {
    final RegionWriter region;
    final Code code;
    final Conditions conditions;
    private final Windows windows;

    Part part;
    Step step;
    /** Instructions of the part from this one on. */
    int remaining;
    private FlagFlow flow;
    /** Its status flags are needed. */
    boolean live;
    /** What the flags are to be computed of before it, if that is known. */
    int kind;

    Cursor(RegionWriter region, Code code, Windows windows) {
        this.region = region;
        this.code = code;
        this.windows = windows;
        conditions = new Conditions(code);
    }

    void begin(Part next, FlagFlow flags) {
        part = next;
        flow = flags;
        kind = flags.kindBefore(next);
    }

    void at(Step next, int index) {
        step = next;
        remaining = part.steps.size() - index;
        live = flow.live(part, index);
    }

    int bits() {
        return step.form().bits();
    }

    /** Where to go if the instruction takes the slow path: nothing of it has happened. */
    Label miss() {
        return region.miss(mark());
    }

    /** Says where to resume if what comes next throws a fault. */
    void resumeHere() {
        code.set(Code.MARK, mark());
    }

    private int mark() {
        return Code.mark(step.use().at, remaining);
    }

    /** Finds the memory operand, if there is one. */
    void locate() {
        locate(step.operandPlace(), windows.operand(step));
    }

    /** Finds the place on the stack. */
    void locateStack() {
        locate(step.stackPlace(), windows.stack(step));
    }

    private void locate(Place place, Windows.View view) {
        if (place == null) {
            return;
        }
        if (view == null) {
            code.locate(place, miss());
        } else {
            code.locate(place, view, view.bytes() == 0 ? null : miss());
        }
    }

    /** Pushes an operand, zero-extended; memory must have been located. */
    void push(Operand operand) {
        if (operand instanceof Operand.Register register) {
            code.register(register);
        } else if (operand instanceof Operand.Immediate immediate) {
            code.constant(immediate.value());
        } else {
            code.fetch(operand.bits());
        }
    }

    void beginSet(Operand operand) {
        if (operand instanceof Operand.Register register) {
            code.beginSet(register);
        } else {
            code.beginDeposit();
        }
    }

    void endSet(Operand operand, boolean cut) {
        if (operand instanceof Operand.Register register) {
            code.endSet(register, cut);
        } else {
            code.endDeposit(operand.bits());
        }
    }

    void kind(int newKind) {
        if (newKind != kind) {
            code.set(Code.KIND, newKind);
        }
    }

    /** Computes flags into the processor's state, where that is not done yet. */
    void settle() {
        conditions.settle(kind);
        kind = LazyFlags.FIELDS;
    }
}
