package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import lguest.translate.Tuning

/** A guest of the mix, all of it made of a seed, but for what is left out. */
@CompileStatic
class Plan {
    /** When what is asked for is translated. */
    static enum When {
        AT_ONCE,
        /** When something disturbs the guest next: what was asked for may be something else by then. */
        LATER,
        /** On another thread: when it is there, nobody knows. */
        ELSEWHERE
    }

    /** What becomes of the guest between two moments. */
    static enum Renewal {
        /** It goes on. */
        NONE,
        /** A fork of it does. */
        FORK,
        /** What was saved of it does. */
        SNAPSHOT
    }

    private static final int ACTS = 48
    private static final int HALTS = 2
    static final int DMAS = 16

    private static final Tuning EAGER = new Tuning(0, 100, true)
    private static final List<Tuning> TUNINGS = [EAGER] + [new Tuning(3, 100, false, 30), new Tuning(8, 100, false),
        new Tuning(4, 30, true, 200), new Tuning(20, 100, false, 100), new Tuning(50, 100, false)] * 3

    final long seed
    /** Numbers of acts that are done. */
    final List<Integer> kept
    /** Nothing happens from outside but the timer. */
    final boolean undisturbed

    final boolean bare
    final boolean wild
    final boolean quiet
    final Tuning tuning
    final When translates
    final Renewal renewal
    /** Nanoseconds between two interrupts, and instructions between two disturbances. */
    final int timerNanos
    final int disturbance

    List<Act> acts = []
    Farm farm
    /** By number: where each DMA goes, and what it brings there. */
    final List<Map<Integer, byte[]>> dmas = []
    byte[] image

    /** @param translates another than the seed says; null for that */
    Plan(long seed, List<Integer> kept = (0..<ACTS).toList(), boolean undisturbed = false, When translates = null) {
        this.seed = seed
        this.kept = kept
        this.undisturbed = undisturbed
        def random = new Random(seed * 0x9E3779B97F4A7C15L)
        bare = random.nextBoolean()
        wild = random.nextInt(4) == 0
        quiet = random.nextInt(4) == 0
        boolean writeProtect = random.nextInt(4) != 0
        tuning = TUNINGS[random.nextInt(TUNINGS.size())]
        def when = [When.AT_ONCE, When.AT_ONCE, When.LATER, When.LATER, When.ELSEWHERE][random.nextInt(5)]
        this.translates = translates ?: when
        timerNanos = 10_000 + random.nextInt(40_000)
        disturbance = 900 + random.nextInt(6000)
        renewal = [Renewal.NONE, Renewal.NONE, Renewal.FORK, Renewal.SNAPSHOT][new Random(seed).nextInt(4)]
        build(random, new MixKernel(bare, writeProtect))
    }

    private void build(Random random, MixKernel kernel) {
        def out = kernel.out
        kernel.begin()
        int acts = out.at
        farm = new Farm(random, out)
        farm.build()
        out.at = acts
        ACTS.times { int number ->
            def maker = new Acts(new Random(seed * 1009 + number), kernel, farm, wild, quiet, DMAS)
            def act = number < HALTS ? maker.halt() : maker.any()
            this.acts << act
            if (number in kept) {
                emit(out, act)
            }
        }
        out.emit('FF05', ROUNDS).jump('E9', 'acts')
        if (out.at > GDT) {
            throw new IllegalStateException(String.format('seed %d: acts end at %x', seed, out.at))
        }
        patches(random, out)
        deltas(random, out)
        image = out.link()
        transfers(random)
    }

    private static void emit(Assembler out, Act act) {
        String next = out.fresh()
        out.emit('C705', NEXT).address('', next).emit('C705', PATIENCE, 6).emit('BC', KERNEL + STACK)
        act.emit()
        out.label(next)
    }

    /** What the interrupt handler writes in turn: an address, a length, and bytes. */
    private void patches(Random random, Assembler out) {
        PATCH_COUNT.times {
            def site = farm.sites[random.nextInt(farm.sites.size())]
            byte[] value = Farm.patch(random, site)
            out.put(PATCHES + it * PATCH_BYTES, KERNEL + site.physical, value.length)
            out.put(PATCHES + it * PATCH_BYTES + 8, value)
        }
    }

    /** When the Host's timer is to strike next, in turn: soon, mostly. */
    private void deltas(Random random, Assembler out) {
        DELTA_COUNT.times { out.put(VARIABLES + 0x100 + 4 * it, random.nextInt(4) ? 4_000 + random.nextInt(2 * timerNanos) : 550_000_000) }
    }

    private void transfers(Random random) {
        def structures = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN)
        DMAS.times { int number ->
            Map<Integer, byte[]> sections = [:]
            (1 + random.nextInt(3)).times { int section ->
                boolean code = random.nextInt(3) != 0
                int bytes = 1 + random.nextInt(random.nextBoolean() ? 64 : 0x1800)
                int at = code ? FARM + random.nextInt(FARM_PAGES * PAGE - bytes) : DATA + random.nextInt(DATA_PAGES * PAGE - bytes)
                byte[] content = new byte[bytes]
                if (code) {
                    System.arraycopy(image, at - BASE, content, 0, bytes)
                } else {
                    random.nextBytes(content)
                }
                sections[at] = content
            }
            dmas << sections
            int at = DMA - BASE + number * 0x80
            sections.eachWithIndex { int physical, byte[] content, int section ->
                structures.putInt(at + 4 + 4 * section, physical).putShort(at + 0x44 + 2 * section, (short) content.length)
            }
        }
    }

    Plan without(Collection<Integer> acts) {
        new Plan(seed, kept - acts, undisturbed, translates)
    }

    Plan leftAlone() {
        new Plan(seed, kept, true, translates)
    }

    Plan translating(When when) {
        new Plan(seed, kept, undisturbed, when)
    }

    /** The acts, by name. */
    List<String> story() {
        kept.collect { acts[it].toString() }
    }

    Path save(Path file) {
        if (bare) {
            return Files.write(file, image)
        }
        def elf = ByteBuffer.allocate(PAGE + BYTES).order(ByteOrder.LITTLE_ENDIAN)
        elf.put([0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] as byte[])
        elf.putShort(16, (short) 2).putShort(18, (short) 3).putInt(20, 1).putInt(24, BASE)
        elf.putInt(28, 52).putShort(40, (short) 52).putShort(42, (short) 32).putShort(44, (short) 1)
        elf.position(52)
        [1, PAGE, KERNEL + BASE, BASE, BYTES, BYTES, 7, PAGE].each { int it -> elf.putInt(it) }
        elf.position(PAGE)
        elf.put(image)
        Files.write(file, elf.array())
    }

    String toString() {
        String when = translates.toString().toLowerCase().replace('_', ' ')
        "seed $seed, ${bare ? 'bare' : 'under the Host'}${wild ? ', wild' : ''}${quiet ? ', quiet' : ''}, translated $when, hot after " +
            "${tuning.threshold()}, up to ${tuning.instructions()} instructions${tuning.everything() ? ', ahead' : ''}, promoted after " +
            "${tuning.promotion()}, interrupted every $timerNanos ns, disturbed every $disturbance instructions" + (renewal == Renewal.NONE ? '' : ", renewed as a ${renewal.toString().toLowerCase()}")
    }
}
