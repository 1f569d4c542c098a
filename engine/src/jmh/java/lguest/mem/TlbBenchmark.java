package lguest.mem;

import java.util.concurrent.TimeUnit;
import lguest.Flat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading a doubleword of linear memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TlbBenchmark {
    private final LinearMemory mem = new Flat().mem;
    private int at = Flat.DATA;

    /** 64 KiB, all of which the TLB knows. */
    @Benchmark
    public int hit() {
        at = Flat.DATA | at + 68 & 0xFFFC;
        return mem.read32(at);
    }

    /** Of a page that was forgotten just now: INVLPG, and a walk through the page tables. */
    @Benchmark
    public int miss() {
        at = Flat.DATA | at + 68 & 0xFFFC;
        mem.flush(at);
        return mem.read32(at);
    }

    /** Across the end of a page. */
    @Benchmark
    public int across() {
        return mem.read32(Flat.DATA + 0xFFE);
    }
}
