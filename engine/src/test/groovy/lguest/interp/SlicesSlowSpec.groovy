package lguest.interp

import lguest.isa.Row
import lguest.sem.IntegerAnswer
import lguest.sem.IntegerBench
import lguest.sem.IntegerCase
import lguest.sem.IntegerRandom
import lguest.sem.IntegerRows
import lguest.sem.Maker
import lguest.sem.SelfModifyingRandom
import spock.lang.Specification
import spock.lang.Title

@Title('However a run is cut into slices, the outcome is the same')
class SlicesSlowSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.oracle.seed', 20071009L)
    private static final int CASES = 1500

    IntegerBench bench = new IntegerBench()
    IntegerRandom random = new IntegerRandom(SEED)

    def "#what, all at once, one by one, and in random slices"() {
        given:
        List<Row> rows = IntegerRows.sequence(Maker.KNOWN_INTEL)
        def loops = new SelfModifyingRandom(random.random)
        int compared = 0

        expect:
        CASES.times {
            IntegerCase one = what == 'loops that rewrite themselves' ? loops.next() : random.sequenceOf(rows, 10, bench)
            if (one.code.length > IntegerCase.MAX_LENGTH || bench.run(one) == null) {
                return
            }
            String whole = outcome(one, 1000)
            assert outcome(one, 1) == whole, "seed $SEED, one by one:\n$one"
            assert outcome(one, 0) == whole, "seed $SEED, in random slices:\n$one"
            compared++
        }
        compared > CASES / 2

        where:
        what << ['sequences', 'loops that rewrite themselves']
    }

    /** State and number of instructions at the end. @param slice in instructions, 0 for random ones */
    private String outcome(IntegerCase one, int slice) {
        long before = bench.cpu.instructions
        IntegerAnswer answer = bench.run(one) { slice == 0 ? random.random.nextInt(6) : slice }
        "$answer after ${bench.cpu.instructions - before} instructions"
    }
}
