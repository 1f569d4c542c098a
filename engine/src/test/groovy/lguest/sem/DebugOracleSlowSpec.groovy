package lguest.sem

import java.nio.file.Path
import lguest.cpu.CpuModel
import lguest.interp.Engine
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/**
 * Code with breakpoints set runs here, under a kernel of two instructions, and on the processor of this machine, under a debugger.
 * They must agree on every stop: where, why (DR6), with which registers, flags (RF and TF among them) and memory.
 *
 * <pre>
 * -Dlguest.oracle.count=600000     a tenth of so many random cases
 * -Dlguest.oracle.seed=1           other cases
 * </pre>
 */
@Title('Debug registers against those of a real processor')
@Requires(value = { DebugOracle.here() != null }, reason = 'needs an x86 processor, a 64-bit Linux whose ptrace has debug registers, and gcc -m32')
class DebugOracleSlowSpec extends Specification {
    private static final int COUNT = OracleSpecification.COUNT.intdiv(10)
    private static final CpuModel MODEL = CpuModel.PENTIUM4
    private static final int BATCH = 5_000

    @TempDir
    Path folder
    Maker maker = Maker.here()
    DebugBench bench
    int stops

    @Shared
    IntegerBench scout = new IntegerBench(MODEL)

    def cleanup() {
        bench.close()
    }

    def "random code with random breakpoints: #engine, #count cases"() {
        given:
        bench = new DebugBench(engine, MODEL, folder, maker)
        def random = new DebugRandom(OracleSpecification.SEED, MODEL, DebugRows.all(maker))
        String different = ''

        when:
        for (int done = 0; done < count && different == ''; done += BATCH) {
            different = firstDifference((0..<Math.min(BATCH, count - done)).findResults { random.next() })
        }
        println "DebugOracleSlowSpec: $engine, $maker, seed $OracleSpecification.SEED, $count cases, $stops stops compared, " +
            "${bench.guest.statistics().translated()} instructions executed by translated code"

        then:
        different == ''
        stops > count

        where:
        engine << OracleSpecification.ENGINES
        count = OracleSpecification.share(engine, COUNT)
    }

    def "#what, with every breakpoint it can meet: #engine"() {
        given:
        bench = new DebugBench(engine, MODEL, folder, maker)

        expect:
        firstDifference(DebugSnippets.cases(DebugSnippets.ALL[what], scout, Math.max(1, COUNT.intdiv(50)))) == ''

        where:
        [what, engine] << [DebugSnippets.ALL.keySet(), OracleSpecification.ENGINES].combinations()
    }

    /** Empty if there is none. */
    private String firstDifference(List<DebugCase> cases) {
        List<List<DebugStop>> ours = cases.collect { bench.run(it) }
        List<List<DebugStop>> real = DebugOracle.here().ask(cases)
        stops += real.sum { it.size() } as int
        int at = cases.indices.findIndexOf { ours[it] == null || !DebugRows.agree(cases[it], ours[it], real[it], maker) }
        at < 0 ? '' : "$maker\n${cases[at]}  ours\n${lines(ours[at])}\n  real\n${lines(real[at])}\n"
    }

    private static String lines(List<DebugStop> stops) {
        stops == null ? '    it does not end' : stops.collect { "    $it" }.join('\n')
    }
}
