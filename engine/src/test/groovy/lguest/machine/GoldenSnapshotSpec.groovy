package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

/**
 * Files NAME-VERSION.guest in the test resources were saved by builds of their time. Where this fails, the format has changed, and
 * {@link SnapshotFile#VERSION} goes up by one: what is refused by name of its version is better than a guest that goes on wrongly.
 * The files of the new version join those there are, in {@code where} below, too:
 *
 * <pre>
 * guest('puppy') { memory 4.MB; kernel 'samples/puppy/puppy.elf'; cmdline 'quiet ' }
 * boot(); expect 'puppy> '
 * sendLine 'run fpu'
 * run(20_003.instructions)
 * save 'puppy-2.guest'
 * </pre>
 *
 * hello has 2 MiB and has run for 5 instructions; bare is samples/bare/bare-flat.bin at 0x100000 in 2 MiB after 20.
 */
@Title('Guests that older builds have saved')
@Timeout(60)
class GoldenSnapshotSpec extends Specification {
    private static final Path GOLDEN = Path.of('src/test/resources/lguest/machine')

    @TempDir
    Path folder

    private final StringBuilder printed = new StringBuilder()
    private Guest guest

    def cleanup() { guest?.close() }

    private static Path file(String name) { GOLDEN.resolve("${name}.guest") }

    private Guest restored(Path file) {
        Snapshot snapshot = SnapshotFile.read(file)
        GuestConfig config = snapshot.config(snapshot.name(), [:], [])
        if (snapshot.name() == 'bare') {
            config.port(0xE9, [write: { int at, int value, int bits -> printed.append((char) value) }] as PortHandler)
            config.port(0xF4, [write: { int at, int value, int bits -> guest.exit(value) }] as PortHandler)
        }
        guest = Guest.restore(config, snapshot)
    }

    def "#name goes on to where it went when it was saved"() {
        when:
        restored(file(name))
        guest.run(Limit.instructions(1_000_000).andGuestTime(Duration.ofSeconds(5)))

        then:
        guest.instructions() == instructions
        guest.memoryHash().encodeHex().toString() == hash
        guest.transcript().text() + printed == text

        where:
        name      || instructions | text                             | hash
        'hello-2' || 10           | 'Hello from a guest of one page.\n' | '5314f15f5430f0c707837e8cd21ff04663ed638ea5e6d96322ca85a02f8e5830'
        'puppy-2' || 1_050_160    | 'puppy> run fpu\n'                  | '535704057c26f676fcc681a5c5ac6d3b762aa7372444d38998b0069c6d6f2ea9'
        'bare-2'  || 132          | 'lo from a flat image.\n'           | '95e0b2f2abc8a2a570b046d0110c83a320afe97408ffab7ce6e44ce34ea8f991'
    }

    def "#name, saved again, is what it was"() {
        given:
        Map<String, byte[]> was = SnapshotFile.read(file(name)).write()
        restored(file(name)).save(folder.resolve('again'))
        Map<String, byte[]> is = SnapshotFile.read(folder.resolve('again')).write()

        expect:
        is.keySet().toList() == was.keySet().toList()
        is.findAll { section, bytes -> !Arrays.equals(bytes, was[section]) }.keySet().empty

        where:
        name << ['hello-2', 'puppy-2', 'bare-2']
    }

    def "there are files of this version of the format, and every file is here"() {
        given:
        def names = Files.list(GOLDEN).withCloseable { it.collect { "$it.fileName" - '.guest' } }

        expect:
        names.findAll { it.endsWith("-$SnapshotFile.VERSION") }.sort() == ['bare', 'hello', 'puppy'].collect { "$it-$SnapshotFile.VERSION".toString() }
        names.each { assert Files.readAllBytes(file(it))[11] == (it.tokenize('-')[1] as int) }
    }
}
