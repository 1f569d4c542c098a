package lguest.shell.command;

import lguest.debug.Backtrace;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import picocli.CommandLine.Command;

/** {@code :finish}. */
@Command(name = "finish", aliases = "fin", description = "The current guest goes on until the function it is in returns.")
final class Finish implements Runnable {
    private final Desk desk;

    Finish(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        Backtrace.Return caller = desk.look(() -> Backtrace.caller(guest));
        if (caller == null) {
            throw new ScriptFailure("finish: no return address is to be found on the stack; :step goes on one by one");
        }
        Tbreak.set(desk, String.format("0x%08x", caller.address()))
            .when(desk.closure(String.format("{ -> cpu.esp > 0x%08xL }", caller.slot())));
        desk.cont();
    }
}
