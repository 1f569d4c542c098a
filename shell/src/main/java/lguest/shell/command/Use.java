package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :use GUEST}. */
@Command(name = "use", description = "Makes a guest the current one, which commands and words are about.")
final class Use implements Runnable {
    private final Desk desk;

    @Parameters(paramLabel = "GUEST")
    private String name;

    Use(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.use(name);
    }
}
