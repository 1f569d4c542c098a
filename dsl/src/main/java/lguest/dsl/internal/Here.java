package lguest.dsl.internal;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * The line of a script that is being executed. In Java, as every hook asks: in Groovy a text with a value in it sets up a formatter
 * first, which reads all of Groovy's jar, a quarter of a second.
 */
public final class Here {
    private Here() {
    }

    /**
     * @param isScript whether a file of that name is one
     * @return {@code file.lgs:4}, of the innermost one
     */
    public static Optional<String> in(Predicate<String> isScript) {
        return StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
            .filter(frame -> frame.getLineNumber() > 0 && isScript.test(frame.getFileName())).findFirst())
            .map(frame -> frame.getFileName() + ":" + frame.getLineNumber());
    }
}
