package lguest.probe;

/** A probe's condition or action threw: the guest is paused, and {@link #getCause} says why. */
public final class ProbeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Probe probe;

    public ProbeFailure(Probe probe, Throwable cause) {
        super(probe.place() + ": " + cause, cause, false, false);
        this.probe = probe;
    }

    /** One of the past. */
    public ProbeFailure() {
        super("a hook has failed here", null, false, false);
        probe = null;
    }

    public Probe probe() {
        return probe;
    }
}
