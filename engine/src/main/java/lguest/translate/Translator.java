package lguest.translate;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;
import net.bytebuddy.jar.asm.Type;

/** Makes regions of sources, wherever the {@link Executor} does work, and keeps them until they are asked for. */
public final class Translator {
    /** HotSpot compiles no method of 8,000 bytes or more. */
    private static final int MAX_CODE_BYTES = 7900;
    private static final String NAME = Type.getInternalName(Region.class);

    private final CpuState cpu;
    private final LinearMemory mem;
    private final Executor executor;
    private final Tuning tuning;
    private final BiConsumer<Source, Throwable> onFailure;
    private final Queue<Translation> done = new ConcurrentLinkedQueue<>();

    /**
     * @param executor runs translations, one after the other, here and now or later on another thread
     * @param onFailure hears of a source that should have been translated but was not: a mistake in this package
     */
    public Translator(CpuState cpu, LinearMemory mem, Executor executor, Tuning tuning, BiConsumer<Source, Throwable> onFailure) {
        this.cpu = cpu;
        this.mem = mem;
        this.executor = executor;
        this.tuning = tuning;
        this.onFailure = onFailure;
    }

    public Tuning tuning() {
        return tuning;
    }

    /**
     * Asks for a translation, to be had from {@link #next} some time.
     *
     * @return false if there is too much to do already
     */
    public boolean request(Source source) {
        try {
            executor.execute(() -> work(source));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private void work(Source source) {
        try {
            done.add(translate(source));
        } catch (RuntimeException | LinkageError failed) {
            done.add(Translation.none(source));
            onFailure.accept(source, failed);
        }
    }

    /** A translation that is finished, once; null if there is none. */
    public Translation next() {
        return done.poll();
    }

    /** Translates. Any thread. */
    Translation translate(Source source) {
        String name = NAME + '_' + Integer.toHexString(source.physicalPage() + source.entry());
        for (int limit = source.limit(); limit > 0; limit /= 2) {
            List<Part> parts = Flow.of(source, limit);
            if (parts.isEmpty()) {
                break;
            }
            RegionWriter.Written written = RegionWriter.write(source, parts, name);
            if (written.codeBytes() <= MAX_CODE_BYTES) {
                Region region = define(written, source.userMode());
                Translation translation = new Translation(source, region, Translation.code(parts), written.longest(), written.codeBytes());
                region.made(translation, written.longest());
                return translation;
            }
        }
        return Translation.none(source);
    }

    private Region define(RegionWriter.Written written, boolean userMode) {
        Object[] known = new Object[6 + written.links()];
        known[0] = cpu;
        known[1] = mem;
        known[2] = mem.ram();
        known[3] = mem.readTable(userMode);
        known[4] = mem.writeTable(userMode);
        known[5] = cpu.regs;
        for (int i = 6; i < known.length; i++) {
            known[i] = new Link();
        }
        try {
            return (Region) MethodHandles.lookup().defineHiddenClassWithClassData(written.classFile(), known, true).lookupClass()
                .getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException refused) {
            throw new IllegalStateException("translated code was refused: " + refused, refused);
        }
    }
}
