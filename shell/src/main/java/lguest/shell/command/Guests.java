package lguest.shell.command;

import lguest.machine.Guest;
import lguest.shell.render.Table;
import picocli.CommandLine.Command;

/** {@code :guests}. */
@Command(name = "guests", description = "All guests and how they are; a star marks the current one.")
final class Guests implements Runnable {
    private final Desk desk;

    Guests(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (desk.guests().isEmpty()) {
            desk.out().println("no guests yet");
            return;
        }
        Guest current = desk.guest();
        Table table = new Table("", "guest", "state", "memory", "instructions", "");
        for (Guest guest : desk.guests()) {
            table.row(guest == current ? "*" : "", guest.name(), desk.state(guest),
                guest.physical().size() / (1 << 20) + " MB", guest.instructions(), guest.exitReason());
        }
        desk.out().println(table);
    }
}
