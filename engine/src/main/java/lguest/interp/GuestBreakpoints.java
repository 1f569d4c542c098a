package lguest.interp;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/**
 * Carries what the debug registers ask for to where it costs nothing else: pages with a data breakpoint take the slow path, code
 * with a breakpoint begins a block.
 */
final class GuestBreakpoints {
    private static final int ADDRESSES = 4;

    private final CpuState cpu;
    private final LinearMemory mem;
    private final Breakpoints breakpoints;
    private final Runnable afterHit;
    private final Runnable codeChanged;
    /** DR0 to DR3 and DR7 as they are in force; a DR7 of 0 enables none. */
    private final int[] addresses = new int[ADDRESSES];
    private int control;

    /**
     * @param afterHit called in the middle of an instruction that is to end with #DB
     * @param codeChanged called when code has to be decoded anew
     */
    GuestBreakpoints(CpuState cpu, LinearMemory mem, Breakpoints breakpoints, Runnable afterHit, Runnable codeChanged) {
        this.cpu = cpu;
        this.mem = mem;
        this.breakpoints = breakpoints;
        this.afterHit = afterHit;
        this.codeChanged = codeChanged;
    }

    /** Looks at the debug registers: to be called when they may have changed. */
    void apply() {
        boolean any = DebugRegisters.any(cpu);
        int wanted = any ? cpu.dr[DebugRegisters.DR7] : 0;
        if (wanted == control && (!any || Arrays.equals(addresses, 0, ADDRESSES, cpu.dr, 0, ADDRESSES))) {
            return;
        }
        control = wanted;
        System.arraycopy(cpu.dr, 0, addresses, 0, ADDRESSES);
        BitSet pages = new BitSet();
        numbers().filter(n -> DebugRegisters.isData(cpu, n)).forEach(n -> pages.set(cpu.dr[n] >>> PhysicalMemory.PAGE_SHIFT));
        mem.breakpoints(pages, this::accessed);
        if (breakpoints.guest(numbers().filter(n -> DebugRegisters.isCode(cpu, n)).map(n -> cpu.dr[n]).distinct().toArray())) {
            codeChanged.run();
        }
    }

    private static IntStream numbers() {
        return IntStream.range(0, ADDRESSES);
    }

    private void accessed(int linear, int bits, int value, boolean write) {
        int met = DebugRegisters.accesses(cpu, linear, bits >> 3, write);
        if (met != 0) {
            cpu.debugTrap |= met;
            afterHit.run();
        }
    }
}
