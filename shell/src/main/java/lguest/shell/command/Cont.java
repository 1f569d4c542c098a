package lguest.shell.command;

import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :cont}. */
@Command(name = "cont", aliases = {"c", "continue"}, description = "The current guest goes on, in the background.")
final class Cont implements Runnable {
    private final Desk desk;

    Cont(Desk desk) {
        this.desk = desk;
    }

    @Parameters(arity = "0..1", paramLabel = "N", hidden = true)
    private String times;

    @Override
    public void run() {
        if (times != null) {
            throw new ScriptFailure("cont " + times + ": ignore N COUNT has a probe pass so many times; then cont");
        }
        desk.cont();
    }
}
