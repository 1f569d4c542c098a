package lguest.translate;

import lguest.cpu.Segment;
import lguest.emit.Form;
import lguest.emit.Ops;
import lguest.emit.Use;
import lguest.isa.Decoder;
import lguest.isa.Insn;
import lguest.isa.Operand;

/** The instructions of a page, as far as they can be translated. */
final class Steps {
    private final Source source;

    Steps(Source source) {
        this.source = source;
    }

    /** The instruction at an offset; null if it is left to the interpreter. */
    Step at(int at) {
        if (source.stops().get(at)) {
            return null;
        }
        int[] next = {at};
        Insn insn;
        try {
            insn = Decoder.decode(() -> {
                if (next[0] >= source.bytes().length) {
                    throw BEYOND_PAGE;
                }
                return source.bytes()[next[0]++] & 0xFF;
            }, true);
        } catch (BeyondPage interpreted) {
            return null;
        }
        Form form = Ops.form(insn, true, true, source.model());
        if (!translatable(insn, form)) {
            return null;
        }
        Use use = new Use();
        Ops.fill(use, insn, at - source.entry());
        return new Step(insn, at, at + insn.length(), form, use, source.misses().apart(at), source.misses().careful(at), false);
    }

    private static boolean translatable(Insn insn, Form form) {
        String semantics = form.semantics();
        if (semantics.equals("-")) {
            return true;
        }
        if (semantics.indexOf('.') < 0 || insn.row().cpl0() || insn.row().alone()) {
            return false;
        }
        return switch (semantics.substring(0, semantics.indexOf('.'))) {
            case "segments" -> loadsNothing(semantics) || loadsData(semantics, insn);
            case "far" -> semantics.equals("far.iret") && insn.operandBits() == 32;
            case "sys" -> semantics.equals("sys.interrupt");
            case "ports" -> false;
            case "control" -> insn.operandBits() == 32 && insn.addressBits() == 32;
            default -> true;
        };
    }

    private static boolean loadsNothing(String semantics) {
        return semantics.equals("segments.push") || semantics.equals("segments.selector");
    }

    /** DS, ES, FS or GS: what SS is loaded with holds back interrupts and has the stack elsewhere. */
    private static boolean loadsData(String semantics, Insn insn) {
        boolean loads = semantics.equals("segments.mov") || semantics.equals("segments.movMemory") || semantics.equals("segments.pop");
        int number = loads ? ((Operand.Numbered) insn.operands().get(0)).number() : Segment.CS;
        return number == Segment.ES || number == Segment.DS || number == Segment.FS || number == Segment.GS;
    }

    /** The instruction reaches into the next page, of which nothing is known. */
    private static final class BeyondPage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private BeyondPage() {
            super(null, null, false, false);
        }
    }

    private static final BeyondPage BEYOND_PAGE = new BeyondPage();
}
