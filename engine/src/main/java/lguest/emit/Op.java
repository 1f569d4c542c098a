package lguest.emit;

import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;

/**
 * One instruction at one place, ready to run. Generated subclasses bring the behaviour, the fields hold what differs from one
 * use to the next.
 */
public abstract class Op implements Cloneable {
    /** Bytes from the first instruction of the block to this one. */
    public int at;
    /** Bytes from the first instruction of the block to the one after this. */
    public int after;

    /** Memory operand: {@code regs[base] + (regs[index] << shift) + displacement} in segment number {@code segment}. */
    public int base;
    public int index;
    public int shift;
    public int displacement;
    public int segment;

    /** The other operands by position: register numbers, immediate values, jump distances. */
    public int p;
    public int q;
    public int r;

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
