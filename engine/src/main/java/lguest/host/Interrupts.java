package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;

/**
 * The interrupt controller: 32 lines, of which the lowest pending one that the guest has not blocked goes first, when
 * the guest's virtual interrupt flag allows and EIP is not where it would hurt.
 */
final class Interrupts {
    static final int LINES = 32;

    private final CpuState cpu;
    private final LguestData data;
    private final Gates gates;
    private final Entry entry;
    private final HostClock clock;
    private final HostObserver observer;
    private final boolean strict;
    private int pending;
    private boolean halted;
    private int noirqStart;
    private int noirqEnd;

    Interrupts(Host host) {
        cpu = host.cpu;
        data = host.data;
        gates = host.gates;
        entry = host.entry;
        clock = host.clock;
        observer = host.observer;
        strict = host.config.strict();
    }

    void raise(int line) {
        if (line < 0 || line >= LINES) {
            throw new IllegalArgumentException("interrupt line " + line + ": must be 0 to " + (LINES - 1));
        }
        pending |= 1 << line;
    }

    int pending() {
        return pending;
    }

    /** HALT(): sleep until there is an interrupt, whatever the virtual interrupt flag says. */
    void halt() {
        halted = true;
    }

    void wake() {
        halted = false;
    }

    boolean halted() {
        return halted;
    }

    /**
     * Where interrupts must wait: the guest's own IRET sets the flag in memory first and pops the frame then, and an
     * interrupt between the two would find the old frame still there.
     */
    void noirqWindow(int start, int end) {
        noirqStart = start;
        noirqEnd = end;
    }

    /** Lines that are pending and not blocked. */
    int unblocked() {
        return data.known() && pending != 0 ? pending & ~data.blocked() : 0;
    }

    /**
     * Delivers at most one interrupt. A halted guest wakes up even if it turns out to have no handler; so does the time
     * it reads.
     *
     * @return whether the guest was woken or something was delivered
     */
    boolean inject() {
        int ready = unblocked();
        if (ready == 0 || inNoirqWindow()) {
            return false;
        }
        boolean woken = halted;
        if (halted) {
            halted = false;
            data.irqEnabled(Eflags.IF);
        } else if (cpu.interruptShadow || !enabled()) {
            return false;
        }
        int line = Integer.numberOfTrailingZeros(ready);
        boolean delivered = gates.present(Gates.FIRST_LINE + line);
        if (delivered) {
            observer.injected(line);
            pending &= ~(1 << line);
            entry.reflect(Gates.FIRST_LINE + line, 0);
        }
        data.time(clock.wallNanos());
        return woken || delivered;
    }

    private boolean inNoirqWindow() {
        return Integer.compareUnsigned(cpu.eip, noirqStart) >= 0 && Integer.compareUnsigned(cpu.eip, noirqEnd) < 0;
    }

    /** The original took any bit for yes, also those that the guest's IRET leaves there with IF clear. */
    private boolean enabled() {
        return (data.irqEnabled() & (strict ? -1 : Eflags.IF)) != 0;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(pending);
        out.writeBoolean(halted);
        out.writeInt(noirqStart);
        out.writeInt(noirqEnd);
    }

    void load(DataInput in) throws IOException {
        pending = in.readInt();
        halted = in.readBoolean();
        noirqStart = in.readInt();
        noirqEnd = in.readInt();
    }
}
