package lguest.sem

import lguest.cpu.CpuModel
import lguest.cpu.Vector
import lguest.interp.Engine
import lguest.isa.Row
import spock.lang.Specification

/** What specs that run code here and on the processor of this machine have in common. */
abstract class OracleSpecification extends Specification {
    protected static final int COUNT = Integer.getInteger('lguest.oracle.count', 20_000)
    protected static final long SEED = Long.getLong('lguest.oracle.seed', 20071009L)
    protected static final List<Engine> ENGINES = [Engine.INTERPRETER, Engine.TRANSLATOR, Engine.BOTH]
    /** What translating every case costs is spent on fewer of them. */
    private static final int TRANSLATED_SHARE = 3
    private static final int BATCH = 20_000

    IntegerOracle oracle = IntegerOracle.here()
    @Lazy
    IntegerBench interpreted = new IntegerBench(model())
    IntegerBench bench
    IntegerRandom random = new IntegerRandom(SEED)
    Maker maker = Maker.here()
    Coverage compared = new Coverage()

    protected abstract CpuModel model()

    /** Null if there is none. Cases that the real processor must not run are passed over. */
    protected IntegerCase firstDifference(Engine engine, int count, Closure<IntegerCase> next) {
        bench = engine == Engine.INTERPRETER ? interpreted : new IntegerBench(model(), engine)
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
                compared.add(cases[i], ours[i])
            }
        }
        null
    }

    protected static int share(Engine engine, int count) {
        engine == Engine.INTERPRETER ? count : count.intdiv(TRANSLATED_SHARE)
    }

    protected String explain(IntegerCase different) {
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

    protected String summary(int count) {
        long translated = bench.interpreter.statistics().translated()
        "${getClass().simpleName}: $bench.engine, $maker, seed $SEED, $count cases, ${compared.total()} instructions compared, " +
            "$translated executed by translated code"
    }
}
