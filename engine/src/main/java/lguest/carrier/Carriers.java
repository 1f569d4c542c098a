package lguest.carrier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.OutputSink;

/** All that carries the console of a guest besides what its configuration has ready: files first, sockets when there is a console. */
public final class Carriers implements AutoCloseable {
    private final List<ConsoleAddress> addresses;
    private final List<StampedLog> logs = new ArrayList<>();
    private final List<SocketCarrier> sockets = new ArrayList<>();

    public Carriers(List<ConsoleAddress> addresses) {
        this.addresses = addresses;
    }

    /** Opens the files. @see StampedLog#open */
    public List<? extends OutputSink> logs(LongSupplier wallNanos, Consumer<String> warnings) {
        addresses.stream().filter(address -> !address.twoWay()).forEach(address -> logs.add(StampedLog.open(address, wallNanos, warnings)));
        return logs;
    }

    /** Opens the sockets. @see SocketCarrier#listen */
    public void listen(ConsoleTranscript transcript, Console console) {
        addresses.stream().filter(ConsoleAddress::twoWay).forEach(address -> sockets.add(SocketCarrier.listen(address, transcript, console)));
    }

    /** Where the sockets are. */
    public List<ConsoleAddress> sockets() {
        return sockets.stream().map(SocketCarrier::address).toList();
    }

    @Override
    public void close() {
        sockets.forEach(SocketCarrier::close);
        logs.forEach(StampedLog::close);
    }
}
