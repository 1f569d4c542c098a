package lguest.shell.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of the terminal at standard input, read and written by {@code stty}. That needs no library, and gives back exactly
 * what it found: speed, line discipline and all.
 */
public final class TerminalSettings {
    /** How long a polling read waits: a multiple of 100. */
    public static final int POLL_MILLIS = 100;

    /** Part of what {@code stty -a} says, where there are line disciplines; {@code stty -g} leaves it out. */
    private static final Pattern DISCIPLINE = Pattern.compile("\\bline = (\\d+)");

    private final String[] saved;

    private TerminalSettings(String[] saved) {
        this.saved = saved;
    }

    /** @throws IOException if there is no terminal, or no stty */
    public static TerminalSettings now() throws IOException {
        Matcher discipline = DISCIPLINE.matcher(stty("-a"));
        String all = stty("-g").strip();
        return new TerminalSettings(discipline.find() ? new String[] {all, "line", discipline.group(1)} : new String[] {all});
    }

    /** What a guest wants: keys go through one by one, without echo and without signals; output is left alone. */
    public void keysOnly() throws IOException {
        stty("-isig", "-icanon", "-echo", "min", "1", "time", "0");
    }

    /** The same, but a read ends with nothing when there has been no key for {@link #POLL_MILLIS}. */
    public void keysPolled() throws IOException {
        stty("-isig", "-icanon", "-echo", "min", "0", "time", String.valueOf(POLL_MILLIS / 100));
    }

    /** As they were when this was made. What stty thinks of it matters less than what there is then. */
    public void restore() throws IOException {
        String said = run(saved).said();
        String now = stty("-g").strip();
        if (!now.equals(saved[0])) {
            throw new IOException("settings are " + now + " and should be " + saved[0] + "; " + said.strip());
        }
    }

    /** What a run of stty came to. */
    private record Outcome(int status, String said) {
    }

    private static String stty(String... arguments) throws IOException {
        Outcome outcome = run(arguments);
        if (outcome.status() != 0) {
            throw new IOException(outcome.said().strip());
        }
        return outcome.said();
    }

    private static Outcome run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        Process stty = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).redirectErrorStream(true).start();
        String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(stty.waitFor(), said);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stty ran", interrupted);
        }
    }
}
