package lguest.isa;

import java.util.Locale;

/** What the two notations of {@link Disassembler} have in common. */
abstract class Syntax {
    private static final int MNEMONIC_WIDTH = 6;
    private static final int EBX = 3;
    private static final int ESP = 4;
    private static final int EDI = 7;

    private static final String[] REGISTERS8 = {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"};
    private static final String[] REGISTERS16 = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] REGISTERS32 = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eiz"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
    /** By the immediate of CMPPS and its like; greater ones are written as numbers. */
    private static final String[] PREDICATES = {"eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"};
    private static final String[] CONDITIONS = {
        "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"
    };

    final Insn insn;
    final Row row;
    final int eip;
    /** The row's mnemonic for this operand size (JCXZ: address size), upper case, conditions not yet filled in. */
    final String name;

    Syntax(Insn insn, int eip) {
        this.insn = insn;
        this.row = insn.row();
        this.eip = eip;
        this.name = row.mnemonic(row.op().equals("E3") ? insn.addressBits() : insn.operandBits());
    }

    abstract String mnemonic();

    /** The operands, separated by commas. */
    abstract String operands();

    final String line() {
        StringBuilder line = new StringBuilder();
        prefixes(line);
        line.append(isPause() ? "pause" : isExchangeOfAccumulator() ? "xchg" : mnemonic());
        String operands = isExchangeOfAccumulator() ? exchangeOfAccumulator() : operands();
        if (!operands.isEmpty()) {
            while (line.length() < MNEMONIC_WIDTH) {
                line.append(' ');
            }
            line.append(' ').append(operands);
        }
        return line.toString();
    }

    /** The prefixes that show nowhere else. */
    private void prefixes(StringBuilder line) {
        if (insn.lock()) {
            line.append("lock ");
        }
        if (insn.repeat() != 0 && !isPause() && !(row.prefixed() && row.op().startsWith("F"))) {
            line.append(repeatName()).append(' ');
        }
        if (insn.operandBits() != codeBits() && !operandSizeShows() && !(row.prefixed() && row.op().startsWith("66"))) {
            line.append(insn.code32() ? "data16 " : "data32 ");
        }
        if (insn.addressBits() != codeBits() && !addressSizeShows()) {
            line.append(insn.code32() ? "addr16 " : "addr32 ");
        }
        if (insn.override() >= 0 && !overrideShows()) {
            line.append(segment(insn.override())).append(' ');
        }
    }

    private String repeatName() {
        if (insn.repeat() == Insn.REPNE) {
            return isNearBranch() ? "bnd" : "repnz";
        }
        return switch (name) {
            case "MOVS", "LODS", "STOS", "INS", "OUTS" -> "rep";
            default -> "repz";
        };
    }

    private boolean isNearBranch() {
        return name.equals("RET") || name.equals("Jcc")
            || (name.equals("CALL") || name.equals("JMP")) && !row.semantics().startsWith("far.");
    }

    private boolean isPause() {
        return row.op().equals("90") && insn.repeat() == Insn.REP;
    }

    /** 90 with an operand-size prefix. */
    private boolean isExchangeOfAccumulator() {
        return row.op().equals("90") && insn.operandBits() != codeBits();
    }

    private String exchangeOfAccumulator() {
        String accumulator = operand(new Operand.Register(0, insn.operandBits()));
        return accumulator + "," + accumulator;
    }

    /** Whether the text tells a 16-bit operand size from a 32-bit one. */
    private boolean operandSizeShows() {
        if (isExchangeOfAccumulator() || suffixed() || !row.mnemonic(16).equals(row.mnemonic(32)) && !row.op().equals("E3")
            || describesTable()) {
            return true;
        }
        for (OperandForm form : row.operands()) {
            if (form.size() == Size.V || form.size() == Size.P || form.size() == Size.A || followsOperandSize(form)) {
                return true;
            }
        }
        return false;
    }

    boolean addressSizeShows() {
        if (name.equals("JCXZ") || name.equals("JECXZ") || isXlat()) {
            return true;
        }
        for (int i = 0; i < insn.operands().size(); i++) {
            Operand operand = insn.operands().get(i);
            if (operand instanceof Operand.StringElement
                || operand instanceof Operand.Memory memory && addressSizeShows(memory, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean addressSizeShows(Operand.Memory memory, int position) {
        boolean offset = row.operands().get(position).place() == OperandForm.Place.O;
        return !offset && (insn.code32() || memory.base() != Operand.NO_REGISTER || memory.index() != Operand.NO_REGISTER);
    }

    boolean overrideShows() {
        for (Operand operand : insn.operands()) {
            if (operand instanceof Operand.Memory
                || operand instanceof Operand.StringElement element && element.register() != EDI) {
                return true;
            }
        }
        return isXlat();
    }

    boolean isXlat() {
        return row.op().equals("D7");
    }

    /** What XLAT addresses, which its row does not spell out. */
    final Operand.StringElement translationTable() {
        return new Operand.StringElement(EBX, insn.segment(), insn.addressBits(), 8);
    }

    /** LGDT and its like always say how many bits of the base count. */
    boolean describesTable() {
        return row.operands().size() == 1 && row.operands().get(0).size() == Size.S;
    }

    /** Registers of 16 bits that assemblers write with the operand size: MOV to a segment register, LAR, LSL. */
    final boolean followsOperandSize(OperandForm form) {
        return form.place() == OperandForm.Place.E && form.size() == Size.W && insn.modrm() >= 0xC0
            && (name.equals("MOV") || name.equals("LAR") || name.equals("LSL"));
    }

    /** Instructions that name their operand size in the mnemonic when it is not the code segment's. */
    boolean suffixed() {
        return switch (name) {
            case "PUSHA", "POPA", "PUSHF", "POPF", "RET", "RETF", "IRET", "ENTER", "LEAVE",
                "FLDENV", "FNSTENV", "FRSTOR", "FNSAVE" -> true;
            case "PUSH", "POP" -> !(insn.operands().get(0) instanceof Operand.Register
                || insn.operands().get(0) instanceof Operand.Memory);
            case "CALL", "JMP" -> insn.operands().get(0) instanceof Operand.Target && row.operands().get(0).size() == Size.V;
            default -> false;
        };
    }

    final int codeBits() {
        return insn.code32() ? 32 : 16;
    }

    /** The row's mnemonic in lower case, with its condition. */
    final String lowerCase() {
        String lower = switch (name) {
            case "FNENI", "FNDISI" -> name + "(8087 only)";
            case "FNSETPM" -> name + "(287 only)";
            default -> name;
        };
        lower = lower.toLowerCase(Locale.ROOT);
        if (predicate() >= 0) {
            return "cmp" + PREDICATES[predicate()] + lower.substring(3);
        }
        return lower.endsWith("cc") ? lower.substring(0, lower.length() - 2) + CONDITIONS[insn.cc()] : lower;
    }

    /** What CMPPS and its like compare for, -1 if the mnemonic does not say it. */
    private int predicate() {
        if (!row.semantics().startsWith("sse.cmp")) {
            return -1;
        }
        int predicate = ((Operand.Immediate) insn.operands().get(2)).value();
        return predicate < PREDICATES.length ? predicate : -1;
    }

    /** How many operands there are to write. */
    final int operandCount() {
        return insn.operands().size() - (predicate() >= 0 ? 1 : 0);
    }

    abstract String operand(Operand operand);

    /** The operand at a position as the notation writes its width: see {@link #followsOperandSize}. */
    final String operand(int position) {
        Operand operand = insn.operands().get(position);
        if (operand instanceof Operand.Register register && followsOperandSize(row.operands().get(position))) {
            return operand(new Operand.Register(register.number(), insn.operandBits()));
        }
        return operand(operand);
    }

    static String register(int number, int bits) {
        return (bits == 8 ? REGISTERS8 : bits == 16 ? REGISTERS16 : REGISTERS32)[number];
    }

    static String segment(int number) {
        return SEGMENTS[number];
    }

    static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    /** With a sign: {@code +0x10} for brackets, {@code 0x10} otherwise. */
    static String signed(int value, String plus) {
        return value < 0 ? "-0x" + Integer.toHexString(-value) : plus + hex(value);
    }

    /** An address without registers is an unsigned number. */
    final String absolute(Operand.Memory memory) {
        return hex(memory.addressBits() == 16 ? memory.displacement() & 0xFFFF : memory.displacement());
    }

    final boolean hasRegisters(Operand.Memory memory) {
        return memory.base() != Operand.NO_REGISTER || hasIndex(memory);
    }

    /** An index of none is written too where the encoding could have done without the SIB byte. */
    final boolean hasIndex(Operand.Memory memory) {
        if (memory.index() != Operand.NO_REGISTER) {
            return true;
        }
        return insn.sib() >= 0 && (memory.shift() != 0 || memory.base() != ESP);
    }

    /** Whether the encoding has a displacement, even one of 0. */
    final boolean hasDisplacement(Operand.Memory memory) {
        return memory.base() == Operand.NO_REGISTER || insn.modrm() >>> 6 != 0;
    }
}
