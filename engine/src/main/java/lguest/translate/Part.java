package lguest.translate;

import java.util.ArrayList;
import java.util.List;

/** A basic block of a region: entered at its first instruction, left behind its last one. */
final class Part {
    final int start;
    final List<Step> steps = new ArrayList<>();
    /** Position in the order of emission. */
    int index = -1;
    /** Where a direct jump leads inside the region, or a CALL that is followed; null if out of it. */
    Part taken;
    /** What follows without a jump; null if that is not in the region. */
    Part next;
    /** Where a RET leads, if the return address is still what the followed CALL has made it; null if that is not in the region. */
    Part returned;
    /** Where an indirect jump may lead inside the region. */
    final List<Part> indirect = new ArrayList<>();

    Part(int start) {
        this.start = start;
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    int end() {
        return last().end();
    }

    List<Part> successors() {
        List<Part> all = new ArrayList<>();
        if (taken != null) {
            all.add(taken);
        }
        if (returned != null) {
            all.add(returned);
        }
        all.addAll(indirect);
        if (next != null) {
            all.add(next);
        }
        return all;
    }
}
