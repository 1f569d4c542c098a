package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.CpuState
import lguest.cpu.Simd
import lguest.cpu.Vector
import lguest.isa.OperandForm.Place
import lguest.isa.Row
import lguest.isa.Size

/** Something that a processor does otherwise than ours, which follows Intel's. */
@CompileStatic
class IntegerDifference {
    private static final int OPERAND_SIZE = 0x66
    private static final int ADDRESS_SIZE = 0x67
    private static final int LOCK = 0xF0
    private static final int REPNE = 0xF2
    private static final int REPE = 0xF3
    private static final List<Integer> PREFIXES = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, OPERAND_SIZE, ADDRESS_SIZE, LOCK, REPNE, REPE]
    private static final List<Integer> STACK_FAULTS = [Vector.PF, Vector.SS]
    private static final List<Integer> MEMORY_FAULTS = STACK_FAULTS + [Vector.GP]
    /** Of eight bytes. */
    private static final long SIGNS = 0x8080808080808080L

    /** Pattern of the semantics it is about. */
    final String semantics
    final String why
    private final Closure<Boolean> explains

    private IntegerDifference(String semantics, String why, Closure<Boolean> explains) {
        this.semantics = semantics
        this.why = why
        this.explains = explains
    }

    /** On AMD's, and on Emerald Rapids (family 6, model 207), though not on each of those. */
    private static final IntegerDifference FIRST_BYTE_LAST = new IntegerDifference('x87\\.fx.*',
        'the last of the 512 bytes is looked at first, and 16-bit addresses go from the last to the first of 64 KiB',
        { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap == Vector.PF && real.trap == Vector.PF &&
            sameBut(ours, real) { IntegerAnswer it -> it.cr2 = real.cr2 } || ours.trap in MEMORY_FAULTS && prefixed(one, ADDRESS_SIZE) })

    /** What the SDM leaves to the processor. */
    static final List<IntegerDifference> OF_ANY = [
        new IntegerDifference('(packed|sse)\\..*|x87\\.fx.*',
            'an address that is not aligned and beyond the limit may be either fault: SDM vol. 3A "Priority Among Concurrent Events" has both in one class',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real ->
                ours.trap == Vector.SS && real.trap == Vector.GP && aligned(one.rows[-1]) }),
        new IntegerDifference('packed\\.maskmovq', 'where nothing is to be written a bad address may fault or not: SDM vol. 2A "MASKMOVQ"',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> real.trap in MEMORY_FAULTS && ours.trap == Vector.BP && nothingMasked(one) }),
        new IntegerDifference('packed\\.maskmovq|sse\\.cvt.*',
            'the x87 unit may be the MMX unit before a fault or not: the SDM has the transition, but not when',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap != Vector.BP && sameButX87(ours, real) }),
        new IntegerDifference('sse\\.cvtpi2ps',
            'of memory, where no MMX register takes part: the x87 unit may become the MMX unit or not, and report what it has pending',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> one.shapes[-1] == 'memory' &&
                (ours.trap == Vector.MF || sameButX87(ours, real)) }),
        new IntegerDifference('sse\\.r(cp|sqrt)[ps]s',
            'approximations: the relative error is at most 1.5 * 2^-12, SDM vol. 2B "RCPPS", "RSQRTPS"',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.vectors.approximates(real.vectors) &&
                sameBut(ours, real) { IntegerAnswer it -> it.vectors = real.vectors } }),
    ]

    /** Seen on Emerald Rapids (family 6, model 207), though not on each of those. */
    static final List<IntegerDifference> OF_INTEL = [
        new IntegerDifference('packed\\.maskmov.*', 'any byte of the page that faults may be the first',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> real.cr2 >>> 12 == ours.cr2 >>> 12 &&
                sameBut(ours, real) { IntegerAnswer it -> it.cr2 = real.cr2 } }),
        new IntegerDifference('packed\\..*', 'the x87 unit is the MMX unit before a fault already',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap != Vector.BP && sameButX87(ours, real) }),
        FIRST_BYTE_LAST,
    ]

    /** Seen on Zen 4 (family 25, model 17) under KVM. */
    static final List<IntegerDifference> OF_AMD = [
        new IntegerDifference('control\\.loopn?e', 'F2 and F3 say whether it is LOOPNE or LOOPE, not the opcode',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real ->
                prefixed(one, one.rows[-1].semantics() == 'control.loope' ? REPNE : REPE) }),
        new IntegerDifference('far\\.i?ret(Immediate)?', 'all of the frame is read before the selector is judged',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap == Vector.GP && real.trap in STACK_FAULTS }),
        new IntegerDifference('segments\\.pop', 'the whole slot is read, not only the selector',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> real.trap in STACK_FAULTS }),
        new IntegerDifference('segments\\.push', 'the whole slot is written, zeroes above the selector',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real ->
                real.trap in STACK_FAULTS && real.eip == one.eip || zeroesAboveSelector(one, ours, real) }),
        new IntegerDifference('segments\\.verw', 'LOCK is ignored since VERW clears buffers, too',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap == Vector.UD && prefixed(one, LOCK) }),
        new IntegerDifference('shift\\.sh[lr]d', 'words shifted by more than 16: the SDM leaves the result undefined',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> prefixed(one, OPERAND_SIZE) && (UndefinedFlags.count(one) & 0x1F) > 16 }),
        new IntegerDifference('strings\\.(scas|cmps)', 'a fault after some repetitions leaves the flags as they were before the first',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real ->
                real.trap in MEMORY_FAULTS && sameBut(ours, real) { IntegerAnswer it -> it.eflags = real.eflags } }),
        new IntegerDifference('strings\\.cmps', 'of two operands that fault the one at ESI is first',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap in MEMORY_FAULTS && real.trap in MEMORY_FAULTS &&
                sameBut(ours, real) { IntegerAnswer it ->
                    it.trap = real.trap
                    it.error = real.error
                    it.cr2 = real.cr2
                    it.eflags = real.eflags
                } }),
        new IntegerDifference('sys\\.bound', 'both bounds are read before the first is compared',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap == Vector.BR && real.trap in MEMORY_FAULTS }),
        new IntegerDifference('sys\\.int1', 'KVM reports the instruction itself, not the next one',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> real.eip == one.eip &&
                sameBut(ours, real) { IntegerAnswer it -> it.eip = real.eip } }),
        new IntegerDifference('sys\\.(read|write)Control', 'LOCK and CR0 are CR8, which is privileged',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real ->
                ours.trap == Vector.UD && real.trap == Vector.GP && prefixed(one, LOCK) }),
        new IntegerDifference('x87\\.fxsave', 'MXCSR_MASK has bit 17: operands of SSE need not be aligned',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> sameBut(ours, real) { IntegerAnswer it -> it.changes = withBit17(it.changes, real.changes) } }),
        FIRST_BYTE_LAST,
        new IntegerDifference('ud', 'UD0 and UD1 are two bytes: what follows can be neither missing nor too long',
            { IntegerCase one, IntegerAnswer ours, IntegerAnswer real -> ours.trap in MEMORY_FAULTS && real.trap == Vector.UD }),
    ]

    static boolean firstByteLast(Row row) {
        row.semantics() ==~ FIRST_BYTE_LAST.semantics
    }

    static boolean ofAmd(Row row) {
        OF_AMD.any { row.semantics() ==~ it.semantics }
    }

    /** Whether this is why two answers are not the same. */
    boolean explains(IntegerCase one, IntegerAnswer ours, IntegerAnswer real) {
        one.rows[-1].semantics() ==~ semantics && explains.call(one, ours, real)
    }

    private static boolean sameBut(IntegerAnswer ours, IntegerAnswer real, Closure change) {
        IntegerAnswer changed = ours.copy()
        change.call(changed)
        changed.matches(real, 0)
    }

    private static boolean sameButX87(IntegerAnswer ours, IntegerAnswer real) {
        sameBut(ours, real) { IntegerAnswer it -> it.vectors = it.vectors.copy().x87(real.vectors) }
    }

    /** Whether memory must lie at a multiple of 16. */
    private static boolean aligned(Row row) {
        row.semantics().startsWith('x87.fx') || !row.unaligned() && row.operands().any { it.place() in [Place.M, Place.W] && it.size() == Size.DQ }
    }

    /** Whether MASKMOVQ or MASKMOVDQU writes no byte. */
    private static boolean nothingMasked(IntegerCase one) {
        int number = one.code[-1] & 7
        long mask = one.rows[-1].form().startsWith('MASKMOVQ ') ? one.vectors.mmx(number)
            : one.vectors.quadword(2 * number) | one.vectors.quadword(2 * number + 1)
        (mask & SIGNS) == 0
    }

    /** The same changes, but for MXCSR_MASK, which is 0x20000 more there. */
    private static int[] withBit17(int[] ours, int[] real) {
        int at = ours.length == real.length ? Arrays.mismatch(ours, real) : -1
        int[] changed = ours.clone()
        if (at >= 0 && changed[at] == Simd.MXCSR_BITS) {
            changed[at] |= 0x20000
        }
        changed
    }

    private static boolean zeroesAboveSelector(IntegerCase one, IntegerAnswer ours, IntegerAnswer real) {
        int above = (ours.regs[CpuState.ESP] & 0xFFFF) + 2
        byte[] expected = ours.data(one)
        Arrays.fill(expected, above, above + 2, 0 as byte)
        sameBut(ours, real) { IntegerAnswer it -> it.changes = real.changes } && Arrays.equals(expected, real.data(one))
    }

    private static boolean prefixed(IntegerCase one, int prefix) {
        for (int at = one.starts[-2]; (one.code[at] & 0xFF) in PREFIXES; at++) {
            if ((one.code[at] & 0xFF) == prefix) {
                return true
            }
        }
        false
    }
}
