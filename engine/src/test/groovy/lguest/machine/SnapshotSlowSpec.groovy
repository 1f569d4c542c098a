package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.TimeUnit
import lguest.device.BlockDisk
import lguest.device.ScriptedDevice
import lguest.probe.Event
import lguest.probe.Verb
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('A whole guest as a value: saved, restored, forked')
@Timeout(60)
class SnapshotSlowSpec extends Specification {
    static final Path PUPPY = Path.of('../samples/puppy/puppy.elf')
    static final Path FLAT = Path.of('../samples/bare/bare-flat.bin')

    @TempDir
    Path folder

    List<Guest> guests = []

    def cleanup() {
        guests*.close()
    }

    private Guest puppy(Closure<?> more = { }) {
        GuestConfig config = new GuestConfig('puppy').memoryBytes(16 << 20).kernel(PUPPY)
        more(config)
        guests << Guest.create(config)
        guests.last()
    }

    /** Reads what is in the file and makes a guest of it. */
    private Guest restored(Path file, Map<String, ScriptedDevice> devices = [:], List<Path> disks = []) {
        Snapshot snapshot = SnapshotFile.read(file)
        guests << Guest.restore(snapshot.config('again', devices, disks), snapshot)
        guests.last()
    }

    private Path saved(Guest guest) {
        Path file = folder.resolve('saved.guest')
        guest.save(file)
        file
    }

    private static void untilPrompt(Guest guest) {
        guest.run(Limit.guestTime(Duration.ofSeconds(30)).until { guest.transcript().text().endsWith('puppy> ') })
        assert guest.transcript().text().endsWith('puppy> ')
    }

    /** A million instructions, or less of a guest that falls asleep. */
    private static void million(Guest guest, long instructions = 1_000_000) {
        guest.run(Limit.instructions(instructions).andGuestTime(Duration.ofSeconds(5)).andHostTime(Duration.ofSeconds(30)))
    }

    private static Map<String, Object> look(Guest guest) {
        [instructions: guest.instructions(), nanos: guest.nanos(), hash: guest.memoryHash().encodeHex().toString(),
         console: guest.transcript().text(), calls: guest.hypercalls().byName(), state: guest.state(), wall: guest.clock().wallNanos(),
         regs: guest.cpu().regs.toList(), eip: guest.cpu().eip, eflags: guest.cpu().eflags(), x87: guest.cpu().fpu.tagWord()]
    }

    def "a restored guest goes on as the saved one does: #what"() {
        given:
        def guest = puppy()
        untilPrompt(guest)
        typed.each { guest.console().offer((it + '\n').bytes) }
        guest.run(Limit.instructions(before).andGuestTime(Duration.ofSeconds(1)))
        def again = restored(saved(guest))

        expect:
        look(again) == look(guest)

        when:
        [guest, again].each { million(it) }

        then:
        look(again) == look(guest)

        when:
        [guest, again].each {
            it.console().offer('run hello\n'.bytes)
            it.run(Limit.guestTime(Duration.ofSeconds(2)))
        }

        then:
        look(again) == look(guest)
        again.transcript().text().contains('run hello')

        where:
        what                              | typed                      | before
        'at its prompt, asleep'           | []                         | 0
        'with input that waits'           | ['echo one', 'echo two']   | 0
        'in the middle of a program'      | ['run grow']               | 30_001
        'while programs use the x87 unit' | ['run fpu']                | 20_003
        'between two ticks'               | ['run sleeper', 'run fpu'] | 77_777
    }

    def "a guest that has not run yet, or hardly, can be saved, too: after #steps"() {
        given:
        def guest = puppy()
        million(guest, steps)
        def again = restored(saved(guest))

        when:
        [guest, again].each { million(it) }

        then:
        look(again) == look(guest)

        where:
        steps << [0, 1, 1000, 123_457]
    }

    def "a bare machine can be saved, ports apart"() {
        given:
        def printed = [new StringBuilder(), new StringBuilder()]
        def port = { StringBuilder to -> [write: { int at, int value, int bits -> to.append((char) value) }] as PortHandler }
        guests << Guest.create(new GuestConfig('flat').platform(GuestConfig.Platform.BARE).memoryBytes(2 << 20).kernel(FLAT)
            .loadAddress(0x100000).port(0xE9, port(printed[0])))
        guests[0].step(20)
        guests[0].raise(77)
        def snapshot = SnapshotFile.read(saved(guests[0]))
        printed[1] << printed[0]

        when:
        guests << Guest.restore(snapshot.config('again', [:], []).port(0xE9, port(printed[1])), snapshot)
        guests.each { million(it, 200) }

        then:
        look(guests[1]) == look(guests[0])
        printed[1].toString() == printed[0].toString()
    }

    def "it goes on in another process as it does in this one"() {
        given:
        def guest = puppy()
        untilPrompt(guest)
        guest.console().offer('run grow\nrun fpu\n'.bytes)
        million(guest, 10_000)
        def file = saved(guest)

        when:
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
        def other = new ProcessBuilder(java, '-cp', System.getProperty('java.class.path'), GoesOn.name, file.toString(), '1000000')
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        def said = other.inputStream.text.trim()
        million(guest)

        then:
        other.waitFor(60, TimeUnit.SECONDS)
        said == "${guest.instructions()} ${guest.memoryHash().encodeHex()}"
    }

    def "saving changes nothing of the guest"() {
        given: 'one after the other, so that both are guest 0'
        def looks = [false, true].collect { boolean saves ->
            def guest = puppy()
            untilPrompt(guest)
            guest.console().offer('run grow\n'.bytes)
            million(guest, 20_000)
            if (saves) {
                saved(guest)
            }
            million(guest)
            def seen = look(guest)
            guest.close()
            seen
        }

        expect:
        looks[0] == looks[1]
    }

    def "a fork goes its own way, and the first guest does not notice"() {
        given:
        def guest = puppy()
        untilPrompt(guest)
        def fork = guest.fork { Snapshot now -> now.config('fork', [:], []) }
        guests << fork

        expect:
        fork.name() == 'fork'
        look(fork) == look(guest)

        when:
        fork.console().offer('echo only here\n'.bytes)
        fork.run(Limit.guestTime(Duration.ofSeconds(1)))

        then:
        fork.transcript().text().contains('only here')
        !guest.transcript().text().contains('only here')

        when:
        fork.physical().write32(0x1000, 0x12345678)

        then:
        guest.physical().read32(0x1000) != 0x12345678

        when:
        fork.close()
        guest.console().offer('echo still here\n'.bytes)
        guest.run(Limit.guestTime(Duration.ofSeconds(1)))

        then:
        guest.transcript().text().contains('still here')
    }

    def "a scripted device remembers, and must be given back"() {
        given:
        def device = { int type, byte[] memory ->
            def made = new ScriptedDevice('kv', type, 0, 1)
            made.remembers({ memory }, { byte[] was -> System.arraycopy(was, 0, memory, 0, was.length) })
            made
        }
        def guest = puppy { it.device(device(64, [1, 2, 3] as byte[])) }
        guest.step(1000)
        ((ScriptedDevice) guest.bus().devices()[0]).reply('waits for a buffer')
        def file = saved(guest)
        byte[] memory = new byte[3]

        when:
        def again = restored(file, [kv: device(64, memory)])

        then:
        memory == [1, 2, 3] as byte[]
        again.bus().devices()[0].state().waitingReplies == 1

        when:
        restored(file)

        then:
        def missing = thrown(IllegalArgumentException)
        missing.message == "guest puppy was saved with a device 'kv': say it again, device('kv') { }"

        when:
        restored(file, [kv: device(65, memory)])

        then:
        def other = thrown(IllegalArgumentException)
        other.message.startsWith('device kv has type 65, 1 pages, features 0x0; guest puppy was saved with type 64')
    }

    def "what a guest wrote to a snapshot disk is saved with it; the file must be what it was"() {
        given:
        Path disk = Files.write(folder.resolve('disk'), new byte[1 << 16])
        def guest = puppy { it.block(disk, BlockDisk.Mode.SNAPSHOT) }
        untilPrompt(guest)
        guest.console().offer('disk write 3 kept in memory\n'.bytes)
        guest.run(Limit.guestTime(Duration.ofSeconds(1)))
        def file = saved(guest)

        when:
        def again = restored(file, [:], [disk])
        [guest, again].each { it.console().offer('disk read 3\n'.bytes); it.run(Limit.guestTime(Duration.ofSeconds(1))) }

        then:
        look(again) == look(guest)
        [again, guest].collect { it.bus().devices()[0].state().findAll { it.key != 'busyNanos' } }.toSet().size() == 1

        when:
        Files.setLastModifiedTime(disk, java.nio.file.attribute.FileTime.fromMillis(1000))
        restored(file, [:], [disk])

        then:
        def changed = thrown(IllegalArgumentException)
        changed.message == "disk '$disk' was written after guest puppy was saved: give a copy of it as it was then"
    }

    def "an action saves at the next boundary, not in the middle of a call"() {
        given:
        def guest = puppy()
        Path file = folder.resolve('from-hook.guest')
        def refused = null
        guest.probes().add(new Event.HypercallEvent(14), Verb.BEFORE, null, {
            try {
                guest.save(file)
            } catch (IllegalStateException e) {
                refused = e.message
            }
            guest.atBoundary { guest.save(file) }
        }, 'spec:1').once()

        when:
        untilPrompt(guest)
        def again = restored(file)
        untilPrompt(again)

        then:
        refused == 'guest puppy is in the middle of an instruction'
        look(again) == look(guest)
    }

    def "a file that is not what was written is refused: #what"() {
        given:
        def guest = puppy()
        guest.step(1000)
        def file = saved(guest)
        byte[] bytes = Files.readAllBytes(file)
        Files.write(file, change(bytes) as byte[])

        when:
        SnapshotFile.read(file)

        then:
        def refused = thrown(IOException)
        refused.message ==~ message

        where:
        what                  | change                                            || message
        'empty'               | { new byte[0] }                                   || 'not a saved guest'
        'something else'      | { 'println 1\n'.bytes }                           || 'not a saved guest'
        'half a header'       | { it[0..<20] }                                    || 'cut short: .*header.*'
        'a byte short'        | { it[0..<it.length - 1] }                         || /cut short: \d+ of \d+ bytes are there/
        'half of it'          | { it[0..<it.length.intdiv(2)] }                   || /cut short: \d+ of \d+ bytes are there/
        'a byte more'         | { it.toList() + [(byte) 0] }                      || 'has 1 bytes too many'
        'a bit of the body'   | { it[it.length - 9] ^= 4; it }                    || 'altered: its checksum is another'
        'a bit of the digest' | { it[30] ^= 1; it }                               || 'altered: its checksum is another'
        'another version'     | { it[11] = 1; it }                                || 'saved in version 1 of the format, this is version 2'
        'a text-mode copy'    | { it.toList() - [(byte) 13] }                     || 'not a saved guest'
    }

    def "a link stays one, and what is no file does not give way to one"() {
        given:
        Path behind = Files.writeString(folder.resolve('behind'), 'what was there')
        Path link = Files.createSymbolicLink(folder.resolve('link'), behind)
        def guest = puppy()

        when:
        guest.save(link)

        then:
        Files.isSymbolicLink(link)
        SnapshotFile.read(behind).name() == 'puppy'

        when:
        guest.save(Files.createDirectory(folder.resolve('directory')))

        then:
        def refused = thrown(IOException)
        refused.message == 'not a regular file'
        Files.isDirectory(folder.resolve('directory'))
        Files.list(folder).map { it.fileName.toString() }.sorted().toList() == ['behind', 'directory', 'link']
    }

    def "a guest that is no more cannot be saved"() {
        given:
        def guest = puppy()
        guest.close()

        when:
        guest.save(folder.resolve('late'))

        then:
        def refused = thrown(IllegalStateException)
        refused.message == 'guest puppy is off: closed'
        !Files.exists(folder.resolve('late'))
    }
}
