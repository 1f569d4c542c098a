package lguest.emit;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/**
 * One instruction at one place, ready to run. Generated subclasses bring the behaviour, the fields hold what differs from one
 * use to the next.
 */
public abstract class Op extends Use implements Cloneable {
    /**
     * Does what the instruction does. {@code cpu.eip} holds the block's first instruction; instructions that end a block leave
     * the next one there.
     *
     * @throws lguest.cpu.CpuFault nothing has happened but for finished iterations of a repeated string instruction
     */
    public abstract void run(CpuState cpu, LinearMemory mem);

    final Op copy() {
        try {
            return (Op) clone();
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
