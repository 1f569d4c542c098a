package lguest.dsl;

/** A script cannot go on: something in it or around it is wrong. The message is one line; whoever prints it adds the place. */
public class ScriptFailure extends RuntimeException {
    /** Exit status of a script that failed. */
    public static final int STATUS = 3;

    private static final long serialVersionUID = 1L;

    public ScriptFailure(String message) {
        super(message);
    }

    public ScriptFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the command ends with. */
    public int exitStatus() {
        return STATUS;
    }

    /** Where in the script it went wrong, if the failure knows better than its stack trace: {@code file.lgs:4}; else null. */
    public String place() {
        return null;
    }
}
