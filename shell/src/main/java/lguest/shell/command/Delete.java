package lguest.shell.command;

import java.util.List;
import lguest.dsl.Hook;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :delete N...}. */
@Command(name = "delete", description = "Removes probes, by the numbers that :probes shows.")
final class Delete implements Runnable {
    private final Desk desk;

    @Parameters(arity = "1..*", paramLabel = "N")
    private List<Integer> numbers;

    Delete(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        List<Hook> hooks = List.copyOf(desk.hooks());
        for (int number : numbers) {
            if (number < 1 || number > hooks.size()) {
                throw new ScriptFailure("delete " + number + ": guest " + desk.guest().name() + " has "
                    + (hooks.isEmpty() ? "no probes" : "probes 1 to " + hooks.size()));
            }
            hooks.get(number - 1).remove();
        }
    }
}
