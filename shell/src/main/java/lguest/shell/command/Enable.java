package lguest.shell.command;

import java.util.List;
import lguest.dsl.Hook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :enable [N...]}. */
@Command(name = "enable", description = "Lets probes act again, by the numbers that :probes shows.")
final class Enable implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..*", paramLabel = "N", description = "All of them if not given.")
    private List<Integer> numbers = List.of();

    Enable(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Probes.numbered(desk, "enable", numbers).forEach(Hook::enable);
    }
}
