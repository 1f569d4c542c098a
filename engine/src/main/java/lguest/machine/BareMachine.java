package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.IntConsumer;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;
import lguest.sem.Delivery;
import lguest.sem.Ports;

/** The processor alone: its own IDT, ports that handlers serve, interrupts by vector number. */
final class BareMachine implements Machine {
    private static final PortHandler NOTHING = new PortHandler() {
    };

    private static final int VECTORS = 256;

    private final CpuState cpu;
    private final LinearMemory mem;
    private final Map<Integer, PortHandler> ports;
    private final Watcher watcher;
    private final BitSet pending = new BitSet(VECTORS);
    private boolean halted;

    BareMachine(CpuState cpu, LinearMemory mem, Map<Integer, PortHandler> ports, Watcher watcher) {
        this.cpu = cpu;
        this.mem = mem;
        this.ports = ports;
        this.watcher = watcher;
        cpu.softwareInterrupts = vector -> Delivery.software(cpu, mem, vector);
    }

    @Override
    public void fault(CpuFault fault) {
        Delivery.deliver(cpu, mem, fault.vector(), fault.errorCode(), Vector.hasErrorCode(fault.vector()), false, false);
    }

    @Override
    public boolean left() {
        switch (cpu.leave) {
            case SOFTWARE_INTERRUPT -> Delivery.deliver(cpu, mem, cpu.leaveVector, 0, false, true, false);
            case INT1 -> trap(Vector.DB);
            case HALT -> halted = true;
            case PORT_IN -> read(value -> Ports.completeIn(cpu, value));
            case PORT_IN_STRING -> read(value -> Ports.completeIns(cpu, mem, value));
            case PORT_OUT -> watcher.port(cpu.leavePort, cpu.leaveValue, cpu.leaveBits, true, value -> {
                handler().write(cpu.leavePort, value, cpu.leaveBits);
                return value;
            }, value -> { });
            default -> throw new IllegalStateException("left for " + cpu.leave);
        }
        return cpu.leave != Leave.SOFTWARE_INTERRUPT;
    }

    private void read(IntConsumer complete) {
        int bits = cpu.leaveBits;
        watcher.port(cpu.leavePort, -1 >>> Integer.SIZE - bits, bits, false,
            ones -> handler().read(cpu.leavePort, bits) & ones, complete);
    }

    private PortHandler handler() {
        return ports.getOrDefault(cpu.leavePort, NOTHING);
    }

    @Override
    public void trap(int vector) {
        Delivery.deliver(cpu, mem, vector, 0, false, false, false);
    }

    @Override
    public void poll() {
        int vector = pending.nextSetBit(0);
        if (vector < 0 || (cpu.eflagsRest & Eflags.IF) == 0 || cpu.interruptShadow) {
            cpu.interruptShadow = false;
            return;
        }
        pending.clear(vector);
        halted = false;
        watcher.delivers();
        Delivery.deliver(cpu, mem, vector, 0, false, false, true);
    }

    @Override
    public boolean interruptPending() {
        return !pending.isEmpty();
    }

    @Override
    public boolean halted() {
        return halted;
    }

    @Override
    public void wake() {
        halted = false;
    }

    @Override
    public long deadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public void expire() {
    }

    @Override
    public void raise(int line) {
        if (line < 0 || line >= VECTORS) {
            throw new IllegalArgumentException("interrupt vector " + line + ": must be 0 to 255");
        }
        pending.set(line);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(halted);
        long[] words = Arrays.copyOf(pending.toLongArray(), VECTORS / Long.SIZE);
        for (long word : words) {
            out.writeLong(word);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        halted = in.readBoolean();
        long[] words = new long[VECTORS / Long.SIZE];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.readLong();
        }
        pending.clear();
        pending.or(BitSet.valueOf(words));
    }
}
