package lguest.translate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places that are near each other for sure: fields of a structure, a function's locals. Those of a window are looked for in the TLB
 * all at once, where execution comes to the first of them; the others are where that one is, some bytes further.
 *
 * <p>A window ends where translations may change: at a call of a semantic method, or of the guest out of the region, and where ways
 * meet. There is none where one of its places has been missed time and again: what is beyond a page boundary is somewhere else in
 * memory.
 */
final class Windows {
    /** How many a region has at most: each is a local variable. */
    static final int MAX = 12;
    /** From the first byte of a window to the last. */
    private static final int MAX_BYTES = 512;
    private static final int WORTHWHILE = 2;

    /** One that is open, or was. */
    private static final class Window {
        /** Distances are signed, and what two have between them may take 33 bits. */
        long from;
        long end;
        boolean write;
        boolean apart;
        int uses;
        int number = -1;

        boolean admits(long distance, int bytes) {
            return Math.max(end, distance + bytes) - Math.min(from, distance) <= MAX_BYTES;
        }

        void add(long distance, int bytes, boolean writes) {
            from = Math.min(from, distance);
            end = Math.max(end, distance + bytes);
            write |= writes;
            uses++;
        }
    }

    private record Use(Window window, int distance, boolean first) {
    }

    /**
     * How to find a place.
     *
     * @param number of the window
     * @param distance of the place from the window's first byte
     * @param bytes that are looked for, if this is the first place of the window; else 0
     * @param write whether any of them is written
     */
    record View(int number, int distance, int bytes, boolean write) {
    }

    /** What is known at the end of a part. */
    private record State(Values values, Map<Values.Root, Window> open) {
        State copy() {
            return new State(values.copy(), new HashMap<>(open));
        }
    }

    private final Map<Step, Use> operands = new IdentityHashMap<>();
    private final Map<Step, Use> stack = new IdentityHashMap<>();
    private final List<Window> all = new ArrayList<>();
    private final Values.Roots roots = new Values.Roots();
    private int count;

    /** @param parts in the order of {@link Flow} */
    Windows(List<Part> parts) {
        Map<Part, Integer> entries = new HashMap<>();
        Map<Part, Part> before = new HashMap<>();
        entries.put(parts.get(0), 1);
        for (Part part : parts) {
            for (Part successor : part.successors()) {
                entries.merge(successor, 1, Integer::sum);
                before.put(successor, part);
            }
        }
        Map<Part, State> ends = new HashMap<>();
        for (Part part : parts) {
            boolean oneWay = entries.getOrDefault(part, 0) == 1 && before.get(part) != null && before.get(part).index < part.index;
            State state = oneWay ? ends.get(before.get(part)).copy() : new State(new Values(roots), new HashMap<>());
            part.steps.forEach(step -> step(step, state));
            ends.put(part, state);
        }
        all.stream().filter(window -> window.uses >= WORTHWHILE && !window.apart)
            .sorted(Comparator.comparingInt(window -> -window.uses)).limit(MAX)
            .forEach(window -> window.number = count++);
    }

    private void step(Step step, State state) {
        if (step.isEmitted(true)) {
            see(step.operandPlace(), step, operands, state);
            see(step.stackPlace(), step, stack, state);
        }
        state.values.after(step);
        if (!step.isEmitted(true) || step.calls()) {
            state.open.clear();
        }
    }

    private void see(Place place, Step step, Map<Step, Use> uses, State state) {
        if (place == null) {
            return;
        }
        Values.Root root = state.values.root(place);
        int distance = state.values.distance(place);
        Window window = state.open.get(root);
        boolean first = window == null || !window.admits(distance, place.bytes());
        if (first) {
            window = new Window();
            window.from = distance;
            window.end = distance;
            all.add(window);
            state.open.put(root, window);
        }
        window.add(distance, place.bytes(), place.write());
        window.apart |= step.apart();
        uses.put(step, new Use(window, distance, first));
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** The window that an instruction's memory operand is in; null if it is in none. */
    View operand(Step step) {
        return view(operands.get(step));
    }

    /** The window that an instruction's place on the stack is in; null if it is in none. */
    View stack(Step step) {
        return view(stack.get(step));
    }

    /** Whether it may turn out, at an instruction that has an emitter, that something has to be looked for elsewhere. */
    boolean misses(Step step) {
        return misses(step.operandPlace(), operand(step)) || misses(step.stackPlace(), stack(step));
    }

    private static boolean misses(Place place, View view) {
        return place != null && (view == null || view.bytes() != 0);
    }

    private static View view(Use use) {
        if (use == null || use.window.number < 0) {
            return null;
        }
        Window window = use.window;
        return new View(window.number, (int) (use.distance - window.from), use.first ? (int) (window.end - window.from) : 0, window.write);
    }
}
