package lguest.interp

import lguest.cpu.CpuModel
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

@Title('Translated or not, the outcome is the same')
class EnginesSlowSpec extends Specification {
    private static final long SEED = Long.getLong('lguest.engines.seed', System.nanoTime())
    private static final int CASES = Integer.getInteger('lguest.engines.cases', 300)

    IntegerBench interpreted = new IntegerBench(CpuModel.PENTIUM4)
    IntegerRandom random = new IntegerRandom(SEED)

    def "#what: #engine, in #slices"() {
        given:
        def bench = new IntegerBench(CpuModel.PENTIUM4, engine)
        List<Row> rows = IntegerRows.sequence(Maker.KNOWN_INTEL)
        def loops = new SelfModifyingRandom(random.random)
        int compared = 0

        expect:
        CASES.times {
            IntegerCase one = what == 'loops that rewrite themselves' ? loops.next() : random.sequenceOf(rows, 10, interpreted)
            if (one.code.length > IntegerCase.MAX_LENGTH || interpreted.run(one) == null) {
                return
            }
            assert outcome(bench, one, slice.curry(random.random)) == outcome(interpreted, one, { 1000 }), "seed $SEED:\n$one"
            compared++
        }
        compared > CASES / 2

        where:
        [what, engine, [slices, slice]] << [
            ['sequences', 'loops that rewrite themselves'],
            [Engine.TRANSLATOR, Engine.TRANSLATOR_AHEAD, Engine.BOTH],
            [['one go', { Random any -> 1000 }], ['random slices', { Random any -> any.nextInt(30) }]]
        ].combinations()
    }

    /** State and number of instructions at the end. */
    private static String outcome(IntegerBench bench, IntegerCase one, Closure<Integer> slice) {
        long before = bench.cpu.instructions
        IntegerAnswer answer = bench.run(one, slice)
        "$answer after ${bench.cpu.instructions - before} instructions"
    }
}
