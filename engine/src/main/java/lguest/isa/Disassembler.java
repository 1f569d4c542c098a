package lguest.isa;

/** Instructions as text, letter for letter as {@code objdump -d} prints them (GNU Binutils 2.40, without symbols). */
public final class Disassembler {
    private Disassembler() {
    }

    /** As {@code objdump -d -M intel}: {@code add    DWORD PTR [ebp-0x4],0x1}. */
    public static String intel(Insn insn, int eip) {
        return new IntelSyntax(insn, eip).line();
    }

    /** As {@code objdump -d}: {@code addl   $0x1,-0x4(%ebp)}. */
    public static String att(Insn insn, int eip) {
        return new AttSyntax(insn, eip).line();
    }
}
