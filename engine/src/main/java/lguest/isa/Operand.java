package lguest.isa;

/** An operand of a decoded instruction. */
public sealed interface Operand {
    /** {@link Memory#base} and {@link Memory#index} where the address has none. */
    int NO_REGISTER = 8;

    /** Width of the value; 0 if the instruction uses only the address. */
    int bits();

    /**
     * A general register.
     *
     * @param number as encoded; for 8 bits 4 to 7 are AH, CH, DH, BH
     * @param bits 8, 16 or 32
     */
    record Register(int number, int bits) implements Operand { }

    /**
     * Memory at {@code regs[base] + (regs[index] << shift) + displacement}, cut to {@code addressBits}.
     *
     * @param base register number or {@link #NO_REGISTER}
     * @param index register number or {@link #NO_REGISTER}
     * @param shift 0 to 3
     * @param displacement sign-extended
     * @param segment number of the segment register, overrides applied
     * @param addressBits 16 or 32
     */
    record Memory(int base, int index, int shift, int displacement, int segment, int addressBits, int bits) implements Operand { }

    /**
     * What a string instruction points at.
     *
     * @param register ESI (6) or EDI (7)
     * @param segment of ESI: DS or the override; of EDI: always ES
     */
    record StringElement(int register, int segment, int addressBits, int bits) implements Operand { }

    /** @param value zero-extended from {@code bits}, after sign extension to that width where the row says {@code sx} */
    record Immediate(int value, int bits) implements Operand { }

    /**
     * Where a relative jump goes.
     *
     * @param displacement from the end of the instruction, sign-extended
     * @param bits operand size: with 16, the resulting EIP is cut to 16 bits
     */
    record Target(int displacement, int bits) implements Operand { }

    /** @param bits 32 for 16:16, 48 for 16:32 */
    record FarPointer(int selector, int offset, int bits) implements Operand { }

    /** A register that goes by its number. */
    record Numbered(Kind kind, int number) implements Operand {
        /** Which file of registers. */
        public enum Kind { SEGMENT, CONTROL, DEBUG, X87, MMX, XMM }

        @Override
        public int bits() {
            return switch (kind) {
                case SEGMENT -> 16;
                case CONTROL, DEBUG -> 32;
                case X87 -> 80;
                case MMX -> 64;
                case XMM -> 128;
            };
        }
    }

    /** ST(0), where the row writes it as an operand. */
    record StackTop() implements Operand {
        @Override
        public int bits() {
            return 80;
        }
    }
}
