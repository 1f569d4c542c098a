package lguest.isa;

import java.util.List;

/**
 * A decoded instruction.
 *
 * @param row its encoding; {@link Table#UNDEFINED} or {@link Table#TOO_LONG} if it has none
 * @param code32 decoded in a 32-bit code segment
 * @param length in bytes, 1 to 15
 * @param operandBits operand-size attribute, 16 or 32
 * @param addressBits address-size attribute, 16 or 32
 * @param override number of the segment register that a prefix named, or -1
 * @param segment number of the segment register of the memory operand or string source: override or default
 * @param lock a LOCK prefix is present (and allowed, or the row would be {@link Table#UNDEFINED})
 * @param repeat 0 none, 1 REPNE (F2), 2 REP or REPE (F3); meaningful for string instructions
 * @param cc low four bits of the opcode: the condition of conditional rows
 * @param modrm the byte, -1 if there is none
 * @param sib the byte, -1 if there is none
 * @param operands in the row's order
 */
public record Insn(Row row, boolean code32, int length, int operandBits, int addressBits, int override, int segment, boolean lock,
                   int repeat, int cc, int modrm, int sib, List<Operand> operands) {

    public static final int REPNE = 1;
    public static final int REP = 2;

    /** Size of the first operand that has one, else the operand size. */
    public int bits() {
        for (Operand operand : operands) {
            if (operand.bits() != 0) {
                return operand.bits();
            }
        }
        return operandBits;
    }

    /** Size of the last operand; the operand size if there is none. */
    public int sourceBits() {
        return operands.isEmpty() ? operandBits : operands.get(operands.size() - 1).bits();
    }

    /** The memory operand, null if there is none. Operands of string instructions do not count. */
    public Operand.Memory memory() {
        for (Operand operand : operands) {
            if (operand instanceof Operand.Memory memory) {
                return memory;
            }
        }
        return null;
    }

    /** EIP after the instruction, which is cut to 16 bits in a 16-bit code segment. */
    public int next(int eip) {
        return code32 ? eip + length : eip + length & 0xFFFF;
    }

    /** Where a relative jump at {@code eip} goes. */
    public int target(Operand.Target target, int eip) {
        int destination = eip + length + target.displacement();
        return target.bits() == 16 ? destination & 0xFFFF : destination;
    }

    /** Intel syntax, as if at address 0. */
    @Override
    public String toString() {
        return Disassembler.intel(this, 0);
    }
}
