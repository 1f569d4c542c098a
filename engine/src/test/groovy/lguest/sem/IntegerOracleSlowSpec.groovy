package lguest.sem

import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Vector
import lguest.isa.Row
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.Title

/**
 * Random code of every row that a program may execute runs here and on the processor of this machine, which must agree on
 * registers, flags, memory, and on the fault where there is one.
 *
 * <pre>
 * -Dlguest.oracle.count=2000000     so many cases instead of 20,000
 * -Dlguest.oracle.seed=1            other cases
 * -Dlguest.oracle.undefined=false   ignore what the SDM leaves undefined, as on Intel processors other than those it was seen on
 * </pre>
 */
@Title('Integer instructions against a real processor')
@Requires(value = { IntegerOracle.here() != null }, reason = 'needs an x86 processor, a 64-bit Linux and gcc -m32')
class IntegerOracleSlowSpec extends Specification {
    private static final int COUNT = Integer.getInteger('lguest.oracle.count', 20_000)
    private static final long SEED = Long.getLong('lguest.oracle.seed', 20071009L)
    private static final int BATCH = 20_000

    IntegerOracle oracle = IntegerOracle.here()
    IntegerBench bench = new IntegerBench()
    IntegerRandom random = new IntegerRandom(SEED)
    Maker maker = Maker.here()

    def "every row, by itself: #count cases"() {
        given:
        List<Row> rows = IntegerRows.single(maker)
        Map<Row, Integer> compared = [:].withDefault { 0 }

        when:
        IntegerCase different = firstDifference(count, { int i -> random.single(rows[i % rows.size()]) }, compared)
        println "${summary(count, compared)}, ${rows.size()} rows, at least ${compared.values().min()} of each"

        then:
        explain(different) == ''
        compared.keySet().containsAll(rows)

        where:
        count = COUNT - COUNT.intdiv(4)
    }

    def "sequences: #count cases"() {
        given:
        List<Row> rows = IntegerRows.sequence(maker)
        Map<Row, Integer> compared = [:].withDefault { 0 }
        def some = { int i ->
            List<Row> picked = (0..<3 + random.random.nextInt(6)).collect { rows[random.random.nextInt(rows.size())] }
            random.sequence(picked, bench)
        }

        when:
        IntegerCase different = firstDifference(count, some, compared)
        println "${summary(count, compared)} of three to eight instructions"

        then:
        explain(different) == ''

        where:
        count = COUNT.intdiv(4)
    }

    def "loops that rewrite themselves: #count cases"() {
        given:
        def loops = new SelfModifyingRandom(random.random)
        Map<Row, Integer> compared = [:].withDefault { 0 }

        when:
        IntegerCase different = firstDifference(count, { int i -> loops.next() }, compared)
        println "${summary(count, compared)} in loops that rewrite themselves"

        then:
        explain(different) == ''

        where:
        count = COUNT.intdiv(10)
    }

    def "#form of every AL with every CF and AF"() {
        given:
        Row row = IntegerRows.single(maker).find { it.form() == form }
        Map<Row, Integer> compared = [:].withDefault { 0 }
        def every = { int i ->
            IntegerCase one = random.single(row)
            one.regs[CpuState.EAX] = one.regs[CpuState.EAX] & ~0xFF | i & 0xFF
            one.eflags = ((i & 0x100) != 0 ? Eflags.CF : 0) | ((i & 0x200) != 0 ? Eflags.AF : 0)
            one
        }

        expect:
        explain(firstDifference(0x400, every, compared)) == ''

        where:
        form << ['DAA', 'DAS', 'AAA', 'AAS']
    }

    /** Null if there is none. Cases that the real processor must not run are passed over. */
    private IntegerCase firstDifference(int count, Closure<IntegerCase> next, Map<Row, Integer> compared) {
        for (int done = 0; done < count; done += BATCH) {
            List<IntegerCase> cases = []
            List<IntegerAnswer> ours = []
            for (int i = done; i < Math.min(count, done + BATCH); i++) {
                IntegerCase one = next(i)
                IntegerAnswer answer = one.rows ? bench.run(one) : null
                if (answer != null) {
                    cases << one
                    ours << answer
                }
            }
            List<IntegerAnswer> real = oracle.ask(cases)
            for (int i = 0; i < cases.size(); i++) {
                if (!IntegerRows.agree(cases[i], ours[i], real[i], maker)) {
                    return cases[i]
                }
                cases[i].rows.each { compared[it]++ }
            }
        }
        null
    }

    private String explain(IntegerCase different) {
        if (different == null) {
            return ''
        }
        IntegerCase small = shrink(different)
        "$maker, seed $SEED\n$small  ours\n${bench.run(small)}\n  real\n${oracle.ask(small)}"
    }

    /** One instruction if that shows it, else the shortest beginning. */
    private IntegerCase shrink(IntegerCase one) {
        int count = (1..one.rows.size()).find { disagrees(one.first(it)) } ?: one.rows.size()
        IntegerAnswer before = count > 1 ? bench.run(one.first(count - 1)) : null
        IntegerCase last = before?.trap == Vector.BP ? one.alone(count - 1, before) : null
        last != null && disagrees(last) ? last : one.first(count)
    }

    private boolean disagrees(IntegerCase one) {
        IntegerAnswer ours = bench.run(one)
        ours != null && !IntegerRows.agree(one, ours, oracle.ask(one), maker)
    }

    private String summary(int count, Map<Row, Integer> compared) {
        "IntegerOracleSlowSpec: $maker, seed $SEED, $count cases, ${compared.values().sum()} instructions compared"
    }
}
