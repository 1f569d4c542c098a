package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.Eflags
import lguest.cpu.Vector
import lguest.isa.Row
import lguest.isa.Table

/** Which rows a program of Linux can compare, and how. */
@CompileStatic
class IntegerRows {
    static final Row MOV_IMMEDIATE = Table.rows().find { it.op() == 'B8+' }

    /** Rows that are left out, by their semantics, and why. */
    static final Map<String, String> LEFT_OUT = [
        'sys.cpuid'     : 'the processor says who it is',
        'sys.rdtsc'     : 'time passes',
        'sys.rdpmc'     : 'Linux decides whether programs may',
        'sys.sgdt'      : 'UMIP: Linux answers for the processor',
        'sys.sidt'      : 'UMIP: Linux answers for the processor',
        'sys.smsw'      : 'UMIP: Linux answers for the processor',
        'segments.sldt' : 'UMIP: Linux answers for the processor',
        'segments.str'  : 'UMIP: Linux answers for the processor',
    ]

    /** System calls, which an i686 without SEP and a 64-bit one see differently. */
    private static final List<String> SYSTEM_CALLS = ['SYSENTER', 'SYSEXIT']

    /**
     * What may differ, by semantics, and why. Nothing else does, on a known Intel processor, and only {@link IntegerDifference} on one
     * of AMD's.
     */
    static final Map<String, String> DIFFERENCES = [
        'shift.rol' : 'OF of a rotate of a register by an immediate other than 1 stays there; ours is that of any other rotate',
        'shift.ror' : 'as ROL',
        'stack.popa': 'registers loaded before a fault stay loaded there; ours are as before',
        'far.ret'   : 'which of several stack reads in one page names the address of a page fault',
        'far.iret'  : 'as RETF',
    ]

    /** Results or faults that the SDM leaves open, too, and that processors nobody has looked at may give differently. */
    private static final String OPEN = 'shift\\.sh[lr]d|mov\\.bswap|bits\\.bs[fr]|segments\\.(lar|push|pop|arplMemory)|' +
        'stack\\.(enter|pusha|popa)|far\\..*|ports\\..*|strings\\.cmps'

    private static final List<Row> SINGLE = Table.rows().findAll {
        !it.semantics().startsWith('x87.') && !simd(it) && !LEFT_OUT.containsKey(it.semantics()) && !(it.form() in SYSTEM_CALLS)
    }

    static final List<Row> SIMD = Table.rows().findAll { simd(it) }

    /** MMX, SSE and SSE2 and what came with them: {@link SimdOracleSlowSpec}. */
    static boolean simd(Row row) {
        row.op().indexOf('0F ') == 3
    }

    static List<Row> single(Maker maker) {
        maker in [Maker.OTHER_INTEL, Maker.OTHER] ? SINGLE.findAll { !(it.semantics() ==~ OPEN) } : SINGLE
    }

    /** Rows that leave the next one something to do: no privilege, no segments, no targets that must be right, no differences. */
    static List<Row> sequence(Maker maker) {
        single(maker).findAll {
            !(it.semantics() ==~ /(sys|segments|far|ports)\..*|ud|control\.ret.*|stack\.popa/) && !(it.form() in ['CALL Ev', 'JMP Ev'])
                && !rotates(it) && UndefinedFlags.of(it, maker) == 0
                && (!maker.intel() || !IntegerDifference.firstByteLast(it)) && (!maker.amd() || !IntegerDifference.ofAmd(it))
        }
    }

    private static boolean rotates(Row row) {
        row.semantics() in ['shift.rol', 'shift.ror'] && row.form().endsWith('Ib')
    }

    /**
     * Whether two answers to a case are as equal as they should be.
     *
     * @param maker of the real processor
     */
    static boolean agree(IntegerCase one, IntegerAnswer ours, IntegerAnswer real, Maker maker) {
        Row row = one.rows[-1]
        IntegerAnswer expected = real.copy()
        if (maker.intel() && rotates(row)) {
            expected.eflags = expected.eflags & ~Eflags.OF | ours.eflags & Eflags.OF
        }
        if (row.semantics() == 'stack.popa' && real.trap in [Vector.PF, Vector.SS]) {
            expected.regs = ours.regs
        }
        if (row.semantics().startsWith('far.') && real.trap == Vector.PF && real.cr2 >>> 12 == ours.cr2 >>> 12) {
            expected.cr2 = ours.cr2
        }
        ours.matches(expected, UndefinedFlags.of(one, maker))
            || IntegerDifference.OF_ANY.any { it.explains(one, ours, expected) }
            || maker.amd() && IntegerDifference.OF_AMD.any { it.explains(one, ours, expected) }
            || maker.intel() && IntegerDifference.OF_INTEL.any { it.explains(one, ours, expected) }
    }
}
