package lguest.translate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What of a page can be reached from an instruction without a CALL, as far as it has been executed before. */
final class Function {
    private static final int PAGE_BYTES = 0x1000;

    private final Source source;
    private final Steps page;
    private final int entry;
    private final int limit;
    private final Map<Integer, Step> steps = new TreeMap<>();
    private final TreeSet<Integer> leaders = new TreeSet<>();
    private final Deque<Integer> work = new ArrayDeque<>();
    private final Map<Integer, Part> parts = new TreeMap<>();
    /** Of each CALL that is followed, by its offset: a copy of the function that is its own, so that a RET has one place to go back to. */
    private final Map<Integer, Function> followed = new HashMap<>();
    /** Where its RET leads; null if it is not known who has called it. */
    private Part behindCall;
    private boolean plain = true;

    /** @param limit instructions at most */
    Function(Source source, int entry, int limit) {
        this.source = source;
        this.entry = entry;
        this.limit = limit;
        page = new Steps(source);
        explore();
    }

    /** Whether all of it can be translated, and it is known where it leads. */
    boolean isPlain() {
        return plain;
    }

    int size() {
        return steps.size();
    }

    /** Its CALLs of what has been executed on this page, and that come back to something that is in it. */
    List<Step> calls() {
        return steps.values().stream().filter(it -> it.calls() && it.isDirect() && isKnown(it.target()))
            .filter(it -> leaders.contains(it.end()) && steps.containsKey(it.end())).toList();
    }

    /** Makes a function part of this one. */
    void follow(Step call, Function function) {
        steps.put(call.at(), call.asFollowed());
        followed.put(call.at(), function);
    }

    private void explore() {
        work.add(entry);
        leaders.add(entry);
        while (!work.isEmpty()) {
            int at = work.remove();
            while (true) {
                if (steps.containsKey(at)) {
                    leaders.add(at);
                    break;
                }
                Step step = steps.size() < limit ? page.at(at) : null;
                if (step == null) {
                    plain = false;
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
        } else if (step.calls()) {
            want(step.end());
        } else if (step.jumps() && step.isDirect()) {
            want(step.target());
        } else if (step.jumps()) {
            plain = false;
            source.indirect().stream().forEach(this::want);
        } else if (step.crosses()) {
            plain = false;
        }
    }

    private boolean isKnown(int at) {
        return at >= 0 && at < PAGE_BYTES && source.starts().get(at);
    }

    private void want(int at) {
        if (isKnown(at) && leaders.add(at)) {
            work.add(at);
        }
    }

    /** Its first part, with all that can be reached from there; null if its first instruction is left to the interpreter. */
    Part connected() {
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
        parts.values().forEach(this::connect);
        return parts.get(entry);
    }

    private void connect(Part part) {
        Step last = part.last();
        Part behind = parts.get(last.end());
        if (followed.containsKey(last.at())) {
            Function function = followed.get(last.at());
            function.behindCall = behind;
            part.taken = function.connected();
        } else if (last.repeats()) {
            part.taken = part;
            part.next = behind;
        } else if (!last.ends() || last.isConditional() || last.calls()) {
            part.next = behind;
        }
        if (last.isConditional() || last.jumps() && last.isDirect()) {
            part.taken = parts.get(last.target());
        } else if (last.jumps()) {
            source.indirect().stream().mapToObj(parts::get).filter(to -> to != null).forEach(part.indirect::add);
        } else if (last.returns()) {
            part.returned = behindCall;
        }
    }
}
