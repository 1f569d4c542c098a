package lguest.shell.repl;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Set;
import java.util.function.Function;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lguest.device.Console;

/** Both ends of the prompt: where lines come from, and where everything goes. */
interface Ends extends AutoCloseable {
    /** Ctrl-C: the line being typed is to be forgotten. */
    final class LineCleared extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean empty;

        LineCleared(boolean empty) {
            super(null, null, false, false);
            this.empty = empty;
        }

        /** Whether nothing had been typed. */
        boolean empty() {
            return empty;
        }
    }

    /**
     * @param prompt asked again whenever something may have changed
     * @return the next input, of several lines if one does not complete it; null at the end
     */
    String read(Supplier<String> prompt) throws IOException, LineCleared;

    /** Results, and what scripts print. Any thread. */
    PrintStream out();

    /** Errors and talk. Any thread. */
    PrintStream err();

    /** Takes what the guest of that name prints. */
    OutputStream console(String guest);

    /** Returns when all that was printed can be seen. */
    void settle();

    /**
     * Connects the terminal with a guest's console until Ctrl-] is struck or the guest does not run any more.
     *
     * @return whether Ctrl-] ended it
     * @throws IllegalStateException if this is not {@link #interactive}
     */
    boolean attach(String guest, Console console, BooleanSupplier running) throws IOException;

    /**
     * What helps somebody who types.
     *
     * @param commands that need no colon
     * @param tips what may follow a line so far, empty if that is not known
     * @param onInterrupt called on another thread when Ctrl-C is struck while something is evaluated
     */
    void serve(Completions completions, Supplier<Set<String>> commands, Function<String, String> tips, Runnable onInterrupt);

    /**
     * Keeps a line below everything that is printed.
     *
     * @param text asked several times a second; empty for no line
     * @return false if there is no place for it
     */
    boolean status(Supplier<String> text);

    /** Whether a person sits here: errors do not end the prompt then. */
    boolean interactive();

    @Override
    void close();
}
