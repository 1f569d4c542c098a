package lguest.shell.command;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lguest.dsl.Hook;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;

/** {@code :probes}. */
@Command(name = "probes", description = "What watches the current guest: breakpoints, hooks, tallies.")
final class Probes implements Runnable {
    private final Desk desk;

    Probes(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        List<Hook> hooks = desk.hooks();
        desk.out().println(hooks.isEmpty() ? "no probes" : IntStream.range(0, hooks.size())
            .mapToObj(i -> String.format("%3d  %s", i + 1, hooks.get(i))).collect(Collectors.joining("\n")));
    }

    /** The probes of these numbers, all if there are none. @param command whose numbers they are, in case there is no such probe */
    static List<Hook> numbered(Desk desk, String command, List<Integer> numbers) {
        List<Hook> hooks = List.copyOf(desk.hooks());
        return numbers.isEmpty() ? hooks : numbers.stream().map(number -> {
            if (number < 1 || number > hooks.size()) {
                throw new ScriptFailure(command + " " + number + ": guest " + desk.guest().name() + " has "
                    + (hooks.isEmpty() ? "no probes" : "probes 1 to " + hooks.size()));
            }
            return hooks.get(number - 1);
        }).toList();
    }
}
