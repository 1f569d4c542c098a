package lguest.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which door a command line asks for.
 *
 * @param arguments without what chose the form, where the form says so
 * @param stacktrace {@code --stacktrace} stood before anything else
 */
record Invocation(Form form, List<String> arguments, boolean stacktrace) {
    /** The doors. */
    enum Form {
        /** {@code [OPTIONS] <mem-in-mb> <kernel> [kernel args...]}: all arguments are the launcher's. */
        LAUNCHER,
        /** {@code SCRIPT.lgs [ARGS]}: the script, then its arguments. */
        SCRIPT,
        /** {@code -e CODE [ARGS]}: the code, then its arguments. */
        CODE,
        /** {@code run}, {@code repl}, {@code help COMMAND}, {@code generate-completion}: for picocli. */
        COMMAND,
        /** {@code --help}, {@code -h}, {@code help}. */
        HELP,
        /** {@code --version}, {@code -V}. */
        VERSION,
        /** No arguments at a terminal. */
        PROMPT,
        /** The first argument means nothing to anybody. */
        UNKNOWN
    }

    static final Set<String> COMMANDS = Set.of("run", "repl", "test", "check", "reference", "man", "help", "generate-completion");
    private static final Set<String> HELP = Set.of("-h", "--help");
    private static final Set<String> VERSION = Set.of("-V", "--version");
    private static final String STACKTRACE = "--stacktrace";

    /** @param terminal whether both ends are terminals: somebody may want the prompt */
    static Invocation of(List<String> arguments, boolean terminal) {
        boolean stacktrace = !arguments.isEmpty() && arguments.get(0).equals(STACKTRACE);
        List<String> rest = stacktrace ? arguments.subList(1, arguments.size()) : arguments;
        if (rest.isEmpty()) {
            return terminal ? new Invocation(Form.PROMPT, rest, stacktrace) : new Invocation(Form.LAUNCHER, rest, stacktrace);
        }
        String first = rest.get(0);
        if (HELP.contains(first) || rest.equals(List.of("help"))) {
            return new Invocation(Form.HELP, rest, stacktrace);
        }
        if (VERSION.contains(first)) {
            return new Invocation(Form.VERSION, rest, stacktrace);
        }
        if (COMMANDS.contains(first)) {
            return new Invocation(Form.COMMAND, rest, stacktrace);
        }
        if (first.equals("-e")) {
            return new Invocation(Form.CODE, rest.subList(1, rest.size()), stacktrace);
        }
        boolean digit = !first.isEmpty() && Character.isDigit(first.charAt(0)) && !namesScript(first);
        if (first.startsWith("-") || digit) {
            return new Invocation(Form.LAUNCHER, arguments, stacktrace);
        }
        return new Invocation(isScript(first) ? Form.SCRIPT : Form.UNKNOWN, rest, stacktrace);
    }

    private static boolean namesScript(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".lgs");
    }

    /** By its name, or a file that says so itself in its first line: {@code #!/usr/bin/env lguest}. */
    private static boolean isScript(String name) {
        if (namesScript(name)) {
            return true;
        }
        try (var in = Files.newInputStream(Path.of(name))) {
            return in.read() == '#' && in.read() == '!';
        } catch (IOException | InvalidPathException noFile) {
            return false;
        }
    }
}
