package lguest.isa;

import java.util.List;

/** A row of the instruction table: one encoding. The columns are explained at the top of {@code one-byte.tsv}. */
public final class Row {
    private final String op;
    private final String form;
    private final String semantics;
    private final String flags;
    private final String notes;
    private final String mnemonic16;
    private final String mnemonic32;
    private final List<OperandForm> operands;
    private final boolean modrm;
    private final boolean memoryOnly;
    private final boolean registerOnly;
    private final boolean mmx;
    private final boolean sse;
    private boolean lock;
    private boolean signExtends;
    private boolean exchange;
    private boolean espAfterPop;
    private boolean anyMod;
    private boolean ends;
    private boolean alone;
    private boolean cpl0;
    private boolean unaligned;
    private boolean readsFirst;
    private String feature = "";

    /** @throws IllegalArgumentException if a column says something unknown */
    Row(String op, String form, String semantics, String flags, String notes) {
        this.op = op;
        this.form = form;
        this.semantics = semantics;
        this.flags = flags;
        this.notes = notes;
        int space = form.indexOf(' ');
        String mnemonics = space < 0 ? form : form.substring(0, space);
        int slash = mnemonics.indexOf('/');
        mnemonic16 = slash < 0 ? mnemonics : mnemonics.substring(0, slash);
        mnemonic32 = mnemonics.substring(slash + 1);
        operands = space < 0 ? List.of() : Table.operands(form.substring(space + 1));
        boolean needsModrm = op.indexOf('/') >= 0;
        boolean needsMemory = false;
        boolean needsRegister = false;
        boolean usesMmx = false;
        boolean usesSse = false;
        for (int i = 0; i < operands.size(); i++) {
            OperandForm operand = operands.get(i);
            needsModrm |= operand.needsModrm();
            needsMemory |= operand.place() == OperandForm.Place.M;
            needsRegister |= operand.registerOnly();
            usesMmx |= operand.isMmx();
            usesSse |= operand.isXmm();
        }
        mmx = usesMmx;
        sse = usesSse;
        modrm = needsModrm;
        memoryOnly = needsMemory;
        int from = 0;
        while (from < notes.length()) {
            int end = notes.indexOf(' ', from);
            end = end < 0 ? notes.length() : end;
            note(notes.substring(from, end));
            from = end + 1;
        }
        registerOnly = needsRegister && !anyMod;
    }

    private void note(String word) {
        switch (word) {
            case "lock" -> lock = true;
            case "sx" -> signExtends = true;
            case "exchange" -> exchange = true;
            case "esp+" -> espAfterPop = true;
            case "any" -> anyMod = true;
            case "ends" -> ends = true;
            case "alone" -> alone = true;
            case "cpl0" -> cpl0 = true;
            case "unaligned" -> unaligned = true;
            case "reads" -> readsFirst = true;
            default -> {
                if (!word.startsWith("feature=")) {
                    throw new IllegalArgumentException("no note is called '" + word + "'");
                }
                feature = word.substring("feature=".length());
            }
        }
    }

    /** First column: {@code 83 /2}, {@code 66 0F 58}. */
    public String op() {
        return op;
    }

    /** Whether the opcode begins with a mandatory prefix: 66, F2 or F3, which then has no meaning of its own. */
    public boolean prefixed() {
        return op.startsWith("0F ", 3) && !op.startsWith("NP ");
    }

    /** Second column: {@code ADC Ev,Ib}. */
    public String form() {
        return form;
    }

    /** {@code CBW} or {@code CWDE}: for most rows the same for both widths, for conditional ones ending in {@code cc}. */
    public String mnemonic(int bits) {
        return bits == 16 ? mnemonic16 : mnemonic32;
    }

    public List<OperandForm> operands() {
        return operands;
    }

    /** Third column: {@code alu.adc}, {@code -} or {@code ud}; {@code toolong} for {@link Table#TOO_LONG}. */
    public String semantics() {
        return semantics;
    }

    /** Fourth column: {@code C->OSZAPC}. */
    public String flags() {
        return flags;
    }

    /** Fifth column, which the methods below take apart. */
    public String notes() {
        return notes;
    }

    /** LOCK is allowed before a memory destination. */
    public boolean lock() {
        return lock;
    }

    /** The immediate is sign-extended to the operand size. */
    public boolean signExtends() {
        return signExtends;
    }

    /** The second operand receives the first's old value. */
    public boolean exchange() {
        return exchange;
    }

    /** The address is computed with ESP as it is after the pop. */
    public boolean espAfterPop() {
        return espAfterPop;
    }

    /** Whether a modrm byte follows the opcode. */
    boolean modrm() {
        return modrm;
    }

    /** modrm.mod must be below 3. */
    boolean memoryOnly() {
        return memoryOnly;
    }

    /** modrm.mod must be 3. */
    boolean registerOnly() {
        return registerOnly;
    }

    /** Ends a block: EIP, CPL, segments, paging or IF may change, or the run loop is left. */
    public boolean ends() {
        return ends;
    }

    /** A block of its own. */
    public boolean alone() {
        return alone;
    }

    /** #GP(0) unless CPL is 0. */
    public boolean cpl0() {
        return cpl0;
    }

    /** Works on MMX registers, or could if its memory operand were a register. */
    public boolean mmx() {
        return mmx;
    }

    /** Works on XMM registers, or could if its memory operand were a register. */
    public boolean sse() {
        return sse;
    }

    /** Works on MMX or XMM registers. */
    public boolean vector() {
        return mmx || sse;
    }

    /** A memory operand of 128 bits need not lie at a multiple of 16. */
    public boolean unaligned() {
        return unaligned;
    }

    /** The first operand is read only. */
    public boolean readsFirst() {
        return readsFirst;
    }

    /** CPUID feature without which this is #UD, {@code CMOV}; empty if any processor has it. */
    public String feature() {
        return feature;
    }

    @Override
    public String toString() {
        return op + " " + form;
    }
}
