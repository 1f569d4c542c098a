package lguest.translate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in a region flags are needed, and where it is known what they are to be computed of. */
final class FlagFlow {
    /** The kind differs from one way here to another. */
    static final int UNKNOWN = -1;
    private static final int UNREACHED = -2;

    private final Map<Part, boolean[]> liveAfter = new HashMap<>();
    private final Map<Part, Integer> kindBefore = new HashMap<>();

    FlagFlow(List<Part> parts, Windows windows) {
        for (Part part : parts) {
            liveAfter.put(part, new boolean[part.steps.size()]);
            kindBefore.put(part, UNREACHED);
        }
        Map<Part, Boolean> liveBefore = new HashMap<>();
        for (boolean changed = true; changed;) {
            changed = false;
            for (int i = parts.size() - 1; i >= 0; i--) {
                boolean live = liveness(parts.get(i), liveBefore, windows);
                changed |= !Boolean.valueOf(live).equals(liveBefore.put(parts.get(i), live));
            }
        }
        kindBefore.put(parts.get(0), LazyFlags.FIELDS);
        for (boolean changed = true; changed;) {
            changed = false;
            for (Part part : parts) {
                int kind = kindBefore.get(part);
                if (kind == UNREACHED) {
                    continue;
                }
                boolean[] live = liveAfter.get(part);
                for (int i = 0; i < live.length; i++) {
                    kind = kindAfter(part.steps.get(i), live[i], kind);
                }
                for (Part successor : part.successors()) {
                    changed |= meet(successor, kind);
                }
            }
        }
    }

    private boolean liveness(Part part, Map<Part, Boolean> liveBefore, Windows windows) {
        boolean[] live = liveAfter.get(part);
        boolean now = leavesAtEnd(part);
        for (Part successor : part.successors()) {
            now |= liveBefore.getOrDefault(successor, false);
        }
        for (int i = live.length - 1; i >= 0; i--) {
            Step step = part.steps.get(i);
            live[i] = now;
            now = Effect.needsFlags(step, windows.misses(step)) || now && step.kind() < 0;
        }
        return now;
    }

    /** Whether the region may be left behind the part's last instruction, where flags must be exact. */
    private static boolean leavesAtEnd(Part part) {
        Step last = part.last();
        if (last.isFollowed()) {
            // Its function is a copy that comes behind it.
            return false;
        }
        boolean inside = part.next != null && part.next.index > part.index || last.jumps() && last.isDirect();
        boolean jumpsInside = !last.isConditional() && !(last.jumps() && last.isDirect())
            || part.taken != null && part.taken.index > part.index;
        return !inside || !jumpsInside || last.repeats() || last.ends() && !last.isDirect();
    }

    private boolean meet(Part part, int kind) {
        int known = kindBefore.get(part);
        int now = known == UNREACHED || known == kind ? kind : UNKNOWN;
        kindBefore.put(part, now);
        return now != known;
    }

    static int kindAfter(Step step, boolean live, int kind) {
        if (step.calls()) {
            return LazyFlags.FIELDS;
        }
        if (step.isEmitted(live)) {
            int own = step.kind();
            return own >= 0 && live ? own : kind;
        }
        return Effect.touchesFlags(step) ? LazyFlags.FIELDS : kind;
    }

    boolean live(Part part, int step) {
        return liveAfter.get(part)[step];
    }

    /** What is known of the flags before the first instruction of a part. */
    int kindBefore(Part part) {
        return kindBefore.get(part);
    }
}
