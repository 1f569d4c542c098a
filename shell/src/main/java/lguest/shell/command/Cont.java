package lguest.shell.command;

import picocli.CommandLine.Command;

/** {@code :cont}. */
@Command(name = "cont", aliases = {"c", "continue"}, description = "The current guest goes on, in the background.")
final class Cont implements Runnable {
    private final Desk desk;

    Cont(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.cont();
    }
}
