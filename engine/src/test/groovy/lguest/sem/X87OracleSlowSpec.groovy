package lguest.sem

import java.nio.file.Path
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
 * <p>{@code -Dlguest.x87.cases=50000} asks that many questions per instruction, {@code -Dlguest.x87.seed=N} other ones.
 */
@Title('x87 instructions against the real ones')
@See('Intel SDM vol. 1, "Programming with the x87 FPU"')
@Requires(value = { X87Oracle.possible() }, reason = 'needs gcc and an x86-64 processor')
class X87OracleSlowSpec extends Specification {
    private static final int CASES = Integer.getInteger('lguest.x87.cases', 1500)
    private static final long SEED = Long.getLong('lguest.x87.seed', 20071009L)
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
    X87Bench bench = new X87Bench()
    @Shared
    Coverage compared = new Coverage()
    @Shared
    Maker maker = Maker.here()

    def setupSpec() {
        oracle = X87Oracle.compile(Path.of('src/test/c/x87oracle.c'), directory)
        println "x87: $maker, seed $SEED, $CASES cases per instruction"
    }

    def cleanupSpec() {
        compared.write('x87')
    }

    def "#row does what the processor does"() {
        expect:
        firstDifference(row) { X87Case one, X87Answer ours, X87Answer real ->
            ours.matches(real, one) || row.method in EXACT && underflowsThere(real)
        } == null

        where:
        row << X87Row.all().findAll { !(it.method in TRANSCENDENTAL) }
    }

    def "#row is at most one unit in the last place off"() {
        given:
        int off = 0

        expect:
        firstDifference(row) { X87Case one, X87Answer ours, X87Answer real ->
            long distance = ours.distance(real)
            off += distance == 1 ? 1 : 0
            int status = (ours.status() ^ real.status()) & ~C1
            distance <= 1 && (status == 0 || status == UE && !maker.intel()) || underflowsThere(real)
        } == null

        cleanup:
        println "x87: $row is one unit off in $off of $CASES cases"

        where:
        row << X87Row.all().findAll { it.method in TRANSCENDENTAL }
    }

    private boolean underflowsThere(X87Answer real) {
        !maker.intel() && (real.status() & PENDING_UNDERFLOW) == PENDING_UNDERFLOW
    }

    /** All there is to know about the first case in which the two disagree; null if there is none. */
    private String firstDifference(X87Row row, Closure<Boolean> agree) {
        def random = new X87Random(SEED + row.op.hashCode())
        def cases = (1..CASES).collect { random.next(row) }
        def answers = oracle.ask(cases)
        for (int i = 0; i < CASES; i++) {
            def ours = bench.run(cases[i])
            if (!agree(cases[i], ours, answers[i])) {
                return "seed $SEED, case $i: ${cases[i]}\nprocessor:\n${answers[i]}\nlguest:\n$ours"
            }
            compared.add(row.op, row.form, row.form.endsWith(' M') ? "memory ${cases[i].operandBits}" : row.hasMemory() ? 'memory' : 'register')
        }
        null
    }
}
