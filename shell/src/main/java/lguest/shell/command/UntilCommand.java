package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :until [ADDRESS]}. */
@Command(name = "until", aliases = "advance", description = "The current guest goes on until it comes to an address, or behind this instruction.")
final class UntilCommand implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    UntilCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (address == null) {
            desk.commands().execute("next");
            return;
        }
        Tbreak.set(desk, address);
        desk.cont();
    }
}
