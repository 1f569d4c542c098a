package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import lguest.cpu.DebugRegisters
import lguest.cpu.Eflags
import lguest.cpu.Vector

/** Where a piece of code was stopped, as its debugger sees it: an answer of dboracle.c. */
@CompileStatic
class DebugStop {
    static final int MOST = 24
    static final int SIGTRAP = 5
    private static final int SI_KERNEL = 0x80
    private static final int SHOWN = Eflags.STATUS | Eflags.TF | Eflags.DF | Eflags.RF
    /** B0 to B3 and BS: Linux shows no others. */
    private static final int DR6_SHOWN = DebugRegisters.DR6_B | DebugRegisters.DR6_BS
    /** Linux' signals. */
    private static final Map<Integer, Integer> SIGNALS = [
        (Vector.DE): 8, (Vector.DB): 5, (Vector.BP): 5, (Vector.OF): 11, (Vector.BR): 11, (Vector.UD): 4, (Vector.NP): 7, (Vector.SS): 7,
        (Vector.GP): 11, (Vector.PF): 11, (Vector.MF): 8, (Vector.AC): 7, (Vector.XM): 8,
    ]

    final int signal
    /** It was #DB, so that the code goes on. */
    final boolean passes
    final int eip
    final int eflags
    final int dr6
    final int[] regs
    /** A sum over all data. */
    final int data

    private DebugStop(int signal, boolean passes, int eip, int eflags, int dr6, int[] regs, int data) {
        this.signal = signal
        this.passes = passes
        this.eip = eip
        this.eflags = eflags & SHOWN
        this.dr6 = passes ? dr6 & DR6_SHOWN : 0
        this.regs = regs
        this.data = data
    }

    static DebugStop of(int vector, int eip, int eflags, int dr6, int[] regs, int data) {
        new DebugStop(SIGNALS[vector], vector == Vector.DB, eip, eflags, dr6, regs, data)
    }

    /** All stops of a case. */
    static List<DebugStop> read(ByteBuffer from) {
        (0..<from.getInt()).collect {
            int signal = from.getInt()
            boolean passes = from.getInt() != SI_KERNEL && signal == SIGTRAP
            new DebugStop(signal, passes, from.getInt(), from.getInt(), from.getInt(), (0..7).collect { from.getInt() } as int[], from.getInt())
        }
    }

    /** The same with another signal. */
    DebugStop signalled(int other) {
        new DebugStop(other, passes, eip, eflags, dr6, regs, data)
    }

    /** The same wherever data have changed. */
    DebugStop withoutData() {
        new DebugStop(signal, passes, eip, eflags, dr6, regs, 0)
    }

    /** The same without some bits of DR6. */
    DebugStop without(int bits) {
        new DebugStop(signal, passes, eip, eflags, dr6 & ~bits, regs, data)
    }

    /** Whether there may have been more of them. */
    static boolean cut(List<DebugStop> stops) {
        stops.size() == MOST && stops.last().passes
    }

    /**
     * The same with a trap and the breakpoint at the instruction that follows as one, as Emerald Rapids tells them; the SDM has two. Of
     * stops that are {@link #cut}, what the last one is one half of is not known: it is left out.
     */
    static List<DebugStop> together(List<DebugStop> stops) {
        List<DebugStop> joined = []
        stops.each { DebugStop stop ->
            DebugStop last = joined ? joined.last() : null
            if (last != null && last.passes && stop.passes && last.eip == stop.eip && (last.eflags & Eflags.RF) == 0 && (stop.eflags & Eflags.RF) != 0) {
                joined[-1] = new DebugStop(stop.signal, true, stop.eip, stop.eflags, last.dr6 | stop.dr6, stop.regs, stop.data)
            } else {
                joined << stop
            }
        }
        cut(stops) ? joined.init() : joined
    }

    boolean equals(Object other) {
        other instanceof DebugStop && toString() == other.toString()
    }

    int hashCode() {
        toString().hashCode()
    }

    String toString() {
        String registers = regs.collect { int it -> String.format('%08X', it) }.join(' ')
        String.format('signal %d %s eip %08X flags %s dr6 %04X data %08X  %s', signal, passes ? '#DB' : 'end', eip, Eflags.describe(eflags), dr6, data, registers)
    }
}
