package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.isa.Row

/** Flags that the SDM leaves undefined: what they become is compared, too, unless a processor is known or likely to differ. */
@CompileStatic
class UndefinedFlags {
    /** By pattern of the semantics, what Zen 4 does otherwise; of all others it does what Intel's do. OF of shifts is in {@link #of}. */
    private static final Map<String, Integer> ON_AMD = [
        'bcd\\.aa[as]'              : Eflags.OF | Eflags.SF | Eflags.ZF | Eflags.PF,
        'bcd\\.da[as]'              : Eflags.OF,
        'muldiv\\..*'               : Eflags.SF | Eflags.ZF | Eflags.AF | Eflags.PF,
        'shift\\.(sar|sh[lr]|sh[lr]d)': Eflags.AF,
    ]
    /** What Zen 3 does otherwise, too: it keeps them, where the others clear all but PF. */
    private static final Map<String, Integer> ON_ZEN3 = ON_AMD + [
        'bits\\.bs[fr]'             : Eflags.OF | Eflags.SF | Eflags.AF | Eflags.PF | Eflags.CF,
    ]

    private UndefinedFlags() {
    }

    /** That may differ after the last instruction of a case. */
    static int of(IntegerCase one, Maker maker) {
        Row row = one.rows[-1]
        if (!row.semantics().startsWith('shift.')) {
            return of(row, maker)
        }
        switch (count(one) & 0x1F) {
            case 0: return 0
            case 1: return of(row, maker) & ~Eflags.OF
            default: return of(row, maker)
        }
    }

    /** That may differ after some case of a row. */
    static int of(Row row, Maker maker) {
        int shifted = row.semantics().startsWith('shift.') ? Eflags.OF : 0
        switch (maker) {
            case Maker.KNOWN_INTEL:
                return 0
            case Maker.AMD:
                return shifted | masked(ON_AMD, row)
            case Maker.ZEN3:
                return shifted | masked(ON_ZEN3, row)
            default:
                return shifted | marked(row) | (shifted != 0 ? Eflags.CF : 0)
        }
    }

    private static int masked(Map<String, Integer> differing, Row row) {
        differing.find { String pattern, int mask -> row.semantics() ==~ pattern }?.value ?: 0
    }

    /** By which a shift shifts: the last byte of the instruction, CL, or 1. */
    static int count(IntegerCase one) {
        Row row = one.rows[-1]
        row.form().endsWith('Ib') ? one.code[-1] & 0xFF : row.form().endsWith('CL') ? one.regs[CpuState.ECX] & 0xFF : 1
    }

    /** What the table's fourth column has as undefined: {@code ->OC(SZAP?)}. */
    private static int marked(Row row) {
        int from = row.flags().indexOf('(')
        from < 0 ? 0 : mask(row.flags().substring(from + 1, row.flags().indexOf('?')))
    }

    private static int mask(String letters) {
        int mask = 0
        letters.each {
            switch (it) {
                case 'O': mask |= Eflags.OF; break
                case 'S': mask |= Eflags.SF; break
                case 'Z': mask |= Eflags.ZF; break
                case 'A': mask |= Eflags.AF; break
                case 'P': mask |= Eflags.PF; break
                case 'C': mask |= Eflags.CF; break
                default: throw new IllegalArgumentException("no flag is called $it")
            }
        }
        mask
    }
}
