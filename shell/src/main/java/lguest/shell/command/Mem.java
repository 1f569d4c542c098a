package lguest.shell.command;

import java.util.Arrays;
import lguest.dsl.ScriptFailure;
import lguest.machine.AddressException;
import lguest.machine.Guest;
import lguest.shell.render.Examined;
import lguest.shell.render.HexDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :mem ADDRESS [BYTES]}. */
@Command(name = "mem", aliases = "x", description = "Dumps memory; x/8xw esp is gdb's way to say it.")
final class Mem implements Runnable {
    private static final int MOST_BYTES = 1 << 20;

    private final Desk desk;

    @Option(names = "-p", description = "The address is guest-physical, not linear.")
    private boolean physical;

    @Option(names = "--format", paramLabel = "[N][xduis][bhw]", hidden = true)
    private String format;

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BYTES", defaultValue = "64", description = "${DEFAULT-VALUE} if not given.")
    private String bytes;

    Mem(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        int from = desk.address(address);
        if (format != null) {
            desk.out().println(desk.look(() -> Examined.of(desk.guest(), from, format)));
            return;
        }
        int length = desk.address(bytes);
        if (length < 1 || length > MOST_BYTES) {
            throw new ScriptFailure("mem: " + bytes + " bytes: must be 1 to " + MOST_BYTES);
        }
        byte[] content = desk.look(() -> physical ? physical(desk.guest(), from, length) : linear(desk.guest(), from, length));
        desk.out().println(HexDump.of(Integer.toUnsignedLong(from), content));
        if (content.length < length) {
            desk.out().printf("nothing is mapped at 0x%08x%n", from + content.length);
        }
    }

    private static byte[] linear(Guest guest, int from, int length) {
        byte[] bytes = new byte[length];
        int read = guest.readLinear(from, bytes);
        if (read == 0) {
            throw new AddressException(guest.name(), from);
        }
        return Arrays.copyOf(bytes, read);
    }

    private static byte[] physical(Guest guest, int from, int length) {
        int size = guest.physical().size();
        if (Integer.compareUnsigned(from, size) >= 0) {
            throw new ScriptFailure(String.format("mem: physical address 0x%08x: memory of guest %s ends at 0x%08x", from, guest.name(), size));
        }
        byte[] bytes = new byte[Math.min(length, size - from)];
        guest.physical().read(from, bytes, 0, bytes.length);
        return bytes;
    }
}
