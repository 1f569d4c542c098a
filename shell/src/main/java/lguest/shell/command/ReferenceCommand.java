package lguest.shell.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lguest reference}. */
@Command(name = "reference", description = "Describe the script language, word by word, in Markdown: made from its own sources.")
final class ReferenceCommand implements Callable<Integer> {
    private final Doors doors;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    ReferenceCommand(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Integer call() {
        return doors.reference();
    }
}
