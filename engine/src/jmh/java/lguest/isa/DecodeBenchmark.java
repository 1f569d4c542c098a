package lguest.isa;

import java.util.concurrent.TimeUnit;
import lguest.Sample;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Decoding an instruction. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {
    private final byte[] code = Sample.code();
    private int at;

    @Benchmark
    @OperationsPerInvocation(Sample.INSTRUCTIONS)
    public void instruction(Blackhole sink) {
        for (at = 0; at < code.length;) {
            sink.consume(Decoder.decode(() -> code[at++] & 0xFF, true));
        }
    }
}
