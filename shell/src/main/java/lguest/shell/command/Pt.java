package lguest.shell.command;

import lguest.machine.Guest;
import lguest.shell.render.PageTableMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :pt [-m] [ADDRESS]}. */
@Command(name = "pt", description = "Page tables: the walk of an address; without one, all that is mapped.")
final class Pt implements Runnable {
    private final Desk desk;

    @Option(names = "-m", description = "A picture of the 4 GiB instead.")
    private boolean picture;

    @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    Pt(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        if (address != null) {
            int linear = desk.address(address);
            desk.out().println(desk.look(() -> PageTableMap.walk(guest, linear)));
        } else {
            desk.out().println(desk.look(() -> picture ? PageTableMap.picture(guest) : PageTableMap.ranges(guest)));
        }
    }
}
