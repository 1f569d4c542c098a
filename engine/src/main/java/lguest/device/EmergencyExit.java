package lguest.device;

/** The user struck ^C three times within a second: the launcher leaves with {@link #STATUS}, whatever the guest is doing. */
public final class EmergencyExit extends RuntimeException {
    /** Exit status of the launcher. */
    public static final int STATUS = 2;

    private static final long serialVersionUID = 1L;

    public EmergencyExit() {
        super("three ^C within a second", null, false, false);
    }
}
