package lguest.shell.command;

import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.shell.render.Frames;
import picocli.CommandLine.Command;

/** {@code :finish}. */
@Command(name = "finish", aliases = "fin", description = "The current guest goes on until the function it is in returns, by frame pointers.")
final class Finish implements Runnable {
    private final Desk desk;

    Finish(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        Frames.Return caller = desk.look(() -> Frames.caller(guest));
        if (caller == null) {
            throw new ScriptFailure("finish: no return address is to be found: there is no frame at EBP; :step goes on one by one");
        }
        Tbreak.set(desk, String.format("0x%08x", caller.address()))
            .when(desk.closure(String.format("{ -> cpu.esp > 0x%08xL }", caller.slot())));
        desk.cont();
    }
}
