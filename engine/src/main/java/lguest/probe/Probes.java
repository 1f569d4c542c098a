package lguest.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The probes of one guest. Added and removed from any thread and from actions; the guest's thread sees the change at its next
 * event.
 */
public final class Probes {
    private final List<Probe> all = new CopyOnWriteArrayList<>();
    private final Runnable onChange;

    /** @param onChange called, on whatever thread, when the set of watched addresses may be another */
    public Probes(Runnable onChange) {
        this.onChange = onChange;
    }

    /**
     * @param when null for always
     * @param action null for nothing besides counting and, with {@link Verb#STOP}, stopping
     * @param place {@code file.lgs:line}
     */
    public Probe add(Event event, Verb verb, Condition when, Action action, String place) {
        if (!event.allows(verb)) {
            throw new IllegalArgumentException(event + " has no moment for " + verb);
        }
        Probe probe = new Probe(this, event, verb, when, action, place);
        all.add(probe);
        changed();
        return probe;
    }

    /** In the order they were added. */
    public List<Probe> list() {
        return List.copyOf(all);
    }

    public void clear() {
        all.clear();
        changed();
    }

    /** Whether there is none, not even one that is disabled. Any thread; cheap. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    void remove(Probe probe) {
        if (all.remove(probe)) {
            changed();
        }
    }

    void changed() {
        onChange.run();
    }

    /** Linear addresses where execution is to stop and look. */
    public int[] codeAddresses() {
        return all.stream().filter(Probe::enabled).map(Probe::event).filter(Event.At.class::isInstance)
            .mapToInt(event -> ((Event.At) event).linear()).distinct().toArray();
    }

    /** Linear page numbers in which an access is watched. */
    public int[] watchedPages() {
        List<Integer> pages = new ArrayList<>();
        for (Probe probe : all) {
            if (probe.enabled() && probe.event() instanceof Event.AccessEvent access) {
                for (int page = access.first() >>> 12; page <= access.last() >>> 12; page++) {
                    pages.add(page);
                }
            }
        }
        return pages.stream().distinct().mapToInt(Integer::intValue).toArray();
    }

    /** Whether any probe watches hypercalls, so that those who ask can do without. */
    public boolean watchesHypercalls() {
        return any(Event.HypercallEvent.class);
    }

    public boolean watchesFaults() {
        return any(Event.FaultEvent.class);
    }

    public boolean watchesInterrupts() {
        return any(Event.InterruptEvent.class);
    }

    public boolean watchesDma() {
        return any(Event.DmaEvent.class);
    }

    public boolean watchesPorts() {
        return any(Event.PortEvent.class);
    }

    public boolean watchesConsole() {
        return any(Event.ConsoleEvent.class);
    }

    public boolean watchesExit() {
        return any(Event.ExitEvent.class);
    }

    private boolean any(Class<? extends Event> kind) {
        if (all.isEmpty()) {
            return false;
        }
        for (Probe probe : all) {
            if (kind.isInstance(probe.event())) {
                return true;
            }
        }
        return false;
    }

    /** What came of asking the probes. */
    public static final class Verdict {
        /** The STOP probe that hit, or null. */
        public Probe stop;
        /** A REPLACE probe acted and did not let the event proceed. */
        public boolean replaced;
        /** Some probe's condition held. */
        public boolean acted;

        public void reset() {
            stop = null;
            replaced = false;
            acted = false;
        }
    }

    /**
     * Asks every probe whose event matches and whose verb belongs to this moment: BEFORE takes in STOP and then REPLACE.
     *
     * @param verdict filled in
     * @throws ProbeFailure from the first probe that fails
     */
    public void fire(Predicate<Event> matches, boolean before, Occurrence occurrence, Verdict verdict) {
        verdict.reset();
        for (Probe probe : all) {
            Verb verb = probe.verb();
            if ((verb == Verb.AFTER) == before || verb == Verb.REPLACE || !matches.test(probe.event())) {
                continue;
            }
            if (probe.look(occurrence)) {
                verdict.acted = true;
                if (verb == Verb.STOP) {
                    verdict.stop = probe;
                }
            }
        }
        if (!before) {
            return;
        }
        for (Probe probe : all) {
            if (probe.verb() == Verb.REPLACE && matches.test(probe.event()) && probe.look(occurrence)) {
                verdict.acted = true;
                verdict.replaced = !occurrence.proceeds();
                return;
            }
        }
    }

    /**
     * Of the past: only asks whether a STOP probe matches, and does nothing.
     *
     * @param verdict filled in
     * @throws ProbeFailure from the first condition that fails
     */
    public void look(Predicate<Event> matches, Occurrence occurrence, Verdict verdict) {
        for (Probe probe : all) {
            if (probe.verb() == Verb.STOP && matches.test(probe.event()) && probe.holds(occurrence)) {
                verdict.stop = probe;
            }
        }
    }

    /** Whether an access of this kind concerns the event. */
    public static boolean covers(Event event, int linear, int lengthBytes, boolean write) {
        return event instanceof Event.AccessEvent access && access.covers(linear, lengthBytes, write);
    }

    /** Whether the event is about this port. */
    public static boolean covers(Event event, int port, boolean write) {
        return event instanceof Event.PortEvent ports && ports.covers(port, write);
    }
}
