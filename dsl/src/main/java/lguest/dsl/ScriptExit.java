package lguest.dsl;

/** {@code exit n}: the script is over. */
public final class ScriptExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public ScriptExit(int status) {
        super("exit " + status);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
