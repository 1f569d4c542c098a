package lguest.translate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import lguest.Flat;
import lguest.Sample;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Making a region of {@link Sample}: finding its instructions, writing and defining its class, and running it in. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TranslationBenchmark {
    private final Flat flat = new Flat();
    private final Translator translator = new Translator(flat.cpu, flat.mem, Runnable::run, Tuning.DEFAULT, (source, failed) -> {
        throw new IllegalStateException(failed);
    });
    private final Source source = source();

    private Source source() {
        BitSet everything = new BitSet();
        everything.set(0, Sample.code().length);
        return new Source(Arrays.copyOf(Sample.code(), 4096), Flat.CODE, -1, 0, false, flat.cpu.model, everything,
            new BitSet(), new BitSet(), new Misses(), 100, false, true, 0);
    }

    @Benchmark
    public Translation region() {
        return translator.translate(source);
    }
}
