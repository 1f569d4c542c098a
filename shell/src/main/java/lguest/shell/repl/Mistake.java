package lguest.shell.repl;

import java.util.List;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;

/** Shows where in the input a mistake is. */
final class Mistake {
    /** So much of the line is shown on either side of the place. */
    private static final int AROUND = 100;

    private Mistake() {
    }

    /** The line of the input and a caret below the place; empty if the failure is about no place in it. */
    static String shown(String input, Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof MultipleCompilationErrorsException errors) {
                return shown(input, errors);
            }
        }
        return "";
    }

    private static String shown(String input, MultipleCompilationErrorsException errors) {
        List<String> lines = input.lines().toList();
        for (Message message : errors.getErrorCollector().getErrors()) {
            if (message instanceof SyntaxErrorMessage error) {
                SyntaxException at = error.getCause();
                if (at.getStartLine() >= 1 && at.getStartLine() <= lines.size()) {
                    return shown(lines.get(at.getStartLine() - 1), Math.max(0, at.getStartColumn() - 1));
                }
            }
        }
        return "";
    }

    /** A line that is to blame as a whole. */
    static String shown(String line) {
        return "  " + harmless(line.strip());
    }

    private static String shown(String line, int column) {
        int from = Math.max(0, Math.min(column, line.length()) - AROUND);
        int to = Math.min(line.length(), column + AROUND);
        return "  " + harmless(line.substring(from, to)) + "\n  " + " ".repeat(column - from) + "^";
    }

    /** Control characters, which would do something to a terminal, become question marks; tabs become one space, as the caret counts. */
    private static String harmless(String text) {
        return text.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?");
    }
}
