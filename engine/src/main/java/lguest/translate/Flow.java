package lguest.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Finds the control flow of a region. */
final class Flow {
    /** A function is followed if it has no more instructions than that. */
    private static final int FOLLOWED = 48;
    /** And if it is in so many others at most: those that call themselves would be in themselves without end. */
    private static final int DEEPEST = 3;

    /** @param depth how many others it is in */
    private record Inside(Function function, int depth) {
    }

    private Flow() {
    }

    /**
     * The parts of a region in the order in which to emit them; none if its first instruction is left to the interpreter.
     */
    static List<Part> of(Source source, Extent extent) {
        Function region = new Function(source, source.entry(), extent.own());
        follow(region, source, extent.further());
        List<Part> order = new ArrayList<>();
        Part first = region.connected();
        if (first != null) {
            order(first, order);
            Collections.reverse(order);
            for (int i = 0; i < order.size(); i++) {
                order.get(i).index = i;
            }
        }
        return order;
    }

    /** What it calls comes before what that calls. */
    private static void follow(Function region, Source source, int further) {
        int left = further;
        Deque<Inside> callers = new ArrayDeque<>(List.of(new Inside(region, 0)));
        while (!callers.isEmpty() && left > 0) {
            Inside caller = callers.remove();
            for (Step call : caller.function.calls()) {
                Function function = new Function(source, call.target(), Math.min(left, FOLLOWED));
                if (function.isPlain()) {
                    caller.function.follow(call, function);
                    left -= function.size();
                    if (caller.depth + 1 < DEEPEST) {
                        callers.add(new Inside(function, caller.depth + 1));
                    }
                }
            }
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
}
