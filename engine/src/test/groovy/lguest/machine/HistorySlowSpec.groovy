package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.device.BlockDisk
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('What came to a guest, and moments to go on from')
@Timeout(120)
class HistorySlowSpec extends Specification {
    static final Path PUPPY = Path.of('../samples/puppy/puppy.elf')
    static final long PERIOD = 1000

    @TempDir
    Path folder

    private Guest guest

    def cleanup() {
        guest?.close()
    }

    private void untilPrompt() {
        int printed = guest.transcript().text().length()
        guest.run(Limit.guestTime(Duration.ofSeconds(30)).until {
            guest.transcript().text().length() > printed && guest.transcript().text().endsWith('puppy> ')
        })
        assert guest.transcript().text().endsWith('puppy> ')
    }

    private void type(String line) {
        guest.console().offer((line + '\n').bytes)
    }

    /** Hashes of the guest's memory by count of instructions, while it runs on. */
    private Map<Long, byte[]> samples(int count, long apart) {
        (0..<count).collectEntries {
            guest.run(Limit.instructions(apart).andGuestTime(Duration.ofSeconds(1)))
            [guest.instructions(), guest.memoryHash()]
        }
    }

    private static List<Long> different(History history, Map<Long, byte[]> was) {
        was.findAll { count, hash ->
            Guest again = history.at(count)
            byte[] now = again.memoryHash()
            again.close()
            again.instructions() != count || now != hash
        }.keySet().toList()
    }

    def "of many moments some are kept, the closer the later, and all that was can still be seen: #engine"() {
        given:
        guest = Guest.create(new GuestConfig('a').memoryBytes(16 << 20).kernel(PUPPY).engine(engine))

        when:
        def history = guest.remember(PERIOD)
        def was = samples(90, 1009)
        untilPrompt()
        type 'run count'
        was += samples(20, 499)
        def moments = history.moments()
        def gaps = (1..<moments.size()).collect { moments[it] - moments[it - 1] }

        then:
        moments.size() == History.MOST_MOMENTS
        moments[0] == 0
        history.last() - moments.last() < 2 * PERIOD
        gaps.take(5).sum() > 2 * gaps.takeRight(5).sum()
        different(history, was) == []

        where:
        engine << [GuestConfig.Engine.INTERPRETER, GuestConfig.Engine.TRANSLATOR]
    }

    def "what a disk holds, and what somebody made of it, is there again"() {
        given:
        Path disk = Files.write(folder.resolve('disk'), ('kept on disk\n' * 100).bytes[0..<1024] as byte[])
        guest = Guest.create(new GuestConfig('a').memoryBytes(16 << 20).kernel(PUPPY).block(disk, BlockDisk.Mode.SNAPSHOT))
        int requests = 0
        guest.bus().devices().find { it instanceof BlockDisk }.onRequest {
            requests++
            if (it.write() && it.data()[0] == (byte) 'b') {
                it.fail()
            } else {
                it.data()[1] = (byte) '!'
            }
        }
        def history = guest.remember(PERIOD)
        untilPrompt()

        when:
        ['disk write 0 apples', 'disk write 1 bananas', 'disk read 0', 'disk read 1'].each { type it; untilPrompt() }
        int before = requests
        Guest again = history.at(guest.instructions())

        then:
        before >= 4
        again.transcript().text() == guest.transcript().text()
        again.transcript().text().contains('a!ples')
        again.memoryHash() == guest.memoryHash()
        requests == before

        cleanup:
        again?.close()
    }

    def "ports of a bare machine answer as they did"() {
        given:
        int calls = 0
        PortHandler greeted = new PortHandler() {
            @Override
            void write(int port, int value, int bits) {
                calls++
                // What the guest prints, it finds in upper case.
                guest.physical().write8(0x1000 + calls, value)
                guest.cpu().regs[1] = calls
            }
        }
        PortHandler ended = new PortHandler() {
            @Override
            void write(int port, int value, int bits) {
                guest.exit(value)
            }
        }
        guest = Guest.create(new GuestConfig('flat').platform(GuestConfig.Platform.BARE).memoryBytes(2 << 20)
            .kernel(Path.of('../samples/bare/bare-flat.bin')).loadAddress(0x100000).port(0xE9, greeted).port(0xF4, ended))

        when:
        def history = guest.remember(PERIOD)
        def was = samples(20, 7)
        guest.run(Limit.none())
        int before = calls
        Guest again = history.at(history.last())

        then:
        guest.state() == Guest.State.OFF
        before == 25
        different(history, was) == []
        [again.state(), again.exitValue(), again.cpu().regs[1]] == [Guest.State.OFF, 0x31, before]
        again.memoryHash() == guest.memoryHash()
        calls == before

        cleanup:
        again?.close()
    }
}
