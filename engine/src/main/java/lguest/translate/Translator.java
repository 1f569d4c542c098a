package lguest.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;
import net.bytebuddy.jar.asm.Type;

/** Makes regions of sources, wherever the {@link Executor} does work, and keeps them until they are asked for. */
public final class Translator {
    /** HotSpot compiles no method of 8,000 bytes or more. */
    private static final int MAX_CODE_BYTES = 7900;
    private static final String NAME = Type.getInternalName(Region.class);
    /** How often a region is called before it is used, so that the JVM compiles it first, where it cannot be told to. */
    private static final int REHEARSALS = 400;

    /** @param compilation what is still to be waited for; null if there is nothing */
    private record Made(Translation translation, HotSpot.Compilation compilation) {
        boolean finished() {
            return compilation == null || !compilation.isUnderWay();
        }

        Translation result() {
            if (compilation == null) {
                return translation;
            }
            if (!compilation.isThere()) {
                return Translation.none(translation.source());
            }
            compilation.used();
            return translation;
        }
    }

    private final CpuState cpu;
    private final LinearMemory mem;
    private final Executor executor;
    private final Tuning tuning;
    private final BiConsumer<Source, Throwable> onFailure;
    private final Queue<Made> made = new ConcurrentLinkedQueue<>();
    private final Queue<Region> promoted = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private Regions regions = Regions.NONE;

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

    /** Who knows the regions that are in use. */
    public void regions(Regions inUse) {
        regions = inUse;
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

    /** How long translating took, in nanoseconds: on whatever thread, and without what the JVM does about it later. Any thread. */
    public long nanos() {
        return nanos.get();
    }

    private void work(Source source) {
        long begun = System.nanoTime();
        try {
            Translation translation = translate(source);
            made.add(new Made(translation, compiled(translation)));
        } catch (RuntimeException | Error failed) {
            // Whoever asked waits for an answer, also where memory ran out.
            made.add(new Made(Translation.none(source), null));
            onFailure.accept(source, failed);
        } finally {
            nanos.addAndGet(System.nanoTime() - begun);
        }
    }

    /** A translation that is finished, once; null if there is none. For the thread that runs them. */
    public Translation next() {
        Made first = made.peek();
        if (first == null || !first.finished()) {
            return null;
        }
        made.remove();
        return first.result();
    }

    /**
     * A region that has turned out to be worth the second generation, once; null if there is none, or nobody has time to compile it. For
     * the thread that runs them.
     */
    public Region nextPromoted() {
        if (promoted.isEmpty() || HotSpot.COMPILERS != null && HotSpot.COMPILERS.isBusy()) {
            return null;
        }
        return promoted.remove();
    }

    /** Translates. Any thread. */
    Translation translate(Source source) {
        String name = NAME + (source.optimized() ? "2_" : "1_") + Integer.toHexString(source.physicalPage() + source.entry());
        for (Extent extent = Extent.of(source); extent.own() > 0; extent = extent.smaller()) {
            List<Part> parts = Flow.of(source, extent);
            if (parts.isEmpty()) {
                break;
            }
            RegionWriter.Written written = RegionWriter.write(source, parts, name);
            if (written.codeBytes() <= MAX_CODE_BYTES) {
                Region region = define(written, source);
                Translation translation = new Translation(source, region, Translation.code(parts), extent, written.longest(),
                    written.codeBytes());
                region.made(translation, written.longest());
                return translation;
            }
        }
        return Translation.none(source);
    }

    /** Has the JVM compile a region, if there is one. @return what to wait for before it is used; null if there is nothing to wait for */
    private static HotSpot.Compilation compiled(Translation translation) {
        Region region = translation.region();
        if (region == null) {
            return null;
        }
        if (HotSpot.COMPILERS != null) {
            return HotSpot.COMPILERS.compile(region, translation.source().optimized());
        }
        for (int i = 0; i < REHEARSALS; i++) {
            region.run(Region.REHEARSAL);
        }
        return null;
    }

    private Region define(RegionWriter.Written written, Source source) {
        Heat heat = new Heat(tuning.promotion(), regions::worthwhile, promoted::add);
        // In the order of Known. RAM is asked for first, as the tables may be others afterwards.
        List<Object> constants = new ArrayList<>(Arrays.asList(null, cpu.regs, RawMemory.INSTANCE, mem.ram(),
            mem.readTable(source.userMode()), mem.writeTable(source.userMode()), cpu, mem, heat));
        for (int i = 0; i < written.links(); i++) {
            constants.add(new Link(regions, cpu, mem, written.crossings().get(i)));
        }
        Region region = Handover.define(written.classFile(), constants.toArray());
        heat.of(region);
        return region;
    }
}
