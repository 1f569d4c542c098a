package lguest.shell.command;

import lguest.shell.render.DescriptorList;
import picocli.CommandLine.Command;

/** {@code :idt}. */
@Command(name = "idt", description = "Gates: who handles which vector.")
final class Idt implements Runnable {
    private final Desk desk;

    Idt(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.out().println(desk.look(() -> DescriptorList.idt(desk.guest())));
    }
}
