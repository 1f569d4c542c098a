package lguest.machine;

import lguest.probe.Probe;

/**
 * Why a run came back.
 *
 * @param reason in words, for people
 * @param probe for {@link Kind#BREAKPOINT} and {@link Kind#FAILED}: which; else null
 * @param failure for {@link Kind#FAILED}: what its action threw; else null
 */
public record Stop(Kind kind, String reason, Probe probe, Throwable failure) {
    /** Kinds of end. */
    public enum Kind {
        /** The limit's instructions or time are used up. */
        LIMIT,
        /** {@link Guest#pause}. */
        PAUSED,
        /** A STOP probe hit, or an action asked to stop. */
        BREAKPOINT,
        /** The limit's condition holds. */
        CONDITION,
        /** The guest was killed or its launcher gave up. */
        DEAD,
        /** The guest powered off or ended itself. */
        OFF,
        /** A guest that goes through its past has come to the present. */
        PRESENT,
        /** Three ^C within a second. */
        EMERGENCY,
        /** A probe's condition or action threw. */
        FAILED
    }

    static Stop of(Kind kind, String reason) {
        return new Stop(kind, reason, null, null);
    }

    /** Whether the guest can go on. */
    public boolean alive() {
        return kind != Kind.DEAD && kind != Kind.OFF;
    }
}
