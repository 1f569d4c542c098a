package lguest.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import lguest.cpu.Segment;
import lguest.emit.Form;
import lguest.emit.Ops;
import lguest.emit.Use;
import lguest.isa.Decoder;
import lguest.isa.Insn;
import lguest.isa.Operand;

/** Finds the control flow of a region: what of a page can be reached from its first instruction and has been executed before. */
final class Flow {
    private static final int PAGE_BYTES = 0x1000;

    private final Source source;
    private final int limit;
    private final Map<Integer, Step> steps = new TreeMap<>();
    private final TreeSet<Integer> leaders = new TreeSet<>();
    private final Deque<Integer> work = new ArrayDeque<>();

    private Flow(Source source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    /**
     * The parts of a region in the order in which to emit them; none if its first instruction is left to the interpreter.
     *
     * @param limit instructions at most
     */
    static List<Part> of(Source source, int limit) {
        Flow flow = new Flow(source, limit);
        flow.explore();
        return flow.parts();
    }

    private void explore() {
        work.add(source.entry());
        leaders.add(source.entry());
        while (!work.isEmpty()) {
            int at = work.remove();
            while (true) {
                if (steps.containsKey(at)) {
                    leaders.add(at);
                    break;
                }
                Step step = steps.size() < limit ? step(at) : null;
                if (step == null) {
                    break;
                }
                steps.put(at, step);
                if (step.ends()) {
                    successors(step);
                    break;
                }
                at = step.end();
            }
        }
    }

    private void successors(Step step) {
        if (step.repeats()) {
            leaders.add(step.at());
            want(step.end());
        } else if (step.isConditional()) {
            want(step.end());
            want(step.target());
        } else {
            switch (step.semantics()) {
                case "control.jmp" -> {
                    if (step.isDirect()) {
                        want(step.target());
                    } else {
                        source.indirect().stream().forEach(this::want);
                    }
                }
                case "control.call" -> want(step.end());
                default -> { }
            }
        }
    }

    private void want(int at) {
        if (at >= 0 && at < PAGE_BYTES && source.starts().get(at) && leaders.add(at)) {
            work.add(at);
        }
    }

    /** The instruction at an offset, if it can be translated. */
    private Step step(int at) {
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
        return new Step(insn, at, at + insn.length(), form, use, source.misses().apart(at), source.misses().careful(at));
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

    private List<Part> parts() {
        Map<Integer, Part> parts = new TreeMap<>();
        for (int start : leaders) {
            if (steps.containsKey(start)) {
                parts.put(start, new Part(start));
            }
        }
        for (Part part : parts.values()) {
            int at = part.start;
            do {
                Step step = steps.get(at);
                part.steps.add(step);
                at = step.end();
            } while (!part.last().ends() && steps.containsKey(at) && !parts.containsKey(at));
        }
        parts.values().forEach(part -> connect(part, parts));
        List<Part> order = new ArrayList<>();
        if (parts.containsKey(source.entry())) {
            order(parts.get(source.entry()), order);
            Collections.reverse(order);
            for (int i = 0; i < order.size(); i++) {
                order.get(i).index = i;
            }
        }
        return order;
    }

    private void connect(Part part, Map<Integer, Part> parts) {
        Step last = part.last();
        if (last.repeats()) {
            part.taken = part;
            part.next = parts.get(last.end());
        } else if (!last.ends() || last.isConditional() || last.semantics().equals("control.call")) {
            part.next = parts.get(last.end());
        }
        if (last.ends() && last.isDirect() && !last.semantics().equals("control.call")) {
            part.taken = parts.get(last.target());
        }
        if (last.semantics().equals("control.jmp") && !last.isDirect()) {
            source.indirect().stream().mapToObj(parts::get).filter(to -> to != null).forEach(part.indirect::add);
        }
    }

    /** Children before parents; what follows without a jump comes last, so that it is next when the order is reversed. */
    private static void order(Part part, List<Part> done) {
        part.index = 0;
        for (Part successor : part.successors()) {
            if (successor.index < 0) {
                order(successor, done);
            }
        }
        done.add(part);
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
