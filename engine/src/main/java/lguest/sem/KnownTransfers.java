package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.KnownSegments;
import lguest.cpu.Segment;
import lguest.mem.LinearMemory;

/**
 * INT n and IRET as nearly all of them are: of 32 bits, between segments that were loaded before, with flat stacks, in memory that the
 * TLB knows and nobody watches. Of anything else nothing has happened, and {@link Delivery} and {@link Far} are for it.
 */
final class KnownTransfers {
    /** Of a gate: P, S and the type without the bit that tells interrupt and trap gates apart. */
    private static final int GATE_KIND = Segment.PRESENT | Segment.CODE_OR_DATA | 0xE00;
    private static final int GATE = Segment.PRESENT | 0xE00;
    private static final int INTERRUPT_GATE_BIT = 0x100;

    private KnownTransfers() {
    }

    /** INT n: {@link Delivery#software}. */
    static boolean interrupt(CpuState cpu, LinearMemory mem, int vector) {
        if (Integer.compareUnsigned(vector * 8 + 7, cpu.idtLimit) > 0) {
            return false;
        }
        long gate = mem.systemQuietly64(cpu.idtBase + vector * 8);
        int high = Descriptors.high(gate);
        if ((high & GATE_KIND) != GATE || Descriptors.dpl(high) < cpu.cpl) {
            return false;
        }
        int eip = Descriptors.gateOffset(Descriptors.low(gate), high);
        Segment code = Segments.known(cpu, KnownSegments.GATED, Descriptors.gateSelector(Descriptors.low(gate)), cpu.cpl);
        if (code == null || Integer.compareUnsigned(eip, code.limit) > 0) {
            return false;
        }
        int cpl = Descriptors.conforming(code.access) ? cpu.cpl : code.dpl();
        boolean inward = cpl < cpu.cpl;
        Segment ss = cpu.segments[Segment.SS];
        Segment stack = ss;
        int esp = cpu.regs[CpuState.ESP];
        if (inward) {
            long top = Tss.quietInnerStack(cpu, mem, cpl);
            stack = Segments.known(cpu, KnownSegments.STACK, (int) (top >>> 32) & 0xFFFF, cpl);
            esp = (int) top;
        }
        int bytes = inward ? 20 : 12;
        int frame = isFlat(stack) ? mem.writable(esp - bytes, bytes, cpl) : -1;
        if (frame < 0) {
            return false;
        }
        mem.quietly32(frame, cpu.eip);
        mem.quietly32(frame + 4, cpu.segments[Segment.CS].selector);
        mem.quietly32(frame + 8, cpu.eflags());
        if (inward) {
            mem.quietly32(frame + 12, cpu.regs[CpuState.ESP]);
            mem.quietly32(frame + 16, ss.selector);
            ss.load(stack);
        }
        cpu.regs[CpuState.ESP] = esp - bytes;
        CodeSegments.enter(cpu, mem, code, cpl, eip);
        cpu.eflagsRest &= ~(Eflags.TF | Eflags.NT | Eflags.RF | ((high & INTERRUPT_GATE_BIT) == 0 ? Eflags.IF : 0));
        return true;
    }

    /** IRET to the same or an outer privilege level. */
    static boolean iret(CpuState cpu, LinearMemory mem) {
        Segment ss = cpu.segments[Segment.SS];
        int esp = cpu.regs[CpuState.ESP];
        boolean plain = (cpu.eflagsRest & Eflags.NT) == 0 && isFlat(ss);
        int frame = plain ? mem.readable(esp, 20) : -1;
        if (frame < 0) {
            return false;
        }
        int cpl = cpu.cpl;
        int eip = mem.quietly32(frame);
        int selector = mem.quietly32(frame + 4) & 0xFFFF;
        int flags = mem.quietly32(frame + 8);
        Segment code = Segments.known(cpu, KnownSegments.RETURNED, selector, cpl);
        if (code == null || Integer.compareUnsigned(eip, code.limit) > 0 || (flags & Eflags.VM) != 0) {
            return false;
        }
        int level = selector & 3;
        if (level == cpl) {
            cpu.regs[CpuState.ESP] = esp + 12;
        } else {
            Segment stack = Segments.known(cpu, KnownSegments.STACK, mem.quietly32(frame + 16) & 0xFFFF, level);
            if (stack == null || !stack.big()) {
                return false;
            }
            cpu.regs[CpuState.ESP] = mem.quietly32(frame + 12);
            ss.load(stack);
            Far.takeAway(cpu, level);
        }
        CodeSegments.enter(cpu, mem, code, level, eip);
        Sys.setFlags(cpu, flags, 32, cpl);
        return true;
    }

    /** @param stack null is none */
    private static boolean isFlat(Segment stack) {
        return stack != null && stack.flat && stack.big();
    }
}
