package lguest.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lguest.dsl.ScriptExit;
import lguest.dsl.Session;
import lguest.dsl.Streams;
import lguest.dsl.internal.PlacedFailure;
import lguest.dsl.internal.ScriptRunner;
import lguest.machine.Guest;
import lguest.machine.Stop;
import lguest.shell.launcher.StandardStreams;
import lguest.shell.launcher.Tools;

/** The door to the script language. */
final class Scripts {
    private static final int USAGE = 2;

    private Scripts() {
    }

    /** @param arguments the script and what it finds in {@code args}. @return the exit status */
    static int run(List<String> arguments, boolean stacktrace) {
        Path script = Path.of(arguments.get(0));
        if (missing(script)) {
            return USAGE;
        }
        return new ScriptRunner(stacktrace).runFile(script, arguments.subList(1, arguments.size()), streams());
    }

    /** Whether a script is not there; complains if so. */
    static boolean missing(Path script) {
        if (Files.exists(script) && !Files.isDirectory(script)) {
            return false;
        }
        System.err.println("lguest: " + script + ": " + (Files.exists(script) ? "is a directory" : "no such file"));
        return true;
    }

    /** @param arguments the code and what it finds in {@code args}. @return the exit status */
    static int code(List<String> arguments, boolean stacktrace) {
        if (arguments.isEmpty()) {
            System.err.println("lguest: -e: expected a line of code behind it, lguest -e 'println 6 * 7'");
            return USAGE;
        }
        return new ScriptRunner(stacktrace).runCode(arguments.get(0), arguments.subList(1, arguments.size()), streams());
    }

    private static Streams streams() {
        return new Streams(System.in, StandardStreams.text(), System.err,
            StandardStreams.inputIsTerminal() && StandardStreams.outputIsTerminal());
    }

    /** Runs the launcher's {@code --script}s, each with the launcher's guest as its current one. */
    static Tools attach(Guest guest, List<String> names, boolean stacktrace) {
        List<Path> files = names.stream().map(Scripts::tool).toList();
        ScriptRunner runner = new ScriptRunner(stacktrace);
        Session session = new Session(streams(), files.get(0).toAbsolutePath().normalize().getParent(), List.of(), false);
        session.adopt(guest);
        try {
            files.forEach(file -> runner.execute(session, file));
        } catch (Exception | AssertionError | StackOverflowError failed) {
            // Groovy throws what it likes, declared or not.
            int status = runner.complain(session, failed);
            session.close();
            throw new Tools.Ended(status);
        }
        return new Tools() {
            @Override
            public int failed(Stop stop) {
                return runner.complain(session, stop.failure() instanceof ScriptExit ? stop.failure()
                    : PlacedFailure.inGuest(session, session.getCurrent(), stop.probe().place(), stop.failure()));
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    /** A file, or one of the tools that come with lguest, by its name. */
    private static Path tool(String name) {
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return file;
        }
        String home = System.getProperty("lguest.home");
        Path tool = home == null ? null : Path.of(home, "scripts", name + ".lgs");
        if (tool == null || !Files.isRegularFile(tool)) {
            System.err.println("lguest: --script=" + name + ": no such file" + (home == null ? "" : ", and no such tool in " + tool.getParent()));
            throw new Tools.Ended(USAGE);
        }
        return tool;
    }
}
