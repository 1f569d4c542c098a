package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :reverse-step [N]}. */
@Command(name = "reverse-step", aliases = {"rs", "rsi", "reverse-stepi"},
    description = "The current guest goes back by one instruction, or by N; it must be remembered.")
final class ReverseStep implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "N", defaultValue = "1")
    private long count;

    ReverseStep(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.eval("stepBack(" + count + ")");
        Place.print(desk);
    }
}
