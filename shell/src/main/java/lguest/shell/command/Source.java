package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :source FILE}. */
@Command(name = "source", description = "Runs a script here: its guests and hooks stay.")
final class Source implements Runnable {
    private final Desk desk;

    @Parameters(paramLabel = "FILE")
    private String file;

    Source(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.source(file);
    }
}
