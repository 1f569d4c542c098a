package lguest.shell.command;

import picocli.CommandLine.Command;

/** {@code :remember}. */
@Command(name = "remember", aliases = "record",
    description = "From now on what comes to the current guest is remembered: it can go back to here.")
final class RememberCommand implements Runnable {
    private final Desk desk;

    RememberCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.show(desk.eval("remember()"));
    }
}
