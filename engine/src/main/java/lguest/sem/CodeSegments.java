package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.KnownSegments;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Which code segments a far transfer may reach, and the moment it does (SDM vol. 3A "Privilege Level Checking When Transferring
 * Program Control Between Code Segments"). What is checked comes back with its accessed bit set, here and in its table.
 */
final class CodeSegments {
    private CodeSegments() {
    }

    /** For JMP and CALL that name the segment themselves: conforming with DPL at most CPL, or DPL = CPL and RPL at most that. */
    static Segment direct(CpuState cpu, int selector, long descriptor) {
        Segment known = cpu.knownSegments.find(KnownSegments.DIRECT, selector, cpu.cpl, descriptor);
        if (known != null) {
            return known;
        }
        int high = Descriptors.high(descriptor);
        int dpl = Descriptors.dpl(high);
        boolean allowed = Descriptors.conforming(high) ? dpl <= cpu.cpl : dpl == cpu.cpl && (selector & 3) <= cpu.cpl;
        return checked(cpu, KnownSegments.DIRECT, selector, descriptor, Descriptors.code(high) && allowed);
    }

    /** For gates of any kind: DPL at most CPL. */
    static Segment gated(CpuState cpu, int selector) {
        long descriptor = find(cpu, selector);
        Segment known = cpu.knownSegments.find(KnownSegments.GATED, selector, cpu.cpl, descriptor);
        if (known != null) {
            return known;
        }
        int high = Descriptors.high(descriptor);
        return checked(cpu, KnownSegments.GATED, selector, descriptor, Descriptors.code(high) && Descriptors.dpl(high) <= cpu.cpl);
    }

    /** For RET and IRET: RPL is the privilege level to return to, not an inner one. */
    static Segment returned(CpuState cpu, int selector) {
        long descriptor = find(cpu, selector);
        Segment known = cpu.knownSegments.find(KnownSegments.RETURNED, selector, cpu.cpl, descriptor);
        if (known != null) {
            return known;
        }
        boolean allowed = (selector & 3) >= cpu.cpl && fitsRpl(selector, Descriptors.high(descriptor));
        return checked(cpu, KnownSegments.RETURNED, selector, descriptor, allowed);
    }

    /** Whether code with this descriptor may run at the selector's RPL: DPL is that or, for conforming code, at most that. */
    static boolean fitsRpl(int selector, int high) {
        int rpl = selector & 3;
        return Descriptors.code(high)
            && (Descriptors.conforming(high) ? Descriptors.dpl(high) <= rpl : Descriptors.dpl(high) == rpl);
    }

    private static long find(CpuState cpu, int selector) {
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(Vector.GP, 0);
        }
        return Descriptors.find(cpu, selector, Vector.GP);
    }

    private static Segment checked(CpuState cpu, int use, int selector, long descriptor, boolean allowed) {
        if (!allowed) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        if (!Descriptors.present(Descriptors.high(descriptor))) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        return cpu.knownSegments.note(use, selector, cpu.cpl, Descriptors.accessed(cpu, selector, descriptor));
    }

    /** #GP(0) for a target beyond the segment. */
    static void checkLimit(CpuState cpu, int limit, int eip) {
        if (Integer.compareUnsigned(eip, limit) > 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** Continues at CS:EIP with this CPL, which also becomes the selector's RPL. */
    static void enter(CpuState cpu, LinearMemory mem, Segment code, int cpl, int eip) {
        Segment cs = cpu.segments[Segment.CS];
        cs.load(code);
        cs.selector = code.selector & ~3 | cpl;
        mem.setCpl(cpl);
        cpu.eip = eip;
    }
}
