package lguest.shell.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lguest run SCRIPT [ARGS...]}: the same as without {@code run}, whatever the script is called. */
@Command(name = "run", description = "Run a script.")
final class RunCommand implements Callable<Integer> {
    private final Doors doors;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    @Parameters(arity = "1..*", paramLabel = "SCRIPT [ARGS]", description = "The script and what it finds in its args.")
    private List<String> arguments;

    RunCommand(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Integer call() {
        return doors.script(arguments);
    }
}
