package lguest.dsl;

/** What a script waited for did not come, or cannot come any more. */
public final class Timeout extends ScriptFailure {
    public static final int STATUS = 4;

    private static final long serialVersionUID = 1L;

    public Timeout(String message) {
        super(message);
    }

    @Override
    public int exitStatus() {
        return STATUS;
    }
}
