package lguest.sem

import lguest.cpu.CpuModel
import lguest.isa.Row
import spock.lang.Requires
import spock.lang.Title

/**
 * MMX, SSE and SSE2 as {@link IntegerOracleSlowSpec} has it for the others, with the same settings: every row in all its forms, with
 * every rounding mode, flush to zero, denormals as zeros, and exceptions masked or not.
 */
@Title('MMX, SSE and SSE2 against a real processor')
@Requires(value = { IntegerOracle.here() != null }, reason = 'needs an x86 processor, a 64-bit Linux and gcc -m32')
class SimdOracleSlowSpec extends OracleSpecification {
    protected CpuModel model() {
        CpuModel.PENTIUM4
    }

    def "every row: #engine, #count cases"() {
        given:
        List<Row> rows = IntegerRows.SIMD

        when:
        IntegerCase different = firstDifference(engine, count) { int i -> random.single(rows[i % rows.size()]) }
        println "${summary(count)}, ${rows.size()} rows, at least ${compared.least()} of each"
        compared.write("simd-$engine")

        then:
        explain(different) == ''
        compared.has(rows)

        where:
        engine << ENGINES
        count = share(engine, COUNT)
    }
}
