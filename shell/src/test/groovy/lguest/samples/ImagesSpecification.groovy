package lguest.samples

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.PortHandler
import lguest.machine.Stop
import spock.lang.Specification
import spock.lang.Unroll

/** What the images under a folder like samples/ do: the prebuilt ones and those built anew must agree. */
abstract class ImagesSpecification extends Specification {
    static final Limit PATIENCE = Limit.hostTime(Duration.ofMinutes(2))

    Guest guest
    Stop stop

    abstract Path getSamples()

    def cleanup() {
        guest?.close()
    }

    @Unroll('hello says hello and powers off, strict: #strict')
    def "hello"() {
        when:
        run(lguest('hello/hello.elf').strict(strict))

        then:
        stop.kind() == Stop.Kind.OFF
        guest.transcript().text() == text('hello/hello.expected')

        where:
        strict << [false, true]
    }

    @Unroll('bare-hello prints its command line: "#words"')
    def "bare-hello"() {
        expect:
        bare(new GuestConfig('bare').kernel(samples.resolve('bare/bare-hello.elf')).cmdline(words)) == "$words\n"
        guest.state() == Guest.State.OFF
        guest.exitValue() == 0x31

        where:
        words << ['words to print', '']
    }

    def "bare-flat prints its text"() {
        expect:
        bare(new GuestConfig('bare').kernel(samples.resolve('bare/bare-flat.bin'))) == text('bare/bare-flat.expected')
        guest.exitValue() == 0x31
    }

    @Unroll('puppy finds nothing wrong with its Host, strict: #strict')
    def "puppy's self-test"() {
        when:
        run(lguest('puppy/puppy.elf').cmdline('quiet selftest ').strict(strict))

        then:
        stop.kind() == Stop.Kind.OFF
        guest.transcript().text() == text('puppy/puppy.expected')

        where:
        strict << [false, true]
    }

    GuestConfig lguest(String image) {
        new GuestConfig('sample').kernel(samples.resolve(image)).memoryBytes(16 << 20)
    }

    void run(GuestConfig config) {
        guest = Guest.create(config)
        stop = guest.run(PATIENCE)
    }

    /** Runs on a bare machine. @return what came out of port 0xE9 */
    String bare(GuestConfig config) {
        def printed = new ByteArrayOutputStream()
        run(config.platform(GuestConfig.Platform.BARE).memoryBytes(4 << 20)
            .port(0xE9, written { printed.write(it) })
            .port(0xF4, written { guest.exit(it) }))
        printed.toString('ISO-8859-1')
    }

    String text(String expected) {
        Files.readString(samples.resolve(expected))
    }

    private static PortHandler written(Closure action) {
        [write: { int port, int value, int bits -> action(value) }] as PortHandler
    }
}
