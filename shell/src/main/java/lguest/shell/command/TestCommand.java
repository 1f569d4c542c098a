package lguest.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lguest test [--xml=FILE] DIR...}. */
@Command(
        name = "test",
        description = {
            "Run scripts as tests: all .lgs files in the folders and below.",
            "A test fails if an assert does, a wait is in vain or a guest dies; 'skip REASON' in it skips it.",
            "Exit status: 0 all passed or were skipped, 1 some did not, 2 there are none."})
final class TestCommand implements Callable<Integer> {
    private final Doors doors;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    @Option(names = "--xml", paramLabel = "FILE", description = "Write the outcome as JUnit's XML, too.")
    private Path xml;

    @Option(names = {"-k", "--filter"}, paramLabel = "TEXT", defaultValue = "", description = "Only tests whose name contains this.")
    private String filter;

    @Option(names = {"-v", "--verbose"}, description = "Show what tests print, also of those that pass.")
    private boolean verbose;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "A folder, or a script.")
    private List<Path> places;

    TestCommand(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Integer call() {
        return doors.test(places, filter, xml, verbose);
    }
}
