package lguest.shell.command;

import lguest.dsl.Hook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :tbreak ADDRESS}. */
@Command(name = "tbreak", aliases = "tb", description = "Stops the current guest at an address, once.")
final class Tbreak implements Runnable {
    private final Desk desk;

    @Parameters(paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    Tbreak(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.show(set(desk, address));
    }

    /** Sets it and says nothing. */
    static Hook set(Desk desk, String address) {
        return ((Hook) desk.eval(String.format("stop at(0x%08xL)", desk.address(address)))).once();
    }
}
