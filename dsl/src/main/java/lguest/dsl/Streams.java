package lguest.dsl;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a script reads and writes: {@code out} is for its data and the guest's console, {@code err} for talk.
 *
 * @param terminal whether a person watches: guests keep the host's time then unless told otherwise
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    /** Those of this process, with nobody watching. */
    public static Streams system() {
        return new Streams(System.in, System.out, System.err, false);
    }
}
