package lguest.isa;

import java.util.List;

/**
 * Turns bytes into an instruction by the {@link Table} (SDM vol. 2 "Instruction Format").
 *
 * <p>Every sequence of bytes decodes: what is no instruction gets {@link Table#UNDEFINED}, as far as the processor would have
 * read it, and what does not end within 15 bytes {@link Table#TOO_LONG}.
 */
public final class Decoder {
    /** SDM vol. 2 "Instruction Format": prefixes included. */
    public static final int MAX_LENGTH = 15;

    private static final int ESP = 4;
    private static final int EBP = 5;
    private static final int ESI = 6;
    private static final int EDI = 7;
    private static final int ES = 0;
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int GS = 5;

    /** Base and index of 16-bit addresses by modrm.rm: BX+SI BX+DI BP+SI BP+DI SI DI BP BX. */
    private static final int[] BASE16 = {3, 3, 5, 5, 6, 7, 5, 3};
    private static final int[] INDEX16 = {6, 7, 6, 7, 8, 8, 8, 8};

    private final CodeBytes bytes;
    private final boolean code32;
    private int length;
    private int opcode;
    private int modrm = -1;
    private int sib = -1;
    private int operandBits;
    private int addressBits;
    private int override = -1;
    private boolean lock;
    private int repeat;

    private Decoder(CodeBytes bytes, boolean code32) {
        this.bytes = bytes;
        this.code32 = code32;
        this.operandBits = code32 ? 32 : 16;
        this.addressBits = operandBits;
    }

    /**
     * Decodes the instruction that begins with the next byte.
     *
     * @param code32 the D bit of the code segment: default operand and address size are 32
     */
    public static Insn decode(CodeBytes bytes, boolean code32) {
        Decoder decoder = new Decoder(bytes, code32);
        try {
            return decoder.instruction();
        } catch (TooLong sixteenthByte) {
            return decoder.bad(Table.TOO_LONG);
        }
    }

    private Insn instruction() {
        prefixes();
        boolean twoByte = opcode == 0x0F;
        if (twoByte) {
            opcode = fetch();
        }
        Row[] slot = twoByte ? Table.twoByte(mandatoryPrefix(), opcode) : Table.oneByte(opcode);
        if (slot == null) {
            return bad(Table.UNDEFINED);
        }
        Row row = slot[0];
        if (slot.length > 1) {
            modrm = fetch();
            row = Table.row(slot, modrm);
            if (row == null) {
                return bad(Table.UNDEFINED);
            }
        } else if (row.modrm()) {
            modrm = fetch();
        }
        return operands(row);
    }

    /** F2 and F3 go before 66; the two-byte opcodes that take none of them for part of themselves are the same under all. */
    private int mandatoryPrefix() {
        return switch (repeat) {
            case Insn.REP -> Table.PREFIX_F3;
            case Insn.REPNE -> Table.PREFIX_F2;
            default -> operandBits == 16 == code32 ? Table.PREFIX_66 : Table.NO_PREFIX;
        };
    }

    /** Reads prefixes, in any order and number, and the first opcode byte. */
    private void prefixes() {
        while (true) {
            opcode = fetch();
            switch (opcode) {
                case 0x26 -> override = ES;
                case 0x2E -> override = CS;
                case 0x36 -> override = SS;
                case 0x3E -> override = DS;
                case 0x64 -> override = FS;
                case 0x65 -> override = GS;
                case 0x66 -> operandBits = code32 ? 16 : 32;
                case 0x67 -> addressBits = code32 ? 16 : 32;
                case 0xF0 -> lock = true;
                case 0xF2 -> repeat = Insn.REPNE;
                case 0xF3 -> repeat = Insn.REP;
                default -> {
                    return;
                }
            }
        }
    }

    private Insn operands(Row row) {
        List<OperandForm> forms = row.operands();
        List<Operand> operands = switch (forms.size()) {
            case 0 -> List.of();
            case 1 -> List.of(operand(row, forms.get(0)));
            case 2 -> List.of(operand(row, forms.get(0)), operand(row, forms.get(1)));
            default -> List.of(operand(row, forms.get(0)), operand(row, forms.get(1)), operand(row, forms.get(2)));
        };
        int segment = override >= 0 ? override : DS;
        for (Operand operand : operands) {
            if (operand instanceof Operand.Memory memory) {
                segment = memory.segment();
            } else if (operand instanceof Operand.Numbered register && !exists(register)) {
                return bad(Table.UNDEFINED);
            }
        }
        if (lock && !(row.lock() && operands.get(0) instanceof Operand.Memory)) {
            return bad(Table.UNDEFINED);
        }
        return insn(row, segment, operands);
    }

    private static boolean exists(Operand.Numbered register) {
        return register.kind() != Operand.Numbered.Kind.SEGMENT || register.number() <= GS;
    }

    private Insn bad(Row row) {
        return insn(row, DS, List.of());
    }

    private Insn insn(Row row, int segment, List<Operand> operands) {
        return new Insn(row, code32, length, operandBits, addressBits, override, segment, lock, repeat, opcode & 0xF,
            modrm, sib, operands);
    }

    private Operand operand(Row row, OperandForm form) {
        int bits = form.size().bits(operandBits);
        return switch (form.place()) {
            case E -> modrm >= 0xC0 ? new Operand.Register(modrm & 7, bits) : memory(bits);
            case M -> memory(bits);
            case R -> new Operand.Register(modrm & 7, bits);
            case G -> new Operand.Register(modrm >>> 3 & 7, bits);
            case Z -> new Operand.Register(opcode & 7, bits);
            case I -> immediate(row, bits);
            case J -> new Operand.Target(bits == 8 ? (byte) fetch() : bits == 16 ? (short) word() : doubleword(), operandBits);
            case A -> farPointer();
            case O -> new Operand.Memory(Operand.NO_REGISTER, Operand.NO_REGISTER, 0, addressBits == 16 ? word() : doubleword(),
                override >= 0 ? override : DS, addressBits, bits);
            case X -> new Operand.StringElement(ESI, override >= 0 ? override : DS, addressBits, bits);
            case Y -> new Operand.StringElement(EDI, ES, addressBits, bits);
            case S -> new Operand.Numbered(Operand.Numbered.Kind.SEGMENT, modrm >>> 3 & 7);
            case C -> new Operand.Numbered(Operand.Numbered.Kind.CONTROL, modrm >>> 3 & 7);
            case D -> new Operand.Numbered(Operand.Numbered.Kind.DEBUG, modrm >>> 3 & 7);
            case REGISTER -> new Operand.Register(form.number(), bits);
            case SEGMENT -> new Operand.Numbered(Operand.Numbered.Kind.SEGMENT, form.number());
            case CONSTANT -> new Operand.Immediate(form.number(), bits);
            case ST -> new Operand.StackTop();
            case STI -> new Operand.Numbered(Operand.Numbered.Kind.X87, modrm & 7);
            case P -> new Operand.Numbered(Operand.Numbered.Kind.MMX, modrm >>> 3 & 7);
            case N -> new Operand.Numbered(Operand.Numbered.Kind.MMX, modrm & 7);
            case Q -> modrm >= 0xC0 ? new Operand.Numbered(Operand.Numbered.Kind.MMX, modrm & 7) : memory(bits);
            case V -> new Operand.Numbered(Operand.Numbered.Kind.XMM, modrm >>> 3 & 7);
            case U -> new Operand.Numbered(Operand.Numbered.Kind.XMM, modrm & 7);
            case W -> modrm >= 0xC0 ? new Operand.Numbered(Operand.Numbered.Kind.XMM, modrm & 7) : memory(bits);
        };
    }

    private Operand immediate(Row row, int bits) {
        if (row.signExtends()) {
            int value = (byte) fetch();
            return new Operand.Immediate(operandBits == 16 ? value & 0xFFFF : value, operandBits);
        }
        return new Operand.Immediate(bits == 8 ? fetch() : bits == 16 ? word() : doubleword(), bits);
    }

    private Operand farPointer() {
        int offset = operandBits == 16 ? word() : doubleword();
        return new Operand.FarPointer(word(), offset, 16 + operandBits);
    }

    private Operand memory(int bits) {
        return addressBits == 16 ? memory16(bits) : memory32(bits);
    }

    /** SDM vol. 2 "16-Bit Addressing Forms with the ModR/M Byte". */
    private Operand memory16(int bits) {
        int mod = modrm >>> 6;
        int rm = modrm & 7;
        int base = BASE16[rm];
        int displacement = 0;
        if (mod == 0 && rm == 6) {
            base = Operand.NO_REGISTER;
            displacement = word();
        } else if (mod == 1) {
            displacement = (byte) fetch();
        } else if (mod == 2) {
            displacement = (short) word();
        }
        return new Operand.Memory(base, INDEX16[rm], 0, displacement, segment(base), 16, bits);
    }

    /** SDM vol. 2 "32-Bit Addressing Forms with the ModR/M Byte" and "with the SIB Byte". */
    private Operand memory32(int bits) {
        int mod = modrm >>> 6;
        int base = modrm & 7;
        int index = Operand.NO_REGISTER;
        int shift = 0;
        if (base == ESP) {
            sib = fetch();
            base = sib & 7;
            shift = sib >>> 6;
            index = sib >>> 3 & 7;
            index = index == ESP ? Operand.NO_REGISTER : index;
        }
        int displacement = 0;
        if (mod == 0 && base == EBP) {
            base = Operand.NO_REGISTER;
            displacement = doubleword();
        } else if (mod == 1) {
            displacement = (byte) fetch();
        } else if (mod == 2) {
            displacement = doubleword();
        }
        return new Operand.Memory(base, index, shift, displacement, segment(base), 32, bits);
    }

    /** The stack's registers as base address the stack segment. */
    private int segment(int base) {
        if (override >= 0) {
            return override;
        }
        return base == EBP || base == ESP ? SS : DS;
    }

    private int doubleword() {
        int low = word();
        return low | word() << 16;
    }

    private int word() {
        int low = fetch();
        return low | fetch() << 8;
    }

    private int fetch() {
        if (length == MAX_LENGTH) {
            throw TooLong.INSTANCE;
        }
        int next = bytes.next() & 0xFF;
        length++;
        return next;
    }

    /** A sixteenth byte is needed. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final TooLong INSTANCE = new TooLong();

        private TooLong() {
            super(null, null, false, false);
        }
    }
}
