package lguest.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A hypercall that asks for nothing, there and back, with the three instructions of the loop that makes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HypercallBenchmark {
    private static final int CALLS = 1000;
    private static final int INSTRUCTIONS = 3;
    private static final int BASE = 0x100000;
    private static final int PAGE = 4096;
    /** LGUEST_INIT with the data at BASE + 0x800, then FLUSH_ASYNC for ever. */
    private static final String CODE = "B801000000 BA00081000 CD1F  B800000000 CD1F EBF7";

    private Guest guest;

    @Setup
    public void boot() throws IOException {
        ByteBuffer elf = ByteBuffer.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7F, 0x45, 0x4C, 0x46, 1, 1, 1});
        elf.putShort(16, (short) 2).putShort(18, (short) 3).putInt(20, 1).putInt(28, 52);
        elf.putShort(42, (short) 32).putShort(44, (short) 1).position(52);
        for (int word : new int[] {1, PAGE, 0xC0000000 + BASE, BASE, PAGE, PAGE, 7, PAGE}) {
            elf.putInt(word);
        }
        elf.position(PAGE);
        elf.put("GenuineLguest".getBytes(StandardCharsets.US_ASCII)).put(HexFormat.of().parseHex(CODE.replace(" ", "")));
        // No slot of the ring is in use.
        for (int slot = 0; slot < 64; slot++) {
            elf.put(PAGE + 0x814 + slot, (byte) -1);
        }
        Path kernel = Files.write(Files.createTempFile("hypercalls", ".elf"), elf.array());
        kernel.toFile().deleteOnExit();
        guest = Guest.create(new GuestConfig("hypercalls").memoryBytes(4 << 20).kernel(kernel));
        guest.step(INSTRUCTIONS);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Stop call() {
        return guest.step(CALLS * INSTRUCTIONS);
    }
}
