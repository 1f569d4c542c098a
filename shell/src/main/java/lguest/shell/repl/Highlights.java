package lguest.shell.repl;

import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours what is being typed, sparingly: commands, strings, numbers, comments. */
final class Highlights implements Highlighter {
    private static final Pattern TOKEN = Pattern.compile("(?<comment>//.*)|(?<string>'[^']*'?|\"[^\"]*\"?)|(?<number>\\b(0[xX][0-9a-fA-F_]+|\\d[\\d_]*)\\b)");
    private static final Pattern NAME = Pattern.compile("\\s*:?\\w+");

    private final Supplier<Set<String>> commands;
    private final boolean colour;

    Highlights(Supplier<Set<String>> commands, boolean colour) {
        this.commands = commands;
        this.colour = colour;
    }

    @Override
    public AttributedString highlight(LineReader reader, String line) {
        if (!colour) {
            return new AttributedString(line);
        }
        AttributedStringBuilder out = new AttributedStringBuilder();
        int at = 0;
        Matcher name = NAME.matcher(line);
        if (name.lookingAt() && Typed.of(line, commands.get()) instanceof Typed.Command) {
            out.styled(AttributedStyle.BOLD, name.group());
            at = name.end();
        }
        Matcher token = TOKEN.matcher(line);
        while (token.find(at)) {
            out.append(line, at, token.start());
            out.styled(style(token), token.group());
            at = token.end();
        }
        return out.append(line, at, line.length()).toAttributedString();
    }

    private static AttributedStyle style(Matcher token) {
        if (token.group("comment") != null) {
            return AttributedStyle.DEFAULT.faint();
        }
        return AttributedStyle.DEFAULT.foreground(token.group("string") != null ? AttributedStyle.GREEN : AttributedStyle.CYAN);
    }
}
