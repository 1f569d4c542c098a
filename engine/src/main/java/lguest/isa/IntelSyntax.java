package lguest.isa;

/** Destination first, sizes beside the memory operand. */
final class IntelSyntax extends Syntax {
    IntelSyntax(Insn insn, int eip) {
        super(insn, eip);
    }

    @Override
    String mnemonic() {
        boolean suffix = describesTable() || suffixed() && insn.operandBits() != codeBits();
        return lowerCase() + (suffix ? insn.operandBits() == 16 ? "w" : "d" : "");
    }

    @Override
    String operands() {
        if (isXlat()) {
            return operand(translationTable());
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < operandCount(); i++) {
            boolean constant = row.operands().get(i).place() == OperandForm.Place.CONSTANT;
            text.append(i == 0 ? "" : ",").append(constant ? "1" : operand(i));
        }
        return text.toString();
    }

    @Override
    String operand(Operand operand) {
        if (operand instanceof Operand.Register register) {
            return register(register.number(), register.bits());
        } else if (operand instanceof Operand.Memory memory) {
            return memory(memory);
        } else if (operand instanceof Operand.StringElement element) {
            return pointer(element.bits()) + segment(element.segment())
                + ":[" + register(element.register(), element.addressBits()) + "]";
        } else if (operand instanceof Operand.Immediate immediate) {
            return hex(immediate.value());
        } else if (operand instanceof Operand.Target target) {
            return hex(insn.target(target, eip));
        } else if (operand instanceof Operand.FarPointer far) {
            return hex(far.selector()) + ":" + hex(far.offset());
        } else if (operand instanceof Operand.Numbered numbered) {
            return switch (numbered.kind()) {
                case SEGMENT -> segment(numbered.number());
                case CONTROL -> "cr" + numbered.number();
                case DEBUG -> "dr" + numbered.number();
                case X87 -> "st(" + numbered.number() + ")";
                case MMX -> "mm" + numbered.number();
                case XMM -> "xmm" + numbered.number();
            };
        }
        return "st";
    }

    private String memory(Operand.Memory memory) {
        boolean offset = row.operands().get(0).place() == OperandForm.Place.O || row.operands().size() > 1
            && row.operands().get(1).place() == OperandForm.Place.O;
        StringBuilder text = new StringBuilder(offset || describesTable() ? "" : pointer(memory.bits()));
        if (insn.override() >= 0 || !hasRegisters(memory)) {
            text.append(segment(memory.segment())).append(':');
        }
        if (!hasRegisters(memory)) {
            return text.append(absolute(memory)).toString();
        }
        text.append('[');
        if (memory.base() != Operand.NO_REGISTER) {
            text.append(register(memory.base(), memory.addressBits()));
        }
        if (hasIndex(memory)) {
            text.append(memory.base() == Operand.NO_REGISTER ? "" : "+").append(register(memory.index(), memory.addressBits()));
            if (memory.addressBits() == 32) {
                text.append('*').append(1 << memory.shift());
            }
        }
        if (hasDisplacement(memory)) {
            text.append(signed(memory.displacement(), "+"));
        }
        return text.append(']').toString();
    }

    private static String pointer(int bits) {
        return switch (bits) {
            case 8 -> "BYTE PTR ";
            case 16 -> "WORD PTR ";
            case 32 -> "DWORD PTR ";
            case 48 -> "FWORD PTR ";
            case 64 -> "QWORD PTR ";
            case 80 -> "TBYTE PTR ";
            case 128 -> "XMMWORD PTR ";
            default -> "";
        };
    }
}
