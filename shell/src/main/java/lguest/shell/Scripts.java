package lguest.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntBiFunction;
import lguest.dsl.NeedsGuest;
import lguest.dsl.ScriptExit;
import lguest.dsl.ScriptFailure;
import lguest.dsl.Session;
import lguest.dsl.Streams;
import lguest.dsl.internal.Ending;
import lguest.dsl.internal.PlacedFailure;
import lguest.dsl.internal.ScriptRunner;
import lguest.machine.Guest;
import lguest.machine.Stop;
import lguest.shell.launcher.StandardStreams;
import lguest.shell.launcher.Tools;
import lguest.shell.launcher.Words;

/** The door to the script language. */
final class Scripts {
    private static final int USAGE = 2;
    private static final String END_OF_OWN = "--";

    private Scripts() {
    }

    /**
     * A script about a guest that somebody else runs.
     *
     * @param arguments what it finds in {@code args}
     */
    record Tool(Path file, List<String> arguments) {
    }

    /**
     * @param arguments the script and what it finds in {@code args}
     * @param launcher boots a guest for a script that is a tool, with the options that follow the script's name; where there is a
     *     {@code --} among them, what stands before it is the tool's own
     * @return the exit status
     */
    static int run(List<String> arguments, boolean stacktrace, ToIntBiFunction<Tool, List<String>> launcher) {
        Path script = Path.of(arguments.get(0));
        if (missing(script)) {
            return USAGE;
        }
        List<String> rest = arguments.subList(1, arguments.size());
        try {
            return new ScriptRunner(stacktrace).runFile(script, rest, streams());
        } catch (NeedsGuest tool) {
            int mark = rest.indexOf(END_OF_OWN);
            List<String> launched = rest.subList(mark + 1, rest.size());
            if (launched.isEmpty()) {
                System.err.println("lguest: " + script + " wants a guest behind it: lguest " + script + " 64m vmlinux root=/dev/lgba");
                return USAGE;
            }
            List<String> line = new ArrayList<>(List.of("--script=" + script));
            line.addAll(launched);
            return launcher.applyAsInt(new Tool(script, rest.subList(0, Math.max(0, mark))), line);
        }
    }

    /** Looks for mistakes without running anything. @return the exit status */
    static int check(List<Path> scripts) {
        int status = 0;
        for (Path script : scripts) {
            if (missing(script)) {
                return USAGE;
            }
            for (String mistake : new ScriptRunner().check(script)) {
                System.out.println(mistake);
                status = ScriptFailure.STATUS;
            }
        }
        return status;
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
        try {
            return new ScriptRunner(stacktrace).runCode(arguments.get(0), arguments.subList(1, arguments.size()), streams());
        } catch (NeedsGuest tool) {
            System.err.println("lguest: -e: " + tool.getMessage());
            return tool.exitStatus();
        }
    }

    private static Streams streams() {
        return new Streams(System.in, StandardStreams.text(), System.err,
            StandardStreams.inputIsTerminal() && StandardStreams.outputIsTerminal());
    }

    /** Runs the launcher's {@code --script}s, each with the launcher's guest as its current one. */
    static Tools attach(Guest guest, List<Tool> tools, boolean stacktrace) {
        ScriptRunner runner = new ScriptRunner(stacktrace);
        Session session = new Session(streams(), tools.get(0).file().toAbsolutePath().normalize().getParent(), List.of(), false);
        session.complaints(failed -> runner.complain(session, failed));
        session.adopt(guest);
        Ending ending = new Ending();
        try {
            tools.forEach(tool -> runner.execute(session, tool.file(), tool.arguments()));
        } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError failed) {
            // Groovy throws what it likes, declared or not.
            ending.by(failed, runner.complain(session, failed));
            throw new Tools.Ended(runner.end(session, ending));
        }
        return new Tools() {
            @Override
            public int failed(Stop stop) {
                int status = runner.complain(session, stop.failure() instanceof ScriptExit ? stop.failure()
                    : PlacedFailure.inGuest(session, session.getCurrent(), stop.probe().place(), stop.failure()));
                ending.by(stop.failure(), status);
                return status;
            }

            @Override
            public void close() {
                int status = runner.end(session, ending);
                if (status != 0) {
                    throw new Tools.Ended(status);
                }
            }
        };
    }

    /** What {@code --script} asks for: {@code NAME} or {@code FILE}, perhaps with arguments behind it. */
    static List<Tool> tools(List<String> scripts) {
        return scripts.stream().map(script -> {
            boolean file = Files.isRegularFile(Path.of(script));
            List<String> words = file ? List.of(script) : Words.of(script);
            return new Tool(tool(words.isEmpty() ? script : words.get(0)), words.subList(Math.min(1, words.size()), words.size()));
        }).toList();
    }

    /** The same, where the first is a tool that is known already. */
    static List<Tool> tools(Tool first, List<String> scripts) {
        List<Tool> all = new ArrayList<>(List.of(first));
        all.addAll(tools(scripts.subList(1, scripts.size())));
        return all;
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
