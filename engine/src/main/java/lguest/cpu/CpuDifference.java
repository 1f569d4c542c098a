package lguest.cpu;

import java.util.Arrays;

/** Compares two processors, for those who have the same instructions executed twice. */
public final class CpuDifference {
    private static final String[] REGISTERS = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    private CpuDifference() {
    }

    /**
     * What is first found to be different between two states, with both values: {@code eax is 0x00000001, but 0x00000002}; null if
     * nothing is. Flags are compared, not the three words that they are kept in.
     */
    public static String between(CpuState first, CpuState second) {
        for (int i = 0; i < REGISTERS.length; i++) {
            if (first.regs[i] != second.regs[i]) {
                return different(REGISTERS[i], first.regs[i], second.regs[i]);
            }
        }
        if (first.eip != second.eip) {
            return different("eip", first.eip, second.eip);
        }
        if (first.eflags() != second.eflags()) {
            return different("eflags", first.eflags(), second.eflags());
        }
        if (first.instructions != second.instructions) {
            return String.format("the count of instructions is %d, but %d", first.instructions, second.instructions);
        }
        if (first.leave != second.leave) {
            return String.format("what it asks for is %s, but %s", first.leave, second.leave);
        }
        if (first.interruptShadow != second.interruptShadow) {
            return String.format("the interrupt shadow is %s, but %s", first.interruptShadow, second.interruptShadow);
        }
        if (first.debugShadow != second.debugShadow) {
            return String.format("the debug shadow is %s, but %s", first.debugShadow, second.debugShadow);
        }
        if (first.debugTrap != second.debugTrap) {
            return different("the debug trap due", first.debugTrap, second.debugTrap);
        }
        String x87 = x87(first.fpu, second.fpu);
        return x87 != null ? x87 : system(first, second);
    }

    private static String x87(Fpu first, Fpu second) {
        int[] a = {first.control, first.statusWord(), first.empty, first.opcode, first.instructionOffset, first.instructionSelector,
            first.operandOffset, first.operandSelector};
        int[] b = {second.control, second.statusWord(), second.empty, second.opcode, second.instructionOffset, second.instructionSelector,
            second.operandOffset, second.operandSelector};
        String[] names = {"control", "status", "empty registers", "opcode", "instruction's offset", "instruction's selector",
            "operand's offset", "operand's selector"};
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                return different("x87 " + names[i], a[i], b[i]);
            }
        }
        int exponent = Arrays.mismatch(first.signExponent, second.signExponent);
        return exponent < 0 ? null
            : different("x87 exponent of R" + exponent, first.signExponent[exponent], second.signExponent[exponent]);
    }

    private static String system(CpuState first, CpuState second) {
        int quadword = Arrays.mismatch(first.simd.file, second.simd.file);
        // What lies between both kinds of register is no state.
        if (quadword >= 0 && (quadword < Simd.MEMORY || quadword >= Simd.XMM)) {
            String name = quadword < Simd.MEMORY ? "mm" + quadword
                : "xmm" + (quadword - Simd.XMM) / 2 + ((quadword - Simd.XMM) % 2 == 0 ? " (low half)" : " (high half)");
            return String.format("%s is %#018x, but %#018x", name, first.simd.file[quadword], second.simd.file[quadword]);
        }
        if (first.simd.mxcsr != second.simd.mxcsr) {
            return different("mxcsr", first.simd.mxcsr, second.simd.mxcsr);
        }
        for (int i = 0; i < SEGMENTS.length; i++) {
            Segment a = first.segments[i];
            Segment b = second.segments[i];
            if (a.selector != b.selector || a.base != b.base || a.limit != b.limit || a.access != b.access) {
                return different("segment " + SEGMENTS[i], a.selector, b.selector);
            }
        }
        int debug = Arrays.mismatch(first.dr, second.dr);
        if (debug >= 0) {
            return different("dr" + debug, first.dr[debug], second.dr[debug]);
        }
        int[] a = {first.cpl, first.cr0, first.cr2, first.cr3, first.cr4, first.ldtr.selector, first.ldtr.base, first.tr.selector,
            first.tr.base, first.gdtBase, first.gdtLimit, first.idtBase, first.idtLimit};
        int[] b = {second.cpl, second.cr0, second.cr2, second.cr3, second.cr4, second.ldtr.selector, second.ldtr.base, second.tr.selector,
            second.tr.base, second.gdtBase, second.gdtLimit, second.idtBase, second.idtLimit};
        String[] names = {"cpl", "cr0", "cr2", "cr3", "cr4", "ldtr", "base of the LDT", "tr", "base of the TSS", "base of the GDT",
            "limit of the GDT", "base of the IDT", "limit of the IDT"};
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                return different(names[i], a[i], b[i]);
            }
        }
        return null;
    }

    private static String different(String name, int first, int second) {
        return String.format("%s is %#010x, but %#010x", name, first, second);
    }
}
