package lguest.emit;

import java.util.List;

/**
 * All that the generated code of an instruction depends on: two instructions of equal form share a class and differ in the
 * fields of their {@link Op}.
 *
 * @param semantics the table's third column
 * @param kinds of the operands, in the row's order
 * @param unaligned a vector in memory may lie anywhere; otherwise one of 128 bits must lie at a multiple of 16
 * @param mmx works on MMX registers: the x87 unit becomes the MMX unit
 * @param sse works on XMM registers
 * @param memoryBits width of the memory operand's value, 0 if there is none or only its address matters
 * @param writesMmx the first operand is an MMX register and gets the result
 * @param addressing how many registers the address adds up
 * @param linear offsets of the memory operand are linear addresses: its segment is flat
 * @param ends the instruction leaves the next EIP in the processor's state
 * @param codeBits 16 or 32: where EIP wraps
 */
public record Form(String semantics, List<Kind> kinds, int memoryBits, boolean unaligned, boolean mmx, boolean sse, boolean writesMmx,
            Addressing addressing, boolean linear, int bits, int operandBits,
            int sourceBits, int addressBits, int repeat, int cc, boolean exchange, boolean ends, boolean cpl0, int codeBits) {

    /**
     * What an operand is, as far as code is concerned. MMX and XMM registers and VECTOR, a memory operand of theirs, are handed
     * over as numbers of quadwords in {@link lguest.cpu.Simd}.
     */
    public enum Kind { LOW8, HIGH8, WORD, DWORD, IMMEDIATE, TARGET, FAR_POINTER, NUMBER, MEMORY, MMX, XMM, VECTOR }

    /** Which registers take part in an address. */
    public enum Addressing { NONE, ABSOLUTE, BASE, BASE_INDEX }

    /** It has no semantics but to do nothing or to fault. */
    boolean isTrap() {
        return semantics.indexOf('.') < 0;
    }
}
