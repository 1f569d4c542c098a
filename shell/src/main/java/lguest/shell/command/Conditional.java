package lguest.shell.command;

import groovy.lang.Closure;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.Hook;

/**
 * A command line that ends in {@code if CONDITION}, of which the condition is Groovy and is taken as it was typed.
 *
 * @param condition null if there is none
 * @param column where in the line it begins
 */
record Conditional(String condition, int column) {
    private static final Pattern LINE = Pattern.compile(":?\\s*\\w+\\s.*?\\s(?:if|when)\\s+(.+)", Pattern.DOTALL);

    static Conditional of(String typed) {
        Matcher line = LINE.matcher(typed);
        return line.matches() ? new Conditional(line.group(1), line.start(1)) : new Conditional(null, 0);
    }

    /** How many words come before the condition. */
    int before(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("if") || words.get(i).equals("when")) {
                return i;
            }
        }
        return words.size();
    }

    /**
     * Sets a breakpoint and shows it.
     *
     * @param event in the script language
     */
    void stop(Desk desk, String event) {
        // A condition with a mistake fails where it stands in the line, and before anything is set.
        Object filter = condition == null ? null : desk.eval(" ".repeat(Math.max(0, column - 2)) + "({" + Registers.inGroovy(condition) + " })");
        Hook hook = (Hook) desk.eval("stop " + event);
        desk.show(filter == null ? hook : hook.when((Closure<?>) filter));
    }
}
