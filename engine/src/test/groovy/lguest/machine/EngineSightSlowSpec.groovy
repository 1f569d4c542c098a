package lguest.machine

import java.nio.file.Path
import java.time.Duration
import jdk.jfr.Recording
import jdk.jfr.consumer.RecordingFile
import lguest.translate.HotPlaces
import lguest.translate.Tuning
import spock.lang.AutoCleanup
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('What can be seen of interpreter and translator')
class EngineSightSlowSpec extends Specification {
    @TempDir
    Path folder

    @AutoCleanup
    Guest guest = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(Path.of('../samples/puppy/puppy.elf')).cmdline('quiet ')
        .engine(GuestConfig.Engine.TRANSLATOR).translates({ Runnable work -> work.run() }, new Tuning(100, 100, false, 500)))

    /** It counts to a million, and goes off. */
    void work() {
        guest.console().offer('spin 1\npoweroff\n'.bytes)
        assert guest.run(Limit.hostTime(Duration.ofSeconds(60))).kind() == Stop.Kind.OFF
    }

    def "statistics add up"() {
        when:
        work()
        def seen = guest.statisticsByName()

        then:
        seen.interpreted + seen.translated == guest.instructions()
        seen.translated > seen.interpreted
        seen.regions >= seen.secondGeneration
        seen.secondGeneration > 0
        seen.retired >= seen.secondGeneration
        seen.blocks > seen.regions
        seen.bytecode > seen.regionInstructions
        seen.tlbMisses > 0
    }

    /** As {@link #work} of a guest that remembers what earlier ones did: statistics by name, and how it ended. */
    private Map<String, Object> run(int threshold, int promotion) {
        def places = new HotPlaces(folder.resolve('hot-places'))
        places.load()
        def tuning = new Tuning(threshold, 100, true, promotion, places)
        def other = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(Path.of('../samples/puppy/puppy.elf'))
            .cmdline('quiet ').engine(GuestConfig.Engine.TRANSLATOR).translates({ Runnable work -> work.run() }, tuning))
        other.console().offer('spin 1\npoweroff\n'.bytes)
        assert other.run(Limit.hostTime(Duration.ofSeconds(60))).kind() == Stop.Kind.OFF
        places.save()
        def seen = other.statisticsByName() + [instructions: other.instructions(), memory: other.memoryHash()]
        other.close()
        seen
    }

    def "what was worth a translation in an earlier run gets one sooner, and computes the same: #generations"() {
        when: 'most is executed a million times'
        def cold = run(1000, promotion)
        def warm = run(1000, promotion)

        then:
        warm.interpreted < cold.interpreted / 2
        warm.translated > cold.translated
        warm.instructions == cold.instructions
        warm.memory == cold.memory

        where:
        generations               | promotion
        'the first is the last'   | 0
        'there is never a second' | Integer.MAX_VALUE
    }

    def "what an earlier run did not find worth one gets it later"() {
        when: 'much is executed twenty times, but less than pays'
        def cold = run(20, Integer.MAX_VALUE)
        def warm = run(20, Integer.MAX_VALUE)

        then:
        warm.regions < cold.regions / 2
        warm.memory == cold.memory
    }

    def "the host's time goes to #tiers, with #engine"() {
        given: 'work enough for the one who looks to have looked, however busy this machine is'
        def guest = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(Path.of('../samples/puppy/puppy.elf'))
            .cmdline('quiet ').engine(engine).translates({ Runnable work -> work.run() }, new Tuning(100, 100, false)))
        guest.console().offer('spin 1000000\n'.bytes)
        def tierOf = { Times it -> [interpreting: it.interpreting(), translated: it.translated(), translating: it.translating()] }

        def shared = { Times it -> it.interpreting() + it.translated() + it.outside() }

        when: 'classes are loaded, and then'
        guest.run(Limit.hostTime(Duration.ofMillis(10)))
        long before = shared(guest.times())
        long begun = System.nanoTime()
        def times = guest.times()
        for (int runs = 0; runs < 4 || tiers.any { tierOf(times)[it] == 0 } && System.nanoTime() - begun < 60_000_000_000; runs++) {
            guest.run(Limit.hostTime(Duration.ofMillis(100)))
            times = guest.times()
        }
        long took = System.nanoTime() - begun
        long counted = shared(times) - before

        then:
        tierOf(times).findAll { it.value > 0 }*.key == tiers
        times.idle() == 0
        counted <= took
        counted > 0.5 * took
        times.translating() < took
        guest.statisticsByName().nanosTranslated == times.translated()

        cleanup:
        guest.close()

        where:
        engine                         | tiers
        GuestConfig.Engine.INTERPRETER | ['interpreting']
        GuestConfig.Engine.TRANSLATOR  | ['interpreting', 'translated', 'translating']
        GuestConfig.Engine.BOTH        | ['interpreting', 'translated', 'translating']
    }

    def "a guest that sleeps is idle"() {
        given:
        def guest = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(Path.of('../samples/puppy/puppy.elf'))
            .cmdline('quiet ').time(GuestConfig.TimeKind.HOST))

        when:
        guest.run(Limit.hostTime(Duration.ofSeconds(2)))

        then:
        guest.times().idle() > 100_000_000
        guest.times().idle() < 2_100_000_000

        cleanup:
        guest.close()
    }

    def "what has executed most is first, and is shown beside the bytecode it has become"() {
        given:
        work()

        when:
        def regions = guest.regions()
        def hottest = regions[0].source()
        def text = guest.region(TinyKernel.PAGE_OFFSET + hottest.physicalPage() + hottest.entry())

        then:
        regions*.region()*.executed() == regions*.region()*.executed().sort { -it }
        text.startsWith(String.format('region at physical %#010x, generation 2: ', hottest.physicalPage() + hottest.entry()))
        text =~ /(?m)^0xc01\w+  j\w+ +0xc01\w+$/
        text =~ /(?m)^        iinc 11 -\d+$/
        text =~ /(?m)^behind the instructions$/

        and:
        guest.region(0) == null
        guest.region(TinyKernel.PAGE_OFFSET) == null
    }

    def "the Flight Recorder hears of guests and regions"() {
        given:
        def file = folder.resolve('recording.jfr')
        def recording = new Recording()
        ['GuestStarted', 'GuestEnded', 'RegionTranslated', 'RegionRetired'].each { recording.enable("lguest.$it") }
        recording.start()

        when:
        work()
        recording.stop()
        recording.dump(file)
        def events = RecordingFile.readAllEvents(file).groupBy { it.eventType.name - 'lguest.' }

        then:
        events.GuestStarted*.getString('name') == ['puppy']
        events.GuestEnded*.getString('reason') == ['CRASH: Power down']
        events.GuestEnded*.getLong('instructions') == [guest.instructions()]
        events.GuestEnded*.getDuration('translating')*.toNanos() == [guest.times().translating()]
        events.RegionTranslated.size() == guest.statistics().regions()
        events.RegionTranslated*.getInt('generation').toSet() == [1, 2] as Set
        events.RegionRetired.size() == guest.statistics().retired()

        cleanup:
        recording.close()
    }
}
