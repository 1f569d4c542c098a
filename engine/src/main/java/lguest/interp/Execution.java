package lguest.interp;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.GuestKilled;
import lguest.emit.Op;
import lguest.mem.LinearMemory;

/** Runs the operations of blocks, and knows where one of them did not complete. */
final class Execution {
    private final CpuState cpu;
    private final LinearMemory mem;
    /** The block that is executing; null between two. */
    private Block current;
    private RuntimeException thrown;

    Execution(CpuState cpu, LinearMemory mem) {
        this.cpu = cpu;
        this.mem = mem;
    }

    /**
     * Runs the first operations of a block, one after the other. EIP is the block's until one of them sets it.
     *
     * @return how many completed: if that is not all, EIP is at the one that did not, and {@link #fault} or {@link #killed} says why;
     *     neither does if its block was overwritten
     */
    int perform(Block block, int count) {
        int eip = cpu.eip;
        Op[] ops = block.ops;
        int i = 0;
        current = block;
        try {
            for (; i < count; i++) {
                ops[i].run(cpu, mem);
            }
            if (count < ops.length) {
                cpu.eip = eip + ops[count].at;
            } else if (!block.setsEip) {
                cpu.eip = eip + block.lengthBytes;
            }
        } catch (CpuFault | Overwritten.Signal | GuestKilled reason) {
            thrown = reason;
            cpu.eip = eip + ops[i].at;
        }
        current = null;
        return i;
    }

    /** What the operation that did not complete has raised; null if it was no fault. */
    CpuFault fault() {
        return thrown instanceof CpuFault fault ? fault : null;
    }

    /** What has ended the guest in the operation that did not complete; null if nothing has. */
    GuestKilled killed() {
        return thrown instanceof GuestKilled killed ? killed : null;
    }

    /** The block that is executing; null between two. */
    Block current() {
        return current;
    }
}
