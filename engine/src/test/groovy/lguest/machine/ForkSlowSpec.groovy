package lguest.machine

import com.sun.management.ThreadMXBean
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import lguest.device.BlockDisk
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('Forks: guests that share memory until one of them writes')
@Timeout(120)
class ForkSlowSpec extends Specification {
    static final Path PUPPY = Path.of('../samples/puppy/puppy.elf')
    static final int MEMORY_BYTES = 64 << 20

    @TempDir
    Path folder

    List<Guest> guests = []
    Path disk

    def setup() {
        disk = Files.write(folder.resolve('disk'), ('kept on disk\n' * 100).bytes[0..<1024] as byte[])
    }

    def cleanup() {
        guests*.close()
    }

    private Guest booted(GuestConfig.Engine engine = GuestConfig.Engine.TRANSLATOR) {
        guests << Guest.create(new GuestConfig('first').memoryBytes(MEMORY_BYTES).kernel(PUPPY).engine(engine)
            .block(disk, BlockDisk.Mode.SNAPSHOT))
        untilPrompt(guests.last())
        guests.last()
    }

    private Guest fork(Guest guest, String name = 'fork', GuestConfig.Engine engine = guest.config().engine()) {
        guests << guest.fork { Snapshot now -> now.config(name, [:], [disk]).engine(engine) }
        guests.last()
    }

    private static void untilPrompt(Guest guest) {
        guest.run(Limit.guestTime(Duration.ofSeconds(30)).until { guest.transcript().text().endsWith('puppy> ') })
        assert guest.transcript().text().endsWith('puppy> ')
    }

    private static void type(Guest guest, String... lines) {
        lines.each { guest.console().offer((it + '\n').bytes) }
    }

    private static void million(Guest guest) {
        guest.run(Limit.instructions(1_000_000).andGuestTime(Duration.ofSeconds(5)).andHostTime(Duration.ofSeconds(60)))
    }

    private static Map<String, Object> look(Guest guest) {
        [instructions: guest.instructions(), nanos: guest.nanos(), hash: guest.memoryHash().encodeHex().toString(),
         console: guest.transcript().text(), calls: guest.hypercalls().byName(), state: guest.state(),
         regs: guest.cpu().regs.toList(), eip: guest.cpu().eip]
    }

    def "first guest and fork go on in the same way: #engine, and the fork with #forked"() {
        given:
        def guest = booted(engine)
        type(guest, 'run grow', 'run fpu', 'disk read 1')
        guest.run(Limit.instructions(20_003))
        def fork = fork(guest, 'fork', forked)

        expect:
        look(fork) == look(guest)
        fork.physical().sharedPages() > MEMORY_BYTES / 4096 - 10

        when:
        million(guest)
        million(fork)

        then:
        look(fork) == look(guest)

        when:
        type(fork, 'run hello')
        million(fork)
        type(guest, 'run hello')
        million(guest)

        then:
        look(fork) == look(guest)

        where:
        [engine, forked] << [GuestConfig.Engine.values(), GuestConfig.Engine.values()].combinations()
    }

    def "forks of one moment, of later ones, and of forks are all what they were then"() {
        given:
        def guest = booted()
        type(guest, 'run grow', 'run fpu', 'run grow', 'disk read 0')
        def moments = (1..4).collect {
            guest.run(Limit.instructions(30_011))
            [look(guest), fork(guest, "at $it"), fork(guest, "again at $it")]
        }
        def grandchildren = moments.collect { was, one, other ->
            def second = fork(one, "of ${one.name()}")
            [was, second, fork(second, "of ${second.name()}")]
        }
        million(guest)

        expect:
        (moments + grandchildren).each { was, one, other ->
            assert look(one) == was
            assert look(other) == was
        }

        when: 'all go on, children before parents and parents before children, and end where the first did'
        moments.eachWithIndex { it, i -> it[1].run(Limit.instructions(30_011 * (3 - i)).andGuestTime(Duration.ofSeconds(5))) }
        grandchildren.eachWithIndex { it, i -> it[2].run(Limit.instructions(30_011 * (3 - i)).andGuestTime(Duration.ofSeconds(5))) }

        then:
        moments*.get(1).each { assert look(it) == moments[3][0] }
        grandchildren*.get(2).each { assert look(it) == moments[3][0] }
        grandchildren.each { was, one, other -> assert look(one) == was }
    }

    def "what a disk puts into shared pages, it puts there for one guest"() {
        given:
        def guest = booted()
        def fork = fork(guest)
        def later = this.fork(guest, 'later')

        when:
        type(guest, 'disk read 1')
        million(guest)

        then:
        guest.transcript().text().contains('kept on disk')
        !fork.transcript().text().contains('kept on disk')

        when:
        [fork, later].each {
            type(it, 'disk read 1')
            million(it)
        }

        then:
        [fork, later].each { assert look(it) == look(guest) }
    }

    def "a fork that has hardly run can be saved, and so can the first guest"() {
        given:
        def guest = booted()
        type(guest, 'run grow')
        guest.run(Limit.instructions(10_000))
        def fork = fork(guest)
        fork.run(Limit.instructions(steps))
        guest.run(Limit.instructions(steps))
        Path[] files = [folder.resolve('first.guest'), folder.resolve('fork.guest')]
        guest.save(files[0])
        fork.save(files[1])

        when:
        def restored = files.collect {
            def snapshot = SnapshotFile.read(it)
            guests << Guest.restore(snapshot.config("again $it", [:], [disk]), snapshot)
            guests.last()
        }
        ([guest, fork] + restored).each { million(it) }

        then:
        ([fork] + restored).each { assert look(it) == look(guest) }

        where:
        steps << [0, 1, 3000]
    }

    def "the first guest may be closed, and forks go on"() {
        given:
        def guest = booted()
        type(guest, 'run grow')
        def forks = [fork(guest, 'one'), fork(guest, 'two')]
        guest.close()

        when:
        forks.each { million(it) }

        then:
        look(forks[0]) == look(forks[1])
        forks[0].transcript().text().contains('run grow')
    }

    def "each may have a thread of its own"() {
        given:
        def guest = booted()
        type(guest, 'run grow', 'run fpu', 'run hello')
        def all = [guest] + (1..3).collect { fork(guest, "fork $it") }
        all << fork(all[1], 'second')
        def threads = Executors.newFixedThreadPool(all.size())

        when:
        def runs = all.collect { each -> threads.submit({ million(each); look(each) } as Callable) }
        def looks = runs*.get(100, TimeUnit.SECONDS)

        then:
        looks.each { assert it == looks[0] }

        cleanup:
        threads.shutdownNow()
    }

    def "what is written into a paused fork is its own, and so is what is written into the first guest"() {
        given:
        def guest = booted()
        def fork = fork(guest)
        int was = guest.physical().read32(0x100000)

        when:
        fork.writeLinear(0xC0100000 as int, [1, 2, 3, 4] as byte[])

        then:
        guest.physical().read32(0x100000) == was
        fork.physical().read32(0x100000) == 0x04030201

        when:
        guest.physical().write32(0x200000, 5)

        then:
        fork.physical().read32(0x200000) != 5
    }

    def "a fork of a fork that has not run takes no tables, and goes on as the first of all does"() {
        given:
        def guest = booted()
        type(guest, 'run grow')
        guest.run(Limit.instructions(20_000))
        def bean = (ThreadMXBean) ManagementFactory.threadMXBean

        when: 'the first brings classes with it'
        fork(guest)
        long before = bean.currentThreadAllocatedBytes
        def child = fork(guest)
        def grandchild = fork(child, 'grandchild')
        long allocated = bean.currentThreadAllocatedBytes - before

        then: 'a table of translations is four megabytes, and a guest has four'
        allocated < 16 << 20

        when:
        [guest, grandchild, child].each { million(it) }

        then:
        look(child) == look(guest)
        look(grandchild) == look(guest)
    }

    def "statistics tell what is shared"() {
        given:
        def guest = booted()
        def fork = fork(guest)
        int pages = guest.physical().size() / 4096

        expect:
        fork.statisticsByName().subMap('pagesShared', 'pagesCopied') == [pagesShared: (long) pages, pagesCopied: 0L]

        when:
        million(fork)
        def seen = fork.statisticsByName()

        then:
        seen.pagesCopied > 0
        seen.pagesCopied < 200
        seen.pagesShared == pages - seen.pagesCopied
        guest.statisticsByName().subMap('pagesShared', 'pagesCopied') == [pagesShared: 0L, pagesCopied: 0L]
    }
}
