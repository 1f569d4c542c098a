package lguest.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lguest check FILE.lgs...}. */
@Command(
        name = "check",
        description = {
            "Look for mistakes in scripts without running them: what does not compile, words that nothing declares,",
            "members that the nouns of the language do not have. A line for each: FILE:LINE:COLUMN: message.",
            "Exit status: 0 none was found, 2 a file is not there, 3 there are some."})
final class CheckCommand implements Callable<Integer> {
    private final Doors doors;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A script.")
    private List<Path> scripts;

    CheckCommand(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Integer call() {
        return doors.check(scripts);
    }
}
