package lguest.shell.render;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Segment;

/**
 * The registers of a processor, four to a line:
 *
 * <pre>
 * eax 00000001  ebx c0345000  ecx 00000000  edx 00000000
 * esi 00000000  edi 00000000  ebp c0345fd0  esp c0345fbc
 * eip c0101234  cs 0061  ss 0068  ds 007b  es 007b  fs 0000  gs 0000
 * eflags 00000246 [IF ZF PF]  cpl 1
 * cr0 8001003b  cr2 00000000  cr3 00345000  cr4 00000000
 * </pre>
 */
public final class RegisterGrid {
    private static final String[] NAMES = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
    private static final int[] FIRST_ROW = {CpuState.EAX, CpuState.EBX, CpuState.ECX, CpuState.EDX};
    private static final int[] SECOND_ROW = {CpuState.ESI, CpuState.EDI, CpuState.EBP, CpuState.ESP};
    private static final int[] SEGMENTS = {Segment.CS, Segment.SS, Segment.DS, Segment.ES, Segment.FS, Segment.GS};

    private RegisterGrid() {
    }

    public static String of(CpuState cpu) {
        StringBuilder out = new StringBuilder();
        general(out, cpu, FIRST_ROW);
        general(out, cpu, SECOND_ROW);
        out.append(String.format("eip %08x", cpu.eip));
        for (int segment : SEGMENTS) {
            out.append(String.format("  %s %04x", Segment.name(segment), cpu.segments[segment].selector));
        }
        out.append(String.format("%neflags %08x [%s]  cpl %d%n", cpu.eflags(), Eflags.describe(cpu.eflags()), cpu.cpl));
        out.append(String.format("cr0 %08x  cr2 %08x  cr3 %08x  cr4 %08x", cpu.cr0, cpu.cr2, cpu.cr3, cpu.cr4));
        return out.toString();
    }

    private static void general(StringBuilder out, CpuState cpu, int[] numbers) {
        for (int number : numbers) {
            out.append(out.isEmpty() || out.charAt(out.length() - 1) == '\n' ? "" : "  ");
            out.append(String.format("%s %08x", NAMES[number], cpu.regs[number]));
        }
        out.append('\n');
    }
}
