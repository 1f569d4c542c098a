package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :step [N]}. */
@Command(name = "step", aliases = {"s", "si", "stepi"}, description = "Executes one instruction of the current guest, or N.")
final class Step implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "N", defaultValue = "1")
    private long count;

    Step(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.step(count);
        Place.print(desk);
    }
}
