package lguest.translate;

import lguest.emit.Form;
import lguest.emit.Use;
import lguest.isa.Insn;
import lguest.isa.Operand;

/** An instruction of a region. What is asked of it time and again is found out once. */
final class Step {
    private final Insn insn;
    private final int at;
    private final int end;
    private final Form form;
    private final Use use;
    private final boolean apart;
    private final boolean careful;
    private final boolean followed;
    private final String semantics;
    private final Place operandPlace;
    private final Place stackPlace;
    private final boolean emitted;
    private final boolean emittedQuietly;
    private final int kind;

    /**
     * @param at offset in its page
     * @param end offset of the next instruction
     * @param use its numbers, distances counted from the region's first instruction
     * @param apart its memory must not be looked for together with that of others
     * @param careful its memory must be expected to take the slow path
     * @param followed it is a CALL, and the function that it calls is in the region, too
     */
    Step(Insn insn, int at, int end, Form form, Use use, boolean apart, boolean careful, boolean followed) {
        this.insn = insn;
        this.at = at;
        this.end = end;
        this.form = form;
        this.use = use;
        this.apart = apart;
        this.careful = careful;
        this.followed = followed;
        semantics = form.semantics();
        operandPlace = Place.operand(this);
        stackPlace = Place.stack(this);
        emitted = Effect.isEmitted(this, true);
        emittedQuietly = Effect.isEmitted(this, false);
        kind = emitted ? Effect.kind(this) : -1;
    }

    Insn insn() {
        return insn;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    Form form() {
        return form;
    }

    Use use() {
        return use;
    }

    boolean apart() {
        return apart;
    }

    boolean careful() {
        return careful;
    }

    boolean isFollowed() {
        return followed;
    }

    String semantics() {
        return semantics;
    }

    /** The memory operand, if it has an emitter; null if it accesses none. */
    Place operandPlace() {
        return operandPlace;
    }

    /** Where it uses the stack, if it has an emitter; null if it does not. */
    Place stackPlace() {
        return stackPlace;
    }

    /** Whether {@link Emitter} has code for it; otherwise its semantic method is called. @param live whether its status flags are needed */
    boolean isEmitted(boolean live) {
        return live ? emitted : emittedQuietly;
    }

    /** The kind of {@link LazyFlags} it leaves if it sets all of them and has an emitter; -1 if not. */
    int kind() {
        return kind;
    }

    Operand operand(int index) {
        return insn.operands().get(index);
    }

    /** Whether it transfers control by relative distance: where to, as an offset from the page's first byte. */
    boolean isDirect() {
        return !insn.operands().isEmpty() && operand(0) instanceof Operand.Target;
    }

    int target() {
        return end + ((Operand.Target) operand(0)).displacement();
    }

    boolean repeats() {
        return insn.repeat() != 0 && semantics.startsWith("strings.");
    }

    /** The same, but what it calls is in the region, too. */
    Step asFollowed() {
        return new Step(insn, at, end, form, use, apart, careful, true);
    }

    /** Whether it is a CALL that leads out of the region, to come back some time. */
    boolean calls() {
        return semantics.equals("control.call") && !followed;
    }

    boolean returns() {
        return semantics.equals("control.ret") || semantics.equals("control.retImmediate");
    }

    boolean jumps() {
        return semantics.equals("control.jmp");
    }

    /** Whether execution does not simply go on with the next instruction. */
    boolean ends() {
        return repeats() || semantics.startsWith("control.") || crosses();
    }

    /** Whether it is a software interrupt or a return from one: privilege and segments may be others afterwards. */
    boolean crosses() {
        return semantics.equals("sys.interrupt") || semantics.equals("far.iret");
    }

    /** The segment register that it loads; -1 if none. */
    int loadsSegment() {
        return switch (semantics) {
            case "segments.mov", "segments.movMemory", "segments.pop" -> ((Operand.Numbered) operand(0)).number();
            default -> -1;
        };
    }

    /** Whether it jumps or goes on with the next instruction. */
    boolean isConditional() {
        return switch (semantics) {
            case "control.jcc", "control.loop", "control.loope", "control.loopne", "control.jcxz" -> true;
            default -> false;
        };
    }
}
