package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :boot [GUEST]}. */
@Command(name = "boot", description = "Lets a guest run in the background: the current one unless named.")
final class Boot implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "GUEST")
    private String name;

    Boot(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (name != null) {
            desk.use(name);
        }
        desk.cont();
    }
}
