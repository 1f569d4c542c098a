package lguest.carrier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.OutputSink;

/** All that carries the console of a guest besides what its configuration has ready: files first, where somebody can type when there is a console. */
public final class Carriers implements AutoCloseable {
    private final List<ConsoleAddress> addresses;
    private final List<StampedLog> logs = new ArrayList<>();
    private final List<Carrier> carriers = new ArrayList<>();

    public Carriers(List<ConsoleAddress> addresses) {
        this.addresses = addresses;
    }

    /** Opens the files. @see StampedLog#open */
    public List<? extends OutputSink> logs(LongSupplier wallNanos, Consumer<String> warnings) {
        addresses.stream().filter(address -> !address.twoWay()).forEach(address -> logs.add(StampedLog.open(address, wallNanos, warnings)));
        return logs;
    }

    /** Opens what goes both ways. @see SocketCarrier#listen @see PtyCarrier#open */
    public void open(ConsoleTranscript transcript, Console console) {
        addresses.stream().filter(ConsoleAddress::twoWay).forEach(address -> carriers.add(address.kind() == ConsoleAddress.Kind.PTY
            ? PtyCarrier.open(address, transcript, console) : SocketCarrier.listen(address, transcript, console)));
    }

    /** Where somebody can read and type. */
    public List<ConsoleAddress> addresses() {
        return carriers.stream().map(Carrier::address).toList();
    }

    @Override
    public void close() {
        carriers.forEach(Carrier::close);
        logs.forEach(StampedLog::close);
    }
}
