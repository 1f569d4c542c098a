package lguest.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lguest.probe.Event;
import lguest.probe.Probe;

/**
 * When probes that wait for time to pass are due. Each period begins where the one before was noticed, so that one shorter than an
 * instruction, or than what the host was busy with, does not pile up.
 */
final class Ticks {
    private final Map<Event.TickEvent, Long> due = new LinkedHashMap<>();
    private long nanos = Long.MAX_VALUE;
    private long instructions = Long.MAX_VALUE;

    /** Takes the probes there are now; what was due of one that is still there stays so. */
    void apply(List<Probe> probes, long nowNanos, long nowInstructions) {
        List<Event.TickEvent> wanted = new ArrayList<>();
        for (Probe probe : probes) {
            if (probe.enabled() && probe.event() instanceof Event.TickEvent tick) {
                wanted.add(tick);
                due.putIfAbsent(tick, next(tick, nowNanos, nowInstructions));
            }
        }
        due.keySet().retainAll(wanted);
        settle();
    }

    /** {@link Clock#nanos} when the next one is due; {@link Long#MAX_VALUE} if none is. */
    long nanos() {
        return nanos;
    }

    /** The count of instructions at which the next one is due; {@link Long#MAX_VALUE} if none is. */
    long instructions() {
        return instructions;
    }

    /** Calls for each that is due. */
    void fire(long nowNanos, long nowInstructions, Consumer<Event> action) {
        if (nowNanos < nanos && nowInstructions < instructions) {
            return;
        }
        List<Event.TickEvent> now = due.keySet().stream()
            .filter(tick -> due.get(tick) <= (tick.nanos() > 0 ? nowNanos : nowInstructions)).toList();
        now.forEach(tick -> due.put(tick, next(tick, nowNanos, nowInstructions)));
        settle();
        now.forEach(action);
    }

    private static long next(Event.TickEvent tick, long nowNanos, long nowInstructions) {
        return tick.nanos() > 0 ? nowNanos + tick.nanos() : nowInstructions + tick.instructions();
    }

    private void settle() {
        nanos = Long.MAX_VALUE;
        instructions = Long.MAX_VALUE;
        due.forEach((tick, at) -> {
            if (tick.nanos() > 0) {
                nanos = Math.min(nanos, at);
            } else {
                instructions = Math.min(instructions, at);
            }
        });
    }
}
