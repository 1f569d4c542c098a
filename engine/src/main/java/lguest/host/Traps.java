package lguest.host;

import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.cpu.Vector;

/** What happens when an instruction of the guest cannot go on. */
final class Traps {
    private static final int IDT_BIT = 1 << 1;

    private final CpuState cpu;
    private final LguestData data;
    private final Gates gates;
    private final Entry entry;
    private final InOut inOut;
    private final HostObserver observer;

    Traps(Host host) {
        cpu = host.cpu;
        data = host.data;
        gates = host.gates;
        entry = host.entry;
        inOut = new InOut(host);
        observer = host.observer;
    }

    /**
     * A fault: EIP is at the instruction. What the Host can settle itself is settled; the rest is the guest's.
     *
     * @param errorCode 0 for vectors that have none
     */
    void trap(int vector, int errorCode) {
        switch (vector) {
            case Vector.NM -> {
                // With TS clear the guest owns the FPU already.
                if ((cpu.cr0 & CpuState.CR0_TS) == 0) {
                    return;
                }
            }
            case Vector.GP -> {
                if (errorCode == 0 && inOut.skip()) {
                    return;
                }
            }
            case Vector.PF -> {
                if (data.known()) {
                    data.cr2(cpu.cr2);
                }
            }
            default -> { }
        }
        deliver(vector, errorCode);
    }

    /**
     * INT n, INT3 or INTO at {@code self}; EIP is after it. Never the hypercall.
     *
     * @return whether it was the Host's business, not the processor's alone
     */
    boolean softwareInterrupt(int vector, int self) {
        int next = cpu.eip;
        cpu.eip = self;
        if (!gates.permits(vector, cpu.cpl)) {
            trap(Vector.GP, vector * 8 + IDT_BIT);
            return true;
        }
        observer.reflected(vector, 0);
        cpu.eip = next;
        entry.direct(vector, 0, true);
        return false;
    }

    /** As {@link #softwareInterrupt} in the midst of the guest's code: {@link lguest.cpu.SoftwareInterrupts#deliver}. */
    boolean passes(int vector) {
        return vector != Gates.HYPERCALL && gates.permits(vector, cpu.cpl) && !observer.watchesTraps() && entry.passes(vector);
    }

    private void deliver(int vector, int errorCode) {
        if (!gates.present(vector)) {
            throw new GuestKilled("unhandled trap %d at %#x (%#x)", vector, cpu.eip,
                vector == Vector.PF ? cpu.cr2 : errorCode);
        }
        observer.reflected(vector, errorCode);
        if (gates.isDirect(vector)) {
            entry.direct(vector, errorCode, false);
        } else {
            entry.reflect(vector, errorCode);
        }
    }

    /** TS(set): until it is cleared, FPU instructions raise #NM, so that the guest can save another task's registers. */
    void taskSwitched(boolean set) {
        cpu.cr0 = set ? cpu.cr0 | CpuState.CR0_TS : cpu.cr0 & ~CpuState.CR0_TS;
    }
}
