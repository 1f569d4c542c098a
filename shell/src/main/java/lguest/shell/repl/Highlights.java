package lguest.shell.repl;

import java.util.Set;
import java.util.function.Function;
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
    private final Function<String, String> tips;
    private final boolean colour;

    /** @param tips what may follow a line so far */
    Highlights(Supplier<Set<String>> commands, Function<String, String> tips, boolean colour) {
        this.commands = commands;
        this.tips = tips;
        this.colour = colour;
    }

    @Override
    public AttributedString highlight(LineReader reader, String line) {
        // The editor shows it behind the line, faintly, right after this.
        reader.setTailTip(colour ? tips.apply(line) : "");
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
