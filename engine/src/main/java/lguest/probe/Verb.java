package lguest.probe;

/** What a probe does to its event. */
public enum Verb {
    /** Pauses the guest, after the action if there is one. */
    STOP,
    /** Acts before it happens; may change arguments. */
    BEFORE,
    /** Acts after it has happened; may change the result. */
    AFTER,
    /** Acts instead of it; {@link Occurrence#proceed} lets it happen after all. */
    REPLACE
}
