package lguest.shell.command;

import lguest.shell.render.Frames;
import picocli.CommandLine.Command;

/** {@code :bt}. */
@Command(name = "bt", aliases = {"backtrace", "where"}, description = "Who called whom, by frame pointers.")
final class Bt implements Runnable {
    private final Desk desk;

    Bt(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.out().println(desk.look(() -> Frames.of(desk.guest())));
    }
}
