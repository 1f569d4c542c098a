package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Vector;
import lguest.host.Host;

/** The processor under lguest's Host. */
final class HostMachine implements Machine {
    private final CpuState cpu;
    private final Host host;

    HostMachine(CpuState cpu, Host host) {
        this.cpu = cpu;
        this.host = host;
    }

    @Override
    public void fault(CpuFault fault) {
        host.trap(fault.vector(), fault.errorCode());
    }

    @Override
    public boolean left() {
        switch (cpu.leave) {
            case SOFTWARE_INTERRUPT -> {
                return host.softwareInterrupt(cpu.leaveVector, cpu.leaveEip);
            }
            case INT1 -> trap(Vector.DB);
            default -> throw new IllegalStateException("a guest at CPL " + cpu.cpl + " left for " + cpu.leave);
        }
        return true;
    }

    @Override
    public void trap(int vector) {
        host.trap(vector, 0);
    }

    @Override
    public void poll() {
        host.injectInterrupt();
    }

    @Override
    public boolean interruptPending() {
        return host.pending() != 0;
    }

    @Override
    public boolean halted() {
        return host.halted();
    }

    @Override
    public void wake() {
        host.wake();
    }

    @Override
    public long deadline() {
        return host.deadline();
    }

    @Override
    public void expire() {
        host.expire();
    }

    @Override
    public void raise(int line) {
        host.raise(line);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        host.save(out);
    }

    @Override
    public void load(DataInput in) throws IOException {
        host.resume(in);
    }
}
