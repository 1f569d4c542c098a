package lguest.shell.command;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lguest.dsl.ScriptFailure;
import lguest.host.Host;
import lguest.machine.Guest;
import picocli.CommandLine.Command;

/** {@code :irq}. */
@Command(name = "irq", description = "Interrupts: what is pending, what the guest has blocked, and when the timer is due.")
final class Irq implements Runnable {
    private final Desk desk;

    Irq(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        if (guest.host() == null) {
            throw new ScriptFailure("irq: guest " + guest.name() + " is bare: its lines are raised with interrupts.raise(vector)");
        }
        desk.out().println(desk.look(() -> text(guest)));
    }

    private static String text(Guest guest) {
        Host host = guest.host();
        long deadline = host.deadline();
        return "pending  " + lines(host.pending()) + "\nblocked  " + lines(host.blocked())
            + "\nenabled  " + (host.interruptsEnabled() ? "yes" : "no") + (host.halted() ? ", and the guest sleeps until one comes" : "")
            + "\ntimer    " + (deadline == Long.MAX_VALUE ? "not set" : String.format("in %.3f ms", (deadline - guest.nanos()) / 1e6));
    }

    private static String lines(int bits) {
        return bits == 0 ? "none" : IntStream.range(0, Integer.SIZE).filter(line -> (bits >>> line & 1) != 0).mapToObj(String::valueOf)
            .collect(Collectors.joining(" "));
    }
}
