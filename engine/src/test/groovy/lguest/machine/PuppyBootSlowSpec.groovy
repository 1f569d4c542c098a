package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/** The sample kernel, booted in every size, by itself and by hand. */
class PuppyBootSlowSpec extends Boots {
    static final Path PUPPY = Path.of('../samples/puppy/puppy.elf')
    static final byte[] EMPTY = new byte[64 << 10]

    Guest puppy(int megabytes, int tscKhz, String cmdline) {
        create(new GuestConfig('puppy').memoryBytes((long) megabytes << 20).tscKhz(tscKhz).kernel(PUPPY).cmdline(cmdline), EMPTY)
    }

    def "puppy with #megabytes MiB and a TSC of #tscKhz kHz checks its Host and powers off"() {
        given:
        def guest = puppy(megabytes, tscKhz, 'quiet selftest ')

        when:
        runToPowerOff(guest)

        then:
        guest.transcript().text() =~ /\nselftest: \d+ ok, 0 failed\n/
        allDriven(guest)
        Files.size(disk()) == EMPTY.length

        where:
        megabytes | tscKhz
        2         | 1000000
        16        | 1000000
        16        | 0
        64        | 1000000
        256       | 1000000
        800       | 1000000
    }

    def "puppy prints what is expected of any Host, to the byte"() {
        given: 'without a disk'
        guests << Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(PUPPY).cmdline('quiet selftest '))

        when:
        runToPowerOff(guests.last())

        then:
        guests.last().transcript().text() == Files.readString(PUPPY.resolveSibling('puppy.expected'))
    }

    def "two runs are one and the same"() {
        expect:
        def runs = (1..2).collect {
            def guest = puppy(16, 1000000, 'selftest ')
            def trace = Recorded.trace(guest)
            runToPowerOff(guest)
            return Recorded.of(guest, trace)
        }
        runs[0] == runs[1]
    }

    def "somebody at the prompt gets answers"() {
        given:
        def guest = puppy(16, 1000000, '')
        def session = new Session(guest, PATIENCE)

        expect:
        session.expect(/puppy: a small kernel for lguest, guest \d+, 16 MiB, 1 disks/)
        session.expect('puppy> ')
        session.type('echo how are you\n').expect(/\nhow are you\r?\n/)
        session.expect('puppy> ')
        session.type('run hello\n').expect(/hello from pid (\d+), or so GS says: \1/)
        session.expect('puppy> ')
        session.type('disk write 3 bone\n').expect('sector 3 written')
        session.type('disk read 3\n').expect(/bone/)
        session.expect('puppy> ')
        session.type('fault 1\n').expect(/divide error/)
        session.expect('puppy> ')
        session.type('spin 1000\n').idle(Duration.ofMillis(100)).type('\003').expect(/\d+ million iterations/)
        session.expect('puppy> ')
        session.type('poweroff\n')

        when:
        runToPowerOff(guest)

        then:
        allDriven(guest)
        new String(Files.readAllBytes(disk()), 3 * 512, 4) == 'bone'
    }
}
