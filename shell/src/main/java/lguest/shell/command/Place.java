package lguest.shell.command;

import lguest.cpu.Segment;
import lguest.machine.Guest;
import lguest.shell.render.Listing;

/** Where the current guest stands, as commands that move it show it. */
final class Place {
    private Place() {
    }

    static void print(Desk desk) {
        Guest guest = desk.guest();
        if (!guest.alive()) {
            desk.out().println(guest.name() + ": " + guest.exitReason());
            return;
        }
        desk.out().println(desk.look(() -> Listing.of(guest, guest.cpu().segments[Segment.CS].base + guest.cpu().eip, 1, false)));
    }
}
