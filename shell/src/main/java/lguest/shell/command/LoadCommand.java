package lguest.shell.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :load FILE [NAME]}. */
@Command(name = "load", aliases = {"restore", "loadvm"}, description = "A guest that goes on from a file of :save; the current one from now on.")
final class LoadCommand implements Runnable {
    private final Desk desk;

    @Parameters(index = "0", paramLabel = "FILE")
    private String file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "What it is called; what the saved one was called unless given.")
    private String name;

    LoadCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.load(file, name);
    }
}
