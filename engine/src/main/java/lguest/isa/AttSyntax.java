package lguest.isa;

import java.util.List;

/** Source first, sizes in the mnemonic. */
final class AttSyntax extends Syntax {
    AttSyntax(Insn insn, int eip) {
        super(insn, eip);
    }

    @Override
    String mnemonic() {
        String lower = switch (name) {
            case "CBW" -> "cbtw";
            case "CWDE" -> "cwtl";
            case "CWD" -> "cwtd";
            case "CDQ" -> "cltd";
            case "MOVZX" -> "movz" + suffix(insn.sourceBits());
            case "MOVSX" -> "movs" + suffix(insn.sourceBits());
            case "RETF" -> "lret";
            case "CALL", "JMP" -> isFar() ? "l" + lowerCase() : lowerCase();
            case "FSUB", "FSUBR", "FDIV", "FDIVR", "FSUBP", "FSUBRP", "FDIVP", "FDIVRP" -> reversed();
            case "LOOP", "LOOPE", "LOOPNE" -> insn.addressBits() == codeBits() ? lowerCase()
                : lowerCase() + suffix(insn.addressBits());
            default -> lowerCase();
        };
        return lower + suffix() + hint();
    }

    private boolean isFar() {
        return row.semantics().startsWith("far.");
    }

    /** AT&amp;T's assembler had these the wrong way round when the destination is not ST(0), and everybody followed. */
    private String reversed() {
        String lower = lowerCase();
        if (!(insn.operands().get(0) instanceof Operand.Numbered)) {
            return lower;
        }
        String pop = lower.endsWith("p") ? "p" : "";
        String stem = lower.substring(0, 4);
        return stem + (lower.startsWith("r", 4) ? "" : "r") + pop;
    }

    private String suffix() {
        boolean unusual = insn.operandBits() != codeBits();
        if (name.equals("MOVZX") || name.equals("MOVSX")) {
            return suffix(insn.operandBits());
        }
        if (describesTable() || suffixed() && unusual) {
            return row.semantics().startsWith("x87.") && insn.operandBits() == 16 ? "s" : suffix(insn.operandBits());
        }
        if (isString()) {
            return isAccumulatorNamed() ? ""
                : suffix(insn.sourceBits() == 16 && name.equals("INS") ? insn.bits() : insn.sourceBits());
        }
        Operand.Memory memory = insn.memory();
        switch (name) {
            case "PUSH", "POP" -> {
                return memory != null && unusual ? suffix(insn.operandBits()) : "";
            }
            case "CALL", "JMP" -> {
                return (memory != null || isFar()) && unusual ? suffix(insn.operandBits()) : "";
            }
            case "SETcc", "INVLPG", "CLFLUSH", "LDMXCSR", "STMXCSR", "PREFETCH", "PREFETCHW", "PREFETCHNTA", "PREFETCHT0", "PREFETCHT1", "PREFETCHT2", "FLDCW",
                 "FNSTCW", "FNSTSW", "FBLD", "FBSTP", "CMPXCHG8B" -> {
                return "";
            }
            default -> {
                if (memory == null || row.vector()) {
                    return "";
                }
                return row.semantics().startsWith("x87.") ? x87(memory.bits()) : sizeIsElsewhere() ? "" : suffix(memory.bits());
            }
        }
    }

    private boolean isString() {
        return !insn.operands().isEmpty() && (insn.operands().get(0) instanceof Operand.StringElement
            || insn.operands().size() > 1 && insn.operands().get(1) instanceof Operand.StringElement);
    }

    private boolean isAccumulatorNamed() {
        return name.equals("STOS") || name.equals("LODS") || name.equals("SCAS");
    }

    /** A register among the operands gives the size, other than the count in CL; words of the system have no choice of size. */
    private boolean sizeIsElsewhere() {
        for (OperandForm form : row.operands()) {
            boolean count = form.place() == OperandForm.Place.REGISTER && form.number() == 1;
            boolean general = form.place() == OperandForm.Place.E || form.place() == OperandForm.Place.I
                || form.place() == OperandForm.Place.CONSTANT;
            if (!count && !general || form.place() == OperandForm.Place.E && form.size() == Size.W) {
                return true;
            }
        }
        return false;
    }

    private String x87(int bits) {
        if (name.startsWith("FI")) {
            return bits == 16 ? "s" : bits == 32 ? "l" : "ll";
        }
        return switch (bits) {
            case 32 -> "s";
            case 64 -> "l";
            case 80 -> "t";
            default -> "";
        };
    }

    private static String suffix(int bits) {
        return bits == 8 ? "b" : bits == 16 ? "w" : "l";
    }

    /** Prefixes CS and DS once told the Pentium 4 which way a conditional jump goes. */
    private String hint() {
        return !name.equals("Jcc") ? "" : insn.override() == 1 ? ",pn" : insn.override() == 3 ? ",pt" : "";
    }

    @Override
    boolean overrideShows() {
        return super.overrideShows() || !hint().isEmpty();
    }

    @Override
    boolean addressSizeShows() {
        return super.addressSizeShows() || name.startsWith("LOOP");
    }

    @Override
    String operands() {
        if (isXlat()) {
            return operand(translationTable());
        }
        List<Operand> operands = insn.operands();
        boolean straight = name.equals("ENTER") || name.equals("BOUND");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < operandCount(); i++) {
            int position = straight ? i : operandCount() - 1 - i;
            if (row.operands().get(position).place() != OperandForm.Place.CONSTANT) {
                text.append(text.length() == 0 ? "" : ",").append(operand(position));
            }
        }
        boolean indirect = (name.equals("CALL") || name.equals("JMP")) && insn.modrm() >= 0;
        return indirect ? "*" + text : text.toString();
    }

    @Override
    String operand(Operand operand) {
        if (operand instanceof Operand.Register register) {
            return isPort(register) ? "(%dx)" : "%" + register(register.number(), register.bits());
        } else if (operand instanceof Operand.Memory memory) {
            return memory(memory);
        } else if (operand instanceof Operand.StringElement element) {
            return "%" + segment(element.segment()) + ":(%" + register(element.register(), element.addressBits()) + ")";
        } else if (operand instanceof Operand.Immediate immediate) {
            return "$" + hex(immediate.value());
        } else if (operand instanceof Operand.Target target) {
            return hex(insn.target(target, eip));
        } else if (operand instanceof Operand.FarPointer far) {
            return "$" + hex(far.selector()) + ",$" + hex(far.offset());
        } else if (operand instanceof Operand.Numbered numbered) {
            return switch (numbered.kind()) {
                case SEGMENT -> "%" + segment(numbered.number());
                case CONTROL -> "%cr" + numbered.number();
                case DEBUG -> "%db" + numbered.number();
                case X87 -> "%st(" + numbered.number() + ")";
                case MMX -> "%mm" + numbered.number();
                case XMM -> "%xmm" + numbered.number();
            };
        }
        return "%st";
    }

    private boolean isPort(Operand.Register register) {
        return register.number() == 2 && row.semantics().startsWith("ports.");
    }

    private String memory(Operand.Memory memory) {
        StringBuilder text = new StringBuilder();
        if (insn.override() >= 0) {
            text.append('%').append(segment(memory.segment())).append(':');
        }
        if (!hasRegisters(memory)) {
            boolean offset = insn.modrm() < 0;
            boolean unsigned = offset || memory.addressBits() == 32;
            return text.append(unsigned ? absolute(memory) : signed((short) memory.displacement(), "")).toString();
        }
        if (hasDisplacement(memory)) {
            text.append(signed(memory.displacement(), ""));
        }
        text.append('(');
        if (memory.base() != Operand.NO_REGISTER) {
            text.append('%').append(register(memory.base(), memory.addressBits()));
        }
        if (hasIndex(memory)) {
            text.append(",%").append(register(memory.index(), memory.addressBits()));
            if (memory.addressBits() == 32) {
                text.append(',').append(1 << memory.shift());
            }
        }
        return text.append(')').toString();
    }
}
