package lguest.shell.command;

import java.util.List;
import lguest.dsl.Hook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :delete [N...]}. */
@Command(name = "delete", aliases = "d", description = "Removes probes, by the numbers that :probes shows.")
final class Delete implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..*", paramLabel = "N", description = "All of them if not given.")
    private List<Integer> numbers = List.of();

    Delete(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Probes.numbered(desk, "delete", numbers).forEach(Hook::remove);
    }
}
