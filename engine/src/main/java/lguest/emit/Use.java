package lguest.emit;

/**
 * What differs from one use of a {@link Form} to the next: the numbers in an instruction, and where it is. There are as many as there
 * is decoded code, and how fast that runs depends on how much of it a cache holds: so fields are no wider than need be.
 */
public class Use {
    /** Bytes from the first instruction of the block to this one. */
    public short at;
    /** Bytes from the first instruction of the block to the one after this. */
    public short after;

    /** Memory operand: {@code regs[base] + (regs[index] << shift) + displacement} in segment number {@code segment}. */
    public byte base;
    public byte index;
    public byte shift;
    public int displacement;
    public byte segment;

    /** The other operands by position: register numbers, immediate values, jump distances. */
    public int p;
    public int q;
    public int r;
}
