package lguest.sem

import java.nio.file.Path
import lguest.interp.Engine
import spock.lang.Requires
import spock.lang.See
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/**
 * Every x87 instruction against the processor that runs the test, bit by bit: registers, tags, status word, EFLAGS, memory.
 * Transcendentals may be one unit in the last place off, the accuracy the processor itself claims.
 *
 * <p>Other makers' processors than Intel's may differ in one thing: when a result near the smallest normal number underflows.
 *
 * <p>{@code -Dlguest.x87.cases=60000} asks that many questions per instruction that computes, a third for others, {@code -Dlguest.x87.seed=N} other ones.
 */
@Title('x87 instructions against the real ones')
@See('Intel SDM vol. 1, "Programming with the x87 FPU"')
@Requires(value = { X87Oracle.possible() }, reason = 'needs gcc and an x86-64 processor')
class X87OracleSlowSpec extends Specification {
    private static final int CASES = Integer.getInteger('lguest.x87.cases', 1500)
    private static final long SEED = Long.getLong('lguest.x87.seed', 20071009L)
    /** What is compared less often: it has no operands, or is measured elsewhere. */
    private static final int FEW = Math.max(1, CASES.intdiv(3))
    /** Translated code calls the same methods: what may differ is how. */
    private static final int TRANSLATED_SHARE = 4
    private static final Set<String> TRANSCENDENTAL =
        ['f2xm1', 'fyl2x', 'fyl2xp1', 'fpatan', 'fsin', 'fcos', 'fsincos', 'fptan']
    private static final int C1 = 0x200
    private static final int UE = 0x10
    /** UE, and the error summary with its copy, as they are while an underflow is pending. */
    private static final int PENDING_UNDERFLOW = 0x8090
    /** Exact results, on AMD's processors denormal ones underflow where that is not masked; Intel's leave them alone. */
    private static final Set<String> EXACT = ['fprem', 'fprem1', 'fscale']

    @TempDir
    @Shared
    Path directory
    @Shared
    X87Oracle oracle
    @Shared
    Map<Engine, X87Bench> benches = [Engine.INTERPRETER, Engine.TRANSLATOR, Engine.BOTH].collectEntries { [it, new X87Bench(it)] }
    @Shared
    Map<Engine, Coverage> compared = benches.collectEntries { engine, bench -> [engine, new Coverage()] }
    @Shared
    X87Spread spread = new X87Spread()
    @Shared
    Maker maker = Maker.here()

    def setupSpec() {
        oracle = X87Oracle.compile(Path.of('src/test/c/x87oracle.c'), directory)
        println "x87: $maker, seed $SEED, $CASES cases per instruction"
    }

    def cleanupSpec() {
        compared.each { engine, coverage -> coverage.write("x87-$engine") }
        spread.write('x87-operands')
        println "x87: ${benches[Engine.TRANSLATOR].interpreter.statistics().translated()} instructions executed by translated code"
    }

    def "#engine: #row does what the processor does"() {
        expect:
        firstDifference(engine, row) { X87Case one, X87Answer ours, X87Answer real ->
            ours.matches(real, one) || row.method in EXACT && underflowsThere(real)
        } == null

        where:
        [row, engine] << [X87Row.all().findAll { !(it.method in TRANSCENDENTAL) }, benches.keySet()].combinations()
    }

    def "#engine: #row is at most one unit in the last place off"() {
        given:
        int off = 0

        expect:
        firstDifference(engine, row) { X87Case one, X87Answer ours, X87Answer real ->
            long distance = ours.distance(real)
            off += distance == 1 ? 1 : 0
            int status = (ours.status() ^ real.status()) & ~C1
            distance <= 1 && (status == 0 || status == UE && !maker.intel()) || underflowsThere(real)
        } == null

        cleanup:
        println "x87: $engine: $row is one unit off in $off of ${count(engine, row)} cases"

        where:
        [row, engine] << [X87Row.all().findAll { it.method in TRANSCENDENTAL }, benches.keySet()].combinations()
    }

    private boolean underflowsThere(X87Answer real) {
        !maker.intel() && (real.status() & PENDING_UNDERFLOW) == PENDING_UNDERFLOW
    }

    /** All there is to know about the first case in which the two disagree; null if there is none. */
    private String firstDifference(Engine engine, X87Row row, Closure<Boolean> agree) {
        def random = new X87Random(SEED + row.op.hashCode())
        int count = count(engine, row)
        def cases = (1..count).collect { random.next(row) }
        def answers = oracle.ask(cases)
        for (int i = 0; i < count; i++) {
            def one = cases[i]
            def ours = benches[engine].run(one)
            if (!agree(one, ours, answers[i])) {
                return "seed $SEED, case $i: $one\nprocessor:\n${answers[i]}\nlguest:\n$ours"
            }
            compared[engine].add(row.op, row.form, row.form.endsWith(' M') ? "memory ${one.operandBits}" : row.hasMemory() ? 'memory' : 'register')
            if (engine == Engine.INTERPRETER && row.computes()) {
                spread.add(one)
            }
        }
        null
    }

    private static int count(Engine engine, X87Row row) {
        int count = row.computes() ? CASES : FEW
        engine == Engine.INTERPRETER ? count : Math.max(1, count.intdiv(TRANSLATED_SHARE))
    }
}
