package lguest.shell.command;

import lguest.cpu.Segment;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.shell.render.Listing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :dis [-n N] [ADDRESS]}. */
@Command(name = "dis", aliases = {"u", "disas", "disassemble"}, description = "Disassembles, from where the guest stands unless told.")
final class Dis implements Runnable {
    private final Desk desk;

    @Option(names = "-n", paramLabel = "N", defaultValue = "10", description = "How many instructions; ${DEFAULT-VALUE} if not given.")
    private int count;

    @Option(names = "-a", description = "In AT&T syntax.")
    private boolean att;

    @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    Dis(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (count < 1) {
            throw new ScriptFailure("dis -n " + count + ": must be 1 or more");
        }
        Guest guest = desk.guest();
        desk.out().println(desk.look(() -> Listing.of(guest, address == null ? guest.cpu().segments[Segment.CS].base + guest.cpu().eip
            : desk.address(address), count, att)));
    }
}
