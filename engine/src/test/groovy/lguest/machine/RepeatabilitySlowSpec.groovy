package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.Semaphore
import lguest.device.BlockDisk
import lguest.probe.Event
import lguest.probe.Verb
import lguest.translate.TranslatorThread
import lguest.translate.Tuning
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Under virtual time the same guest with the same input runs the same, however its run is cut up and whoever watches. */
class RepeatabilitySlowSpec extends Specification {
    static final Path PUPPY = Path.of('../samples/puppy/puppy.elf')
    static final int DISK_BYTES = 64 << 10
    static final Duration PATIENCE = Duration.ofSeconds(60)

    static final List<String> SESSION = ['run hello\n', 'run count 9 &\nrun fpu 2\n', 'disk write 3 bone\ndisk read 3\n', 'run sleeper\n',
        'run grow\nfault 1\n', 'echo ' + 'x' * 60 + '\n', 'ps\nirq\nmem\ntime\n', 'spin 1\npoweroff\n']

    @TempDir
    @Shared
    Path folder

    @Shared
    Map<String, Recorded> plain = [:]

    Guest guest

    /** A guest with its work before it. */
    void start(String work, GuestConfig.Engine engine = GuestConfig.Engine.TRANSLATOR, Closure configure = { }) {
        def disk = Files.write(folder.resolve('disk'), new byte[DISK_BYTES])
        guest = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(PUPPY).block(disk, BlockDisk.Mode.READ_WRITE)
            .cmdline(work == 'selftest' ? 'quiet selftest ' : 'quiet ').engine(engine).tap(configure))
        if (work == 'session') {
            SESSION.each { guest.console().offer(it.bytes) }
        }
    }

    def cleanup() {
        guest?.close()
    }

    /** What nobody disturbs, not even a translator. */
    Recorded plain(String work) {
        if (!plain[work]) {
            start(work, GuestConfig.Engine.INTERPRETER)
            assert guest.run(Limit.hostTime(PATIENCE)).kind() == Stop.Kind.OFF
            plain[work] = Recorded.of(guest)
            guest.close()
        }
        return plain[work]
    }

    void runInPieces(Closure<Limit> next) {
        long deadline = System.nanoTime() + PATIENCE.toNanos()
        while (guest.alive() && System.nanoTime() < deadline) {
            guest.run(next())
        }
    }

    def "puppy's #work does what it is here for"() {
        given:
        plain(work)

        expect:
        def text = new String(plain[work].console.decodeBase64(), 'UTF-8')
        expected.every { text.contains(it) }

        where:
        work       | expected
        'selftest' | ['selftest: 131 ok, 0 failed']
        'session'  | ['bone', 'x' * 60, 'million iterations']
    }

    def "#work, #engine #how"() {
        given:
        def plain = plain(work)
        start(work, engine, configure)

        when:
        guest.run(Limit.hostTime(PATIENCE))

        then:
        Recorded.of(guest) == plain

        where:
        [work, engine, [how, configure]] << [['selftest', 'session'], [GuestConfig.Engine.TRANSLATOR, GuestConfig.Engine.BOTH], [
            ['when it is hot', { }],
            ['before it runs', { it.translates({ Runnable made -> made.run() }, new Tuning(0, 100, true)) }],
            ['when it runs again', { it.translates({ Runnable made -> made.run() }, new Tuning(1, 100, false)) }],
            ['early, on another thread', { it.translates(TranslatorThread.executor(), new Tuning(20, 60, false)) }]
        ]].combinations()
    }

    def "#work, cut into pieces of #pieces"() {
        given:
        def plain = plain(work)
        start(work)
        def random = new Random(5)

        when:
        runInPieces { limit(random) }

        then:
        Recorded.of(guest) == plain

        where:
        [work, [pieces, limit]] << [['selftest', 'session'], [
            ['up to 5000 instructions', { Limit.instructions(1 + it.nextInt(5000)) }],
            ['1024 instructions', { Limit.instructions(1024) }],
            ['1000 instructions', { Limit.instructions(1000) }],
            ['100,000 instructions', { Limit.instructions(100_000) }],
            ['few instructions, then many', { Limit.instructions(it.nextInt(40) ? 3 : 200_000) }],
            ['up to 100 us of guest time', { Limit.guestTime(Duration.ofNanos(1 + it.nextInt(100_000))) }]
        ]].combinations()
    }

    def "#work, instruction by instruction at first"() {
        given:
        def plain = plain(work)
        start(work)

        when:
        200_000.times { guest.step(1) }

        then:
        guest.instructions() == 200_000

        when:
        guest.run(Limit.hostTime(PATIENCE))

        then:
        Recorded.of(guest) == plain

        where:
        work << ['selftest', 'session']
    }

    def "#work, paused by another thread all the time"() {
        given:
        def plain = plain(work)
        start(work)
        def over = false
        def pauses = 0
        def paused = new Semaphore(0)
        // A busy machine would have the guest come to its end before the other thread has had its turn.
        guest.probes().add(new Event.TickEvent(0, 500_000), Verb.BEFORE, null, { paused.drainPermits(); paused.acquire() }, 'spec')
        def nuisance = Thread.start {
            while (!over) {
                guest.pause()
                paused.release()
                Thread.sleep(1)
            }
        }

        when:
        long deadline = System.nanoTime() + PATIENCE.toNanos()
        while (guest.alive() && System.nanoTime() < deadline) {
            pauses += guest.run(Limit.hostTime(PATIENCE)).kind() == Stop.Kind.PAUSED ? 1 : 0
        }
        over = true
        nuisance.join()

        then:
        pauses > 10
        Recorded.of(guest) == plain

        where:
        work << ['selftest', 'session']
    }

    /** Where puppy often is, and what it often touches. */
    List<Event> everyEvent() {
        def symbols = guest.symbols()
        def code = ['hcall', 'async_hcall', 'console_write', 'memcpy', 'printk', 'irq_dispatch', 'page_alloc', 'trap']
            .collect { symbols.address(it) }.findAll { it.present }.collect { new Event.At(it.get() as int) }
        def data = symbols.address('lguest_data').get() as int
        assert code.size() > 3
        return code + [new Event.AccessEvent(data, data + 3, true, true), new Event.HypercallEvent(Event.ANY), new Event.FaultEvent(Event.ANY),
            new Event.InterruptEvent(Event.ANY), new Event.DmaEvent(Event.ANY)]
    }

    def "#work, #watched"() {
        given:
        def plain = plain(work)
        start(work)
        everyEvent().each { guest.probes().add(it, verb, condition, null, 'spec') }

        when:
        runInPieces { Limit.hostTime(PATIENCE) }

        then:
        Recorded.of(guest) == plain
        guest.probes().list()*.hits().sum() > 100 || condition

        where:
        [work, [watched, verb, condition]] << [['selftest', 'session'], [
            ['watched by probes whose condition never holds', Verb.STOP, { false }],
            ['watched by probes that count', Verb.BEFORE, null],
            ['stopped at every event', Verb.STOP, null]
        ]].combinations()
    }

    def "#work, with probes that come and go"() {
        given:
        def plain = plain(work)
        start(work)
        def random = new Random(11)

        when:
        runInPieces {
            guest.probes().clear()
            everyEvent().findAll { random.nextBoolean() }.each { guest.probes().add(it, Verb.STOP, null, null, 'spec').ignore(random.nextInt(50)) }
            Limit.instructions(1 + random.nextInt(50_000))
        }

        then:
        Recorded.of(guest) == plain

        where:
        work << ['selftest', 'session']
    }

    def "#work makes the same hypercalls at the same instructions each time"() {
        expect:
        (1..2).collect {
            start(work)
            def trace = Recorded.trace(guest)
            guest.run(Limit.hostTime(PATIENCE))
            def recorded = Recorded.of(guest, trace)
            guest.close()
            return recorded
        }.toSet().size() == 1

        where:
        work << ['selftest', 'session']
    }
}
