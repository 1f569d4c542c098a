package lguest.shell.command;

import lguest.shell.render.DescriptorList;
import picocli.CommandLine.Command;

/** {@code :gdt}. */
@Command(name = "gdt", description = "Segment descriptors, decoded.")
final class Gdt implements Runnable {
    private final Desk desk;

    Gdt(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.out().println(desk.look(() -> DescriptorList.gdt(desk.guest())));
    }
}
