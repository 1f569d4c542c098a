package lguest.shell.command;

import lguest.shell.render.MemoryMap;
import picocli.CommandLine.Command;

/** {@code :map}. */
@Command(name = "map", description = "A picture of guest-physical memory.")
final class MapCommand implements Runnable {
    private final Desk desk;

    MapCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        desk.out().println(desk.look(() -> MemoryMap.of(desk.guest())));
    }
}
