package lguest.shell.repl;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.shell.launcher.Words;

/**
 * What a line at the prompt is: {@code :name} is always a command; a bare name is one, too, if it is known and what follows does
 * not look like Groovy. All else is Groovy.
 */
sealed interface Typed {
    /** Nothing but space. */
    record Nothing() implements Typed {
    }

    /**
     * @param words the name, without its colon, and its arguments
     * @param line all of it as it was typed
     */
    record Command(List<String> words, String line) implements Typed {
    }

    record Code(String text) implements Typed {
    }

    /** A name, and what follows it. */
    Pattern NAME = Pattern.compile("(\\w+)(.*)", Pattern.DOTALL);
    /**
     * What makes the text behind a name the rest of an expression: an operator, a call, an index, a closure; or another behind it. A
     * slash after a space is an operator only before another: {@code save /tmp/file}.
     */
    Pattern EXPRESSION = Pattern.compile("\\s+/[\\s=/*].*|\\s*([=.(\\[{+*%<>&|^?!,;:~]|->?(\\s|=|$)|(as|in|instanceof)\\b).*|\\S.*|.*;.*", Pattern.DOTALL);

    /** gdb's way to say how: {@code x/8xw esp}, {@code p/x 255}. */
    Pattern FORMATTED = Pattern.compile("(:?)\\s*([xp])/(\\d*[a-z]{0,2})(\\s.*)");

    /** @param commands the names of all commands; of those that also name a variable, only the ones meant as commands */
    static Typed of(String line, Set<String> commands) {
        String text = line.strip();
        if (text.isEmpty()) {
            return new Nothing();
        }
        Matcher formatted = FORMATTED.matcher(text);
        if (formatted.matches() && (commands.contains(formatted.group(2)) || !formatted.group(1).isEmpty())) {
            return new Command(Words.of(formatted.group(2) + " --format=" + formatted.group(3) + formatted.group(4)), text);
        }
        if (text.startsWith(":")) {
            List<String> words = Words.of(text.substring(1));
            return words.isEmpty() ? new Nothing() : new Command(words, text);
        }
        Matcher named = NAME.matcher(text);
        if (named.matches() && commands.contains(named.group(1)) && !EXPRESSION.matcher(named.group(2)).matches()
            && text.indexOf('\n') < 0) {
            return new Command(Words.of(text), text);
        }
        return new Code(line);
    }
}
