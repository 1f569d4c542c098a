package lguest.emit;

/** What differs from one use of a {@link Form} to the next: the numbers in an instruction, and where it is. */
public class Use {
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
}
