package lguest.sem

import groovy.transform.CompileStatic
import lguest.isa.Row

/** Which rows random code with breakpoints is made of: those whose results are the same on any processor, and few are not. */
@CompileStatic
class DebugRows {
    private static final int SIGBUS = 7
    private static final int SIGSEGV = 11

    /** What is written or read where nothing is masked is open, SDM vol. 2A "MASKMOVQ", and so are the last bits of approximations. */
    private static final String OPEN = 'packed\\.maskmov.*|sse\\.r(cp|sqrt)[ps]s'

    /** Whether a debugger has seen the same. Where the SDM leaves open which fault of an instruction is raised, it may be the other one. */
    static boolean agree(DebugCase one, List<DebugStop> ours, List<DebugStop> real, Maker maker) {
        DebugStop last = ours.last()
        boolean eitherFault = last.signal == SIGBUS && real.last().signal == SIGSEGV && one.rowAt(last.eip)?.with { IntegerRows.simd(it) }
        List<DebugStop> settled = eitherFault ? ours.init() + last.signalled(SIGSEGV) : ours
        settled == real || maker.amd() && DebugDifference.explains(one, settled, real, false)
            || maker.intel() && DebugDifference.explains(one, settled, real, true)
    }

    static List<Row> all(Maker maker) {
        (IntegerRows.sequence(maker) + IntegerRows.SIMD).findAll { Row row ->
            !(maker.amd() && IntegerDifference.ofAmd(row)) && !(row.semantics() ==~ OPEN)
        }
    }
}
