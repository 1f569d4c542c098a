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
import spock.lang.TempDir
import spock.lang.Unroll

/** What the images under a folder like samples/ do: the prebuilt ones and those built anew must agree. */
abstract class ImagesSpecification extends Specification {
    static final Limit PATIENCE = Limit.hostTime(Duration.ofMinutes(2))

    @TempDir
    Path wire

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

    def "puppy reads all that is typed ahead, however much it is"() {
        given:
        guest = Guest.create(lguest('puppy/puppy.elf').cmdline('quiet '))

        when:
        guest.console().offer(((1..200).collect { "echo line $it\n" }.join() + 'poweroff\n').bytes)
        stop = guest.run(PATIENCE)

        then:
        stop.kind() == Stop.Kind.OFF
        guest.transcript().text().findAll(/(?m)^line \d+$/) == (1..200).collect { "line $it".toString() }
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

    def "two puppies on one sharenet: ARP, ping, UDP echo, HTTP, both ways"() {
        given:
        def puppies = ['a', 'b'].collect { name ->
            Guest.create(new GuestConfig(name).kernel(samples.resolve('puppy/puppy.elf')).memoryBytes(16 << 20).cmdline('quiet ')
                .sharenet(wire.resolve('net')))
        }
        puppies.eachWithIndex { puppy, i -> assert answer(puppies, puppy, "net up 10.0.0.${i + 1}").startsWith("net: 10.0.0.${i + 1}, MAC 02:") }

        expect:
        [[0, 2], [1, 1]].every { from, to ->
            def said = { answer(puppies, puppies[from], "net $it") }
            assert said("ping 10.0.0.$to").endsWith('ping: 3 of 3 answered\n')
            assert said("udp 10.0.0.$to woof") == 'udp: woof\n'
            assert said("http 10.0.0.$to /bone") ==~ /HTTP\/1.0 200 OK\n(.+\n)+\npuppy, guest \d+, request 1: \/bone\n/
            assert said("http 10.0.0.$to") =~ /request 2: \/\n$/
            true
        }
        answer(puppies, puppies[0], 'net ping 10.0.0.9') == 'ping: nobody has this address\n'

        cleanup:
        puppies*.close()
    }

    /** Types a line at the prompt of one of several guests, which take turns. @return what it prints until its next prompt */
    private static String answer(List<Guest> guests, Guest to, String line) {
        def turn = Limit.guestTime(Duration.ofMillis(1))
        def untilPrompt = { long from ->
            5000.times {
                if (!to.transcript().text(from).endsWith('puppy> ')) {
                    guests.each { it.run(turn) }
                }
            }
            assert to.transcript().text(from).endsWith('puppy> ')
        }
        untilPrompt(0)
        long from = to.transcript().end()
        to.console().offer("$line\n".bytes)
        untilPrompt(from)
        to.transcript().text(from) - "$line\n" - ~/puppy> $/
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
