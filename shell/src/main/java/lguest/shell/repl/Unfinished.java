package lguest.shell.repl;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds out whether Groovy text goes on in the next line: a bracket is open, or a string, or a comment, or the line ends in a
 * backslash, a comma or an operator that wants another operand. It looks at characters, not at meaning, so it answers the same
 * for text with mistakes in it.
 */
final class Unfinished {
    private static final String TRIPLE_SINGLE = "'''";
    private static final String TRIPLE_DOUBLE = "\"\"\"";
    /** After these, a slash begins a string instead of dividing. */
    private static final String BEFORE_SLASHY = "(,=[!~:{;&|?<>+-*\n";
    /** A line that ends so has not ended. Not {@code ++ -- * /}, which may. */
    private static final String[] GOES_ON = {"\\", ",", "&&", "||", "->", "=", "?", "==~", "=~", "<<"};

    private final String text;
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    /** The last character of code, comments and space left out: newline at the start. */
    private char before = '\n';

    private Unfinished(String text) {
        this.text = text;
    }

    static boolean is(String text) {
        return new Unfinished(text).scan();
    }

    private boolean scan() {
        StringBuilder code = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (text.startsWith("//", at) || at == 0 && text.startsWith("#!")) {
                skipTo("\n");
            } else if (text.startsWith("/*", at)) {
                if (!skipTo("*/")) {
                    return true;
                }
            } else if (text.startsWith(TRIPLE_SINGLE, at) || text.startsWith(TRIPLE_DOUBLE, at)) {
                if (!string(text.substring(at, at + TRIPLE_SINGLE.length()), true)) {
                    return true;
                }
                code.append('"');
            } else if (c == '\'' || c == '"') {
                // A string that its line does not close is a mistake, which no further line mends.
                string(String.valueOf(c), false);
                code.append('"');
            } else if (c == '/' && BEFORE_SLASHY.indexOf(before) >= 0) {
                if (!string("/", true)) {
                    return true;
                }
                code.append('"');
            } else {
                bracket(c);
                code.append(c);
                at++;
                before = Character.isWhitespace(c) ? before : c;
            }
        }
        return !open.isEmpty() || goesOn(code.toString());
    }

    private static boolean goesOn(String code) {
        String end = code.stripTrailing();
        for (String sign : GOES_ON) {
            if (end.endsWith(sign)) {
                return true;
            }
        }
        return false;
    }

    private void bracket(char c) {
        switch (c) {
            case '(', '[', '{' -> open.push(c);
            case ')', ']', '}' -> {
                // One too many is a mistake, and finished.
                if (!open.isEmpty()) {
                    open.pop();
                }
            }
            default -> {
                return;
            }
        }
    }

    /** Skips a string, its delimiters included. @return whether it ended */
    private boolean string(String delimiter, boolean lines) {
        at += delimiter.length();
        before = '"';
        while (at < text.length()) {
            if (text.startsWith(delimiter, at)) {
                at += delimiter.length();
                return true;
            }
            if (text.charAt(at) == '\n' && !lines) {
                return true;
            }
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return false;
    }

    private boolean skipTo(String end) {
        int found = text.indexOf(end, at);
        at = found < 0 ? text.length() : found + end.length();
        return found >= 0;
    }
}
