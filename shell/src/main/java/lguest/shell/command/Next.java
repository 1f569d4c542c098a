package lguest.shell.command;

import lguest.cpu.Segment;
import lguest.debug.Calls;
import lguest.dsl.Hook;
import lguest.machine.Guest;
import picocli.CommandLine.Command;

/** {@code :next}. */
@Command(name = "next", aliases = {"n", "ni", "nexti"}, description = "Executes one instruction, and the whole of what it calls.")
final class Next implements Runnable {
    private final Desk desk;

    Next(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        int behind = desk.look(() -> Calls.behind(guest));
        int here = guest.cpu().segments[Segment.CS].base + guest.cpu().eip;
        if (behind == here) {
            desk.step(1);
            Place.print(desk);
            return;
        }
        // What it calls may come by here, too, further down the stack.
        Hook back = Tbreak.set(desk, String.format("0x%08x", behind));
        back.when(desk.closure(String.format("{ -> cpu.esp >= 0x%08xL }", desk.look(() -> Calls.stack(guest)))));
        desk.cont();
    }
}
