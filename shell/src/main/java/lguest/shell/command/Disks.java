package lguest.shell.command;

import java.util.List;
import java.util.Map;
import lguest.device.BlockDisk;
import lguest.machine.Guest;
import lguest.shell.render.Table;
import picocli.CommandLine.Command;

/** {@code :disks}. */
@Command(name = "disks", description = "The guest's disks, and what has gone through them.")
final class Disks implements Runnable {
    private final Desk desk;

    Disks(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        desk.out().println(desk.look(() -> table(guest)));
    }

    private static Object table(Guest guest) {
        List<BlockDisk> disks = guest.bus().devices().stream().filter(BlockDisk.class::isInstance).map(BlockDisk.class::cast).toList();
        Table table = new Table("disk", "file", "mode", "sectors", "reads", "KiB", "writes", "KiB", "failed", "ms", "MB/s");
        for (int i = 0; i < disks.size(); i++) {
            Map<String, Object> state = disks.get(i).state();
            long read = (long) state.get("readBytes");
            long written = (long) state.get("writtenBytes");
            long nanos = (long) state.get("busyNanos");
            table.row("lgb" + (char) ('a' + i), state.get("path"), state.get("mode"), state.get("sectors"), state.get("reads"), read >> 10,
                state.get("writes"), written >> 10, state.get("failed"), nanos / 1_000_000, nanos == 0 ? 0 : (read + written) * 1000 / nanos);
        }
        return disks.isEmpty() ? "no disks" : table;
    }
}
