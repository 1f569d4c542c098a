package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Which code segments a far transfer may reach, and the moment it does (SDM vol. 3A "Privilege Level Checking When Transferring
 * Program Control Between Code Segments"). A checked descriptor comes back with its accessed bit set, here and in its table.
 */
final class CodeSegments {
    private CodeSegments() {
    }

    /** For JMP and CALL that name the segment themselves: conforming with DPL at most CPL, or DPL = CPL and RPL at most that. */
    static long direct(CpuState cpu, int selector, long descriptor) {
        int high = Descriptors.high(descriptor);
        int dpl = Descriptors.dpl(high);
        boolean allowed = Descriptors.conforming(high) ? dpl <= cpu.cpl : dpl == cpu.cpl && (selector & 3) <= cpu.cpl;
        return checked(cpu, selector, descriptor, Descriptors.code(high) && allowed);
    }

    /** For gates of any kind: DPL at most CPL. */
    static long gated(CpuState cpu, int selector) {
        long descriptor = find(cpu, selector);
        int high = Descriptors.high(descriptor);
        return checked(cpu, selector, descriptor, Descriptors.code(high) && Descriptors.dpl(high) <= cpu.cpl);
    }

    /** For RET and IRET: RPL is the privilege level to return to, not an inner one. */
    static long returned(CpuState cpu, int selector) {
        long descriptor = find(cpu, selector);
        boolean allowed = (selector & 3) >= cpu.cpl && fitsRpl(selector, Descriptors.high(descriptor));
        return checked(cpu, selector, descriptor, allowed);
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

    private static long checked(CpuState cpu, int selector, long descriptor, boolean allowed) {
        int high = Descriptors.high(descriptor);
        if (!allowed) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        return Descriptors.low(descriptor) & 0xFFFFFFFFL | (long) Descriptors.markAccessed(cpu, selector, high) << 32;
    }

    /** #GP(0) for a target beyond the segment. */
    static void checkOffset(CpuState cpu, long descriptor, int eip) {
        checkLimit(cpu, Segment.limit(Descriptors.low(descriptor), Descriptors.high(descriptor)), eip);
    }

    static void checkLimit(CpuState cpu, int limit, int eip) {
        if (Integer.compareUnsigned(eip, limit) > 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** Continues at CS:EIP with this CPL, which also becomes the selector's RPL. */
    static void enter(CpuState cpu, LinearMemory mem, int selector, long descriptor, int cpl, int eip) {
        cpu.segments[Segment.CS].load(selector & ~3 | cpl, Descriptors.low(descriptor), Descriptors.high(descriptor));
        mem.setCpl(cpl);
        cpu.eip = eip;
    }
}
