package lguest.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import lguest.dsl.internal.Reference;
import lguest.dsl.internal.Similar;
import lguest.shell.command.Doors;
import lguest.shell.command.LguestCommand;
import lguest.shell.launcher.Launcher;
import lguest.shell.launcher.StandardStreams;
import lguest.shell.repl.Prompts;

/**
 * The {@code lguest} command. It loads what the door needs that the arguments ask for, and no more: a guest of the launcher boots
 * without Groovy, a script runs without picocli.
 */
public final class Main {
    /** Nobody expected it, or what was to be printed could not be. */
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {
    }

    public static void main(String[] arguments) {
        boolean terminal = StandardStreams.inputIsTerminal() && StandardStreams.outputIsTerminal();
        Invocation invocation = Invocation.of(List.of(arguments), terminal);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) ->
            complain("thread " + thread.getName() + ": " + thrown, thrown, invocation.stacktrace()));
        System.setOut(StandardStreams.text());
        System.exit(status(invocation));
    }

    /** @return the exit status, also of what goes wrong outside of any script */
    private static int status(Invocation invocation) {
        int status;
        try {
            status = run(invocation);
        } catch (RuntimeException | Error thrown) {
            complain(thrown instanceof IllegalArgumentException ? thrown.getMessage() : thrown.toString(), thrown, invocation.stacktrace());
            return FAILED;
        }
        IOException lost = StandardStreams.lost();
        if (status != 0 || lost == null) {
            return status;
        }
        System.err.println("lguest: standard output: " + lost.getMessage());
        return FAILED;
    }

    private static void complain(String message, Throwable thrown, boolean stacktrace) {
        System.err.println("lguest: " + message);
        if (stacktrace) {
            thrown.printStackTrace();
        }
    }

    /** @return the exit status */
    static int run(Invocation invocation) {
        List<String> arguments = invocation.arguments();
        boolean stacktrace = invocation.stacktrace();
        return switch (invocation.form()) {
            case LAUNCHER -> launcher(scripts -> Scripts.tools(scripts), stacktrace).run(arguments);
            case SCRIPT -> script(arguments, stacktrace);
            case CODE -> Scripts.code(arguments, stacktrace);
            case PROMPT -> Prompts.open(null, stacktrace);
            case COMMAND -> command(arguments, stacktrace);
            case HELP -> help();
            case VERSION -> version();
            case UNKNOWN -> unknown(arguments.get(0));
        };
    }

    private static Launcher launcher(Function<List<String>, List<Scripts.Tool>> tools, boolean stacktrace) {
        return new Launcher(
            (guest, scripts) -> Scripts.attach(guest, tools.apply(scripts), stacktrace),
            (guest, output, status) -> Prompts.take(guest, output, status, stacktrace));
    }

    /** Runs a script; if it is a tool, what follows its name is a command line of the launcher. */
    private static int script(List<String> arguments, boolean stacktrace) {
        return Scripts.run(arguments, stacktrace,
            (tool, launched) -> launcher(others -> Scripts.tools(tool, others), stacktrace).run(launched));
    }

    private static int command(List<String> arguments, boolean stacktrace) {
        Doors doors = new Doors() {
            @Override
            public int script(List<String> script) {
                return Main.script(script, stacktrace);
            }

            @Override
            public int prompt(String script) {
                return script == null ? Prompts.open(null, stacktrace)
                    : Scripts.missing(Path.of(script)) ? USAGE : Prompts.open(Path.of(script), stacktrace);
            }

            @Override
            public int reference() {
                System.out.print(Reference.markdown());
                return 0;
            }

            @Override
            public int check(List<Path> scripts) {
                return Scripts.check(scripts);
            }

            @Override
            public int test(List<Path> places, String filter, Path xml, boolean verbose) {
                return Tests.run(places, filter, xml, verbose);
            }
        };
        return LguestCommand.with(doors, StandardStreams.outputIsTerminal()).execute(arguments.toArray(String[]::new));
    }

    private static int help() {
        try (InputStream text = Main.class.getResourceAsStream("help.txt")) {
            text.transferTo(System.out);
            return 0;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static int version() {
        System.out.print(Version.text());
        return 0;
    }

    private static int unknown(String word) {
        List<String> known = new ArrayList<>(Invocation.COMMANDS);
        System.err.println("lguest: '" + word + "' is neither a command nor a script nor a memory size" + Similar.hint(word, known)
            + (Similar.to(word, known).isEmpty() ? "; see lguest --help" : ""));
        return USAGE;
    }
}
