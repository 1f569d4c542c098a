package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :quit [STATUS]}. */
@Command(name = "quit", aliases = {"q", "exit"}, description = "Leaves; guests end.")
final class Quit implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "STATUS", defaultValue = "0")
    private int status;

    Quit(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.quit(status);
    }
}
