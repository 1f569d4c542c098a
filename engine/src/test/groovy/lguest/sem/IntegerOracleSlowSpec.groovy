package lguest.sem

import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.isa.Row
import spock.lang.Requires
import spock.lang.Title

/**
 * Random code of every row that a program may execute runs here and on the processor of this machine, which must agree on
 * registers, flags, memory, and on the fault where there is one.
 *
 * <pre>
 * -Dlguest.oracle.count=2000000     so many cases instead of 20,000
 * -Dlguest.oracle.seed=1            other cases
 * -Dlguest.oracle.coverage=true     print what was compared, row by row; without it the table is only in target
 * -Dlguest.oracle.undefined=false   ignore what the SDM leaves undefined, as on Intel processors other than those it was seen on
 * </pre>
 */
@Title('Integer instructions against a real processor')
@Requires(value = { IntegerOracle.here() != null }, reason = 'needs an x86 processor, a 64-bit Linux and gcc -m32')
class IntegerOracleSlowSpec extends OracleSpecification {
    protected CpuModel model() {
        CpuModel.PENTIUM2
    }

    def "every row, by itself: #engine, #count cases"() {
        given:
        List<Row> rows = IntegerRows.single(maker)

        when:
        IntegerCase different = firstDifference(engine, count) { int i -> random.single(rows[i % rows.size()]) }
        println "${summary(count)}, ${rows.size()} rows, at least ${compared.least()} of each"
        compared.write("integer-$engine")

        then:
        explain(different) == ''
        compared.has(rows)

        where:
        engine << ENGINES
        count = share(engine, COUNT - COUNT.intdiv(4))
    }

    def "sequences: #engine, #count cases"() {
        given:
        List<Row> rows = IntegerRows.sequence(maker)

        when:
        IntegerCase different = firstDifference(engine, count) { int i -> random.sequenceOf(rows, 6, interpreted) }
        println "${summary(count)} of three to eight instructions"

        then:
        explain(different) == ''

        where:
        engine << ENGINES
        count = share(engine, COUNT.intdiv(4))
    }

    def "loops that rewrite themselves: #engine, #count cases"() {
        given:
        def loops = new SelfModifyingRandom(random.random)

        when:
        IntegerCase different = firstDifference(engine, count) { int i -> loops.next() }
        println "${summary(count)} in loops that rewrite themselves"

        then:
        explain(different) == ''

        where:
        engine << ENGINES
        count = share(engine, COUNT.intdiv(10))
    }

    def "#engine: #form of every AL with every CF and AF"() {
        given:
        Row row = IntegerRows.single(maker).find { it.form() == form }
        def every = { int i ->
            IntegerCase one = random.single(row)
            one.regs[CpuState.EAX] = one.regs[CpuState.EAX] & ~0xFF | i & 0xFF
            one.eflags = ((i & 0x100) != 0 ? Eflags.CF : 0) | ((i & 0x200) != 0 ? Eflags.AF : 0)
            one
        }

        expect:
        explain(firstDifference(engine, 0x400, every)) == ''

        where:
        [form, engine] << [['DAA', 'DAS', 'AAA', 'AAS'], ENGINES].combinations()
    }
}
