package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.CpuFault;

/** What surrounds the processor of a guest: who serves its exits, its interrupts, its idle time. One for each platform. */
interface Machine {
    /** The instruction at EIP faulted. */
    void fault(CpuFault fault);

    /**
     * The instruction before EIP asked to leave, {@code cpu.leave} says why. Never {@code NONE} or {@code ATTENTION}.
     *
     * @return whether to {@link #poll}; not if the instruction might as well not have left
     */
    boolean left();

    /** Traps that follow an instruction: single step. */
    void trap(int vector);

    /** Gives the guest at most one interrupt, if it may have one now. */
    void poll();

    /** Something waits that {@link #poll} may deliver as soon as the guest lets it, which it may do without leaving. */
    boolean interruptPending();

    boolean halted();

    /** Goes on behind the HALT, if it sleeps, as if something had woken it. */
    void wake();

    /** {@link Clock#nanos} at which {@link #expire} is due; {@link Long#MAX_VALUE} if never. */
    long deadline();

    void expire();

    /** @param line 0 to 31 under the Host, a vector on a bare machine */
    void raise(int line);

    /** Writes what it knows between two instructions, for {@link #load}. */
    void save(DataOutput out) throws IOException;

    /** The opposite of {@link #save}: the guest will go on from there. */
    void load(DataInput in) throws IOException;
}
