package lguest.shell.command;

import java.util.List;
import java.util.stream.IntStream;
import lguest.device.Device;
import lguest.device.DeviceDescriptor;
import lguest.device.Dma;
import lguest.dsl.ScriptFailure;
import lguest.host.DmaTable;
import lguest.machine.Guest;
import lguest.shell.render.Table;
import picocli.CommandLine.Command;

/** {@code :dma}. */
@Command(name = "dma", description = "DMA keys: the buffers that the guest has bound, how many are free, and the devices behind them.")
final class DmaCommand implements Runnable {
    private final Desk desk;

    DmaCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        if (guest.host() == null) {
            throw new ScriptFailure("dma: guest " + guest.name() + " is bare: DMA needs lguest's Host");
        }
        desk.out().println(desk.look(() -> devices(guest) + "\n\n" + bindings(guest)));
    }

    private static Object devices(Guest guest) {
        Table table = new Table("slot", "type", "device", "status", "key", "pages");
        List<Device> devices = guest.bus().devices();
        for (DeviceDescriptor descriptor : guest.bus().descriptors()) {
            if (descriptor.type() != 0) {
                table.row(descriptor.slot(), descriptor.type(), name(devices, descriptor.slot()),
                    descriptor.status(), String.format("0x%08x", descriptor.pfn() << 12), descriptor.pages());
            }
        }
        return table.isEmpty() ? "no devices" : table;
    }

    private static String name(List<Device> devices, int slot) {
        return slot < devices.size() ? devices.get(slot).getClass().getSimpleName() : "";
    }

    private static Object bindings(Guest guest) {
        Table table = new Table("key", "array", "buffers", "free", "irq");
        for (DmaTable.Binding bound : guest.host().bindings().bindings()) {
            long free = IntStream.range(0, bound.count()).map(i -> bound.array() + i * Dma.BYTES)
                .filter(at -> guest.physical().contains(at, Integer.BYTES) && guest.physical().read32(at) == 0).count();
            table.row(String.format("0x%08x", bound.key()), String.format("0x%08x", bound.array()), bound.count(), free, bound.irq());
        }
        return table.isEmpty() ? "nothing is bound" : table;
    }
}
