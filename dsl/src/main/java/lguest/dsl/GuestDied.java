package lguest.dsl;

/** A guest was killed, and the script had not expected it. */
public final class GuestDied extends ScriptFailure {
    public static final int STATUS = 1;

    private static final long serialVersionUID = 1L;

    /** @param reason the kill reason, as the launcher prints it */
    public GuestDied(String reason) {
        super(reason);
    }

    @Override
    public int exitStatus() {
        return STATUS;
    }
}
