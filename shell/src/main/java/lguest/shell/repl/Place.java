package lguest.shell.repl;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in its line the cursor stands, for completion.
 *
 * @param before what decides the candidates: the object before the dot, the word before the string, the command's name
 * @param prefix what is there already of the word to complete
 */
record Place(Kind kind, String before, String prefix) {
    /** What may stand there. */
    enum Kind {
        /** The first word of a line: a command or Groovy. */
        FIRST,
        /** Behind a colon: a command. */
        COMMAND,
        /** A word of a command's arguments. */
        ARGUMENT,
        /** A name in an expression. */
        WORD,
        /** Behind a dot. */
        MEMBER,
        /** Inside a string. */
        TEXT,
        /** The name of a file, in a string; {@code before} is its folder, up to and with the last slash. */
        FILE
    }

    private static final Set<String> TAKES_FILE = Set.of("kernel", "initrd", "block", "load", "sharenet", "pcap", "save", "restore",
        "report", "source", "include");
    private static final Pattern COMMAND = Pattern.compile("\\s*:(\\w*)");
    // Pasted lines may be long: repeated groups would overflow the stack, and words looked at from each of their letters take seconds.
    private static final Pattern FUNCTION = Pattern.compile("(?<!\\w)(\\w*)\\s*\\(?\\s*$");
    private static final Pattern COMMAND_ARGUMENT = Pattern.compile("(?s)\\s*(:?)(\\w+)(?:/\\w+)?\\s+(?:.*\\s)?(\\S*)");
    private static final Pattern MEMBER = Pattern.compile("(?s).*?(?<!\\w)([A-Za-z_]\\w*(?:\\??\\.\\w+)*)\\??\\.(\\w*)$");
    private static final Pattern WORD = Pattern.compile("(?s)(.*?)(?<!\\w)(\\w*)$");

    /** @param text the line up to the cursor */
    static Place of(String text, Set<String> commands) {
        Matcher command = COMMAND.matcher(text);
        if (command.matches()) {
            return new Place(Kind.COMMAND, "", command.group(1));
        }
        int quote = openQuote(text);
        if (quote >= 0) {
            int code = text.charAt(quote) == '"' ? text.lastIndexOf("${") : -1;
            if (code > quote && text.indexOf('}', code) < 0) {
                // Behind an operator nothing is a command.
                return of("=" + text.substring(code + 2), Set.of());
            }
            Matcher function = FUNCTION.matcher(text.substring(0, quote));
            return text(function.find() ? function.group(1) : "", text.substring(quote + 1));
        }
        Matcher argument = COMMAND_ARGUMENT.matcher(text);
        if (argument.matches() && (!argument.group(1).isEmpty()
            || commands.contains(argument.group(2)) && Typed.of(text + "x", commands) instanceof Typed.Command)) {
            return new Place(Kind.ARGUMENT, argument.group(2), argument.group(3));
        }
        Matcher member = MEMBER.matcher(text);
        if (member.matches()) {
            return new Place(Kind.MEMBER, member.group(1).replace("?", ""), member.group(2));
        }
        Matcher word = WORD.matcher(text);
        boolean first = word.matches() && word.group(1).isBlank();
        return new Place(first ? Kind.FIRST : Kind.WORD, "", word.group(2));
    }

    /** @return where the string begins that the text ends in; negative if it ends in none */
    private static int openQuote(String text) {
        int open = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (open >= 0 && c == text.charAt(open)) {
                open = -1;
            } else if (open < 0 && (c == '\'' || c == '"')) {
                open = i;
            }
        }
        return open;
    }

    private static Place text(String function, String content) {
        if (!TAKES_FILE.contains(function)) {
            return new Place(Kind.TEXT, function, content);
        }
        return file(content);
    }

    /** @param path so far */
    static Place file(String path) {
        int slash = path.lastIndexOf('/') + 1;
        return new Place(Kind.FILE, path.substring(0, slash), path.substring(slash));
    }
}
