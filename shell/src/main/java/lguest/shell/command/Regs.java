package lguest.shell.command;

import lguest.shell.render.RegisterGrid;
import picocli.CommandLine.Command;

/** {@code :regs}. */
@Command(name = "regs", aliases = "r", description = "The processor's registers.")
final class Regs implements Runnable {
    private final Desk desk;

    Regs(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.out().println(desk.look(() -> RegisterGrid.of(desk.guest().cpu())));
    }
}
