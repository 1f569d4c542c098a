package lguest.shell.command;

import java.util.List;
import lguest.dsl.Hook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :disable [N...]}. */
@Command(name = "disable", description = "Keeps probes from acting, by the numbers that :probes shows.")
final class Disable implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..*", paramLabel = "N", description = "All of them if not given.")
    private List<Integer> numbers = List.of();

    Disable(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Probes.numbered(desk, "disable", numbers).forEach(Hook::disable);
    }
}
