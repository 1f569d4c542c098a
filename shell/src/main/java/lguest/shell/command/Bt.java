package lguest.shell.command;

import lguest.debug.Backtrace;
import picocli.CommandLine.Command;

/** {@code :bt}. */
@Command(name = "bt", aliases = {"backtrace", "where"}, description = "Who called whom; with a question mark, what is only guessed.")
final class Bt implements Runnable {
    private final Desk desk;

    Bt(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.look(() -> Backtrace.of(desk.guest())).forEach(desk.out()::println);
    }
}
