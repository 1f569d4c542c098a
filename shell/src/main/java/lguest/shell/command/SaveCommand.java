package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :save FILE}. */
@Command(name = "save", aliases = "savevm", description = "Writes all of the current guest to a file, for :load.")
final class SaveCommand implements Runnable {
    private final Desk desk;

    @Parameters(paramLabel = "FILE")
    private String file;

    SaveCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.save(file);
    }
}
