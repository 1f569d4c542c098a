package lguest.shell.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lguest repl [SCRIPT.lgs]}. */
@Command(
        name = "repl",
        description = "Open the prompt. With standard input from a pipe it runs the lines it reads, and the first error ends it.")
final class ReplCommand implements Callable<Integer> {
    private final Doors doors;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    @Parameters(arity = "0..1", paramLabel = "SCRIPT.lgs", description = "Run this first, and stay where it ends.")
    private String script;

    ReplCommand(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Integer call() {
        return doors.prompt(script);
    }
}
