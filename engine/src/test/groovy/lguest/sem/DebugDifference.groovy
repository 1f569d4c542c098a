package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.DebugRegisters
import lguest.isa.Row

/** Breakpoints that a processor meets right after an instruction where ours does not, or the other way round. Ours follows the SDM. */
@CompileStatic
class DebugDifference {
    /** Pattern of the instruction's semantics. */
    final String semantics
    final String why
    /** Whether it is about a breakpoint at the instruction that follows, or about data that the instruction accesses. */
    final boolean code

    private DebugDifference(String semantics, boolean code, String why) {
        this.semantics = semantics
        this.code = code
        this.why = why
    }

    /** Seen on Zen 4 (family 25, model 17), and some on Emerald Rapids (family 6, model 207), though not on each of those. */
    static final List<DebugDifference> OF_SOME = [
        new DebugDifference('segments\\.(mov|movMemory|pop)', true,
            'a breakpoint right after MOV SS or POP SS is met, or a trap: SDM vol. 3B "Instruction-Breakpoint Exception Condition" has them ' +
            'suppressed, and vol. 3A "Masking Exceptions and Interrupts When Switching Stacks" leaves it open for the second of two'),
        new DebugDifference('segments\\.pop', false, 'the whole slot is read, not only the selector'),
        new DebugDifference('far\\.iret', false, 'as POP of a segment register'),
        new DebugDifference('stack\\.popa', false, 'the slot of ESP is read, too'),
        new DebugDifference('x87\\.fx.*', false, 'what lies between the registers is accessed, too'),
        new DebugDifference('packed\\.(ps(ll|rl|ra)[wdq]|p?unpckl.*)', false, 'of a 16-byte operand the 8 bytes that count are read'),
    ]

    private static final String FXSAVE = 'x87.fxsave'

    /**
     * Whether the stops are the same but for what follows from the table; FXSAVE may store another MXCSR_MASK.
     *
     * @param joined whether they are compared as {@link DebugStop#together}
     */
    static boolean explains(DebugCase one, List<DebugStop> ours, List<DebugStop> real, boolean joined) {
        boolean masks = one.code.rows.any { it.semantics() == FXSAVE }
        List<DebugStop> compared = joined ? DebugStop.together(ours) : ours
        List<DebugStop> with = joined ? DebugStop.together(real) : real
        same(one, masks ? compared*.withoutData() : compared, masks ? with*.withoutData() : with, DebugStop.cut(ours), DebugStop.cut(real))
    }

    private static boolean same(DebugCase one, List<DebugStop> ours, List<DebugStop> real, boolean oursCut, boolean realCut) {
        int i = 0
        int j = 0
        while (i < ours.size() || j < real.size()) {
            DebugStop our = i < ours.size() ? ours[i] : null
            DebugStop other = j < real.size() ? real[j] : null
            if (our == other) {
                i++
                j++
            } else if (our != null && other != null && our.passes && other.passes && our.eip == other.eip
                && our.without(bits(one, our)) == other.without(bits(one, other))) {
                i++
                j++
            } else if (other != null && excess(one, other)) {
                j++
            } else if (our != null && excess(one, our)) {
                i++
            } else {
                return our == null && oursCut || other == null && realCut
            }
        }
        true
    }

    /** Whether nothing but the table's breakpoints has made this stop. */
    private static boolean excess(DebugCase one, DebugStop stop) {
        stop.passes && stop.dr6 != 0 && (stop.dr6 & ~bits(one, stop)) == 0
    }

    /** Bits of DR6 that the instruction before a stop may make a difference to. */
    private static int bits(DebugCase one, DebugStop stop) {
        List<DebugDifference> about = OF_SOME.findAll { DebugDifference it -> one.rowsBefore(stop.eip).any { Row row -> row.semantics() ==~ it.semantics } }
        (about.any { it.code } ? one.codeBits() | DebugRegisters.DR6_BS : 0) | (about.any { !it.code } ? DebugRegisters.DR6_B & ~one.codeBits() : 0)
    }
}
