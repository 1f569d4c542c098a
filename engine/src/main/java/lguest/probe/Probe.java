package lguest.probe;

import java.util.Locale;

/** One thing to watch for and what to do about it. Live from the moment it is added. */
public final class Probe {
    private final Probes owner;
    private final Event event;
    private final Verb verb;
    private final Condition when;
    private final Action action;
    private final String place;
    private volatile boolean enabled = true;
    private volatile boolean once;
    private volatile long ignore;
    private volatile long hits;

    Probe(Probes owner, Event event, Verb verb, Condition when, Action action, String place) {
        this.owner = owner;
        this.event = event;
        this.verb = verb;
        this.when = when;
        this.action = action;
        this.place = place;
    }

    public Event event() {
        return event;
    }

    public Verb verb() {
        return verb;
    }

    /** Where it was written: {@code file.lgs:line}, or what the prompt calls its input. */
    public String place() {
        return place;
    }

    public boolean enabled() {
        return enabled;
    }

    public Probe enable() {
        enabled = true;
        owner.changed();
        return this;
    }

    public Probe disable() {
        enabled = false;
        owner.changed();
        return this;
    }

    /** Removes itself when it first acts. */
    public Probe once() {
        once = true;
        return this;
    }

    /** Lets the next {@code count} hits pass. */
    public Probe ignore(long count) {
        ignore = count;
        return this;
    }

    /** How often its event happened where its condition held. */
    public long hits() {
        return hits;
    }

    /** It acts no more, not even on what others are looking at now. */
    public void remove() {
        enabled = false;
        owner.remove(this);
    }

    /**
     * Looks at an occurrence.
     *
     * @return whether it acted
     * @throws ProbeFailure if condition or action threw
     */
    boolean look(Occurrence occurrence) {
        occurrence.begin(this);
        try {
            if (!matches(occurrence)) {
                return false;
            }
            hits++;
            if (ignore > 0) {
                ignore--;
                return false;
            }
            if (once) {
                remove();
            }
            if (action != null) {
                action.run(occurrence);
            }
            return true;
        } catch (Exception | Error thrown) {
            throw failure(thrown);
        }
    }

    /**
     * Whether it would look at an occurrence, which it does not.
     *
     * @throws ProbeFailure if the condition threw
     */
    boolean holds(Occurrence occurrence) {
        occurrence.begin(this);
        try {
            return matches(occurrence);
        } catch (Exception | Error thrown) {
            throw failure(thrown);
        }
    }

    private boolean matches(Occurrence occurrence) throws Exception {
        return enabled && (when == null || when.test(occurrence));
    }

    private ProbeFailure failure(Throwable thrown) {
        if (ScriptErrors.isFailure(thrown)) {
            return new ProbeFailure(this, thrown);
        }
        throw (Error) thrown;
    }

    @Override
    public String toString() {
        return verb.name().toLowerCase(Locale.ROOT) + " " + event + (enabled ? "" : " (disabled)")
            + ", hits " + hits + "  " + place;
    }
}
