package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :console [GUEST]}. */
@Command(name = "console", description = "Gives the terminal to a guest's console; Ctrl-] takes it back.")
final class Console implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "GUEST")
    private String name;

    Console(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (name != null) {
            desk.use(name);
        }
        desk.attach();
    }
}
