package lguest.shell.command;

import lguest.machine.HypercallCounts;
import lguest.shell.render.Table;
import picocli.CommandLine.Command;

/** {@code :hypercalls}. */
@Command(name = "hypercalls", description = "How often the current guest has called its Host, for what.")
final class Hypercalls implements Runnable {
    private final Desk desk;

    Hypercalls(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        HypercallCounts counts = desk.guest().hypercalls();
        Table table = new Table("hypercall", "direct", "ring", "total");
        desk.look(counts::byName).forEach((name, total) -> {
            int number = counts.numbers().getOrDefault(name, -1);
            table.row(name, counts.direct(number), counts.asynchronous(number), total);
        });
        desk.out().println(table.isEmpty() ? "no hypercalls yet" : table);
    }
}
