package lguest.interp;

import java.util.concurrent.TimeUnit;
import lguest.Flat;
import lguest.Sample;
import lguest.cpu.CpuState;
import lguest.translate.Translator;
import lguest.translate.Tuning;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Executing an instruction of {@link Sample}, and finding code again that was forgotten. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineBenchmark {
    private static final int INSTRUCTIONS = 10_000;

    private final Flat interpreted = sample();
    private final Flat translated = sample();
    private final Interpreter interpreter = new Interpreter(interpreted.cpu, interpreted.mem);
    private final Interpreter translator = new Interpreter(translated.cpu, translated.mem,
        new Translator(translated.cpu, translated.mem, Runnable::run, new Tuning(100, 100, false), (source, failed) -> {
            throw new IllegalStateException(failed);
        }));

    private static Flat sample() {
        Flat flat = new Flat();
        flat.code(Sample.code());
        flat.cpu.regs[CpuState.EBX] = Flat.DATA;
        flat.mem.write32(Flat.DATA + 4, 12_345);
        return flat;
    }

    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public Interpreter.End interpreted() {
        return interpreter.run(interpreted.cpu.instructions + INSTRUCTIONS, false);
    }

    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public Interpreter.End translated() {
        return translator.run(translated.cpu.instructions + INSTRUCTIONS, false);
    }

    /** The first execution of an instruction: it is decoded, made an operation and put into a block. */
    @Benchmark
    @OperationsPerInvocation(Sample.INSTRUCTIONS)
    public Interpreter.End first() {
        interpreter.forget();
        return interpreter.run(interpreted.cpu.instructions + Sample.INSTRUCTIONS, false);
    }
}
