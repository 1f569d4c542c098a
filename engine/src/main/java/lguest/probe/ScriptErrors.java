package lguest.probe;

/** What the code of scripts may throw without anything being wrong with us: said once, for all who call it. */
public final class ScriptErrors {
    private ScriptErrors() {
    }

    /**
     * Whether somebody's code has failed: an exception, an assertion, calls without end, too much memory, a class that it misses, an
     * error of its own. What is wrong with the JVM itself is nobody's to explain away.
     */
    public static boolean isFailure(Throwable thrown) {
        return !(thrown instanceof VirtualMachineError) || thrown instanceof StackOverflowError || thrown instanceof OutOfMemoryError;
    }
}
