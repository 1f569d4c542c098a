package lguest.dsl.event;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a pattern in what is printed, however it comes piece by piece, and again behind where it was found. */
final class ConsoleSearch implements Predicate<Happening> {
    /** How many characters back a match may begin. */
    private static final int REMEMBERED = 1 << 16;

    private final Matcher wanted;
    private final StringBuilder unmatched = new StringBuilder();

    ConsoleSearch(Object pattern) {
        wanted = (pattern instanceof Pattern regex ? regex : Pattern.compile(Pattern.quote(pattern.toString()))).matcher("");
    }

    @Override
    public boolean test(Happening happening) {
        unmatched.append(((ConsoleEvent.Printed) happening).getText());
        boolean found = wanted.reset(unmatched).find();
        unmatched.delete(0, Math.max(0, found ? wanted.end() : unmatched.length() - REMEMBERED));
        return found;
    }
}
