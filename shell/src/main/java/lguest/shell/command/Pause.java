package lguest.shell.command;

import picocli.CommandLine.Command;

/** {@code :pause}. */
@Command(name = "pause", description = "Stops the current guest where it is.")
final class Pause implements Runnable {
    private final Desk desk;

    Pause(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.pause();
        Place.print(desk);
    }
}
