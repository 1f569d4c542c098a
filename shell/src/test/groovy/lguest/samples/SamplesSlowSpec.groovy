package lguest.samples

import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.Stop
import spock.lang.Title
import spock.lang.Unroll

@Title('The prebuilt samples')
class SamplesSlowSpec extends ImagesSpecification {
    static final Path SAMPLES = Path.of('..', 'samples')
    static final String PROMPT = 'puppy> '

    @Override
    Path getSamples() {
        SAMPLES
    }

    @Unroll('puppy answers `#typed`')
    def "a session with puppy"() {
        given:
        guest = atPrompt()

        expect:
        answer(typed) == "$typed\n$reply\n".toString()

        where:
        typed       | reply
        'echo a  b' | 'a  b'
        'run hello' | 'hello from pid 1, or so GS says: 1\n[1] hello: exit status 0'
        'run count' | 'count 1\ncount 2\ncount 3\ncount 4\ncount 5\n[1] count: exit status 0'
        'run fpu'   | 'fpu: sum from 1/1^2 is 1.644884, 0 rounds differ\nfpu: sum from 1/2^2 is 0.644884, 0 rounds differ\n' +
                      '[1] fpu: exit status 0\n[2] fpu: exit status 0'
        'run grow'  | 'grow: 32 pages of heap, 9 of stack, 0 not zero\n[1] grow: exit status 0'
        'fault 6'   | 'puppy: pid 1 (fault): general protection (vector 13, error 0xfa) at eip 0x00400029\n[1] fault: exit status -1'
        'woof'      | 'woof: no such command; type help'
    }

    def "puppy dies when told to, and says what of"() {
        given:
        guest = atPrompt()

        when:
        guest.console().offer('crash good night\n'.bytes)
        stop = guest.run(PATIENCE)

        then:
        stop.kind() == Stop.Kind.DEAD
        stop.reason() == 'CRASH: good night'
    }

    def "a fault loop in a program leaves the prompt alone, and ^D powers off"() {
        given:
        guest = atPrompt()

        when:
        (0..7).each { answer("fault $it") }
        guest.console().offer([4] as byte[])
        stop = guest.run(PATIENCE)

        then:
        stop.kind() == Stop.Kind.OFF
    }

    def "three puppies, each on a thread of its own and in host time, ping one another at once"() {
        given:
        def puppies = (1..3).collect { number ->
            Guest.create(lguest('puppy/puppy.elf').cmdline('quiet ').sharenet(wire.resolve('net')).time(GuestConfig.TimeKind.HOST))
        }
        def says = { Guest puppy, String text -> puppy.run(PATIENCE.until { puppy.transcript().text().contains(text) }).kind() }

        when:
        puppies.eachWithIndex { puppy, i -> puppy.console().offer("net up 10.0.0.${i + 1}\n".bytes) }

        then: 'all are up before any asks for another'
        puppies.collect { says(it, 'MAC') } == [Stop.Kind.CONDITION] * 3

        when:
        puppies.eachWithIndex { puppy, i ->
            5.times { puppy.console().offer("net ping 10.0.0.${(i + 1) % 3 + 1}\nnet http 10.0.0.${(i + 2) % 3 + 1} /\n".bytes) }
            puppy.console().offer('echo done\n'.bytes)
        }
        def threads = Executors.newFixedThreadPool(3)
        def allDone = { puppies.every { it.transcript().text().contains('\ndone\n') } }
        puppies.collect { puppy ->
            threads.submit {
                while (!allDone()) {
                    puppy.run(Limit.hostTime(Duration.ofMillis(50)))
                }
            }
        }*.get(2, TimeUnit.MINUTES)

        then: 'nobody is stuck, and all got answers; not all of them, because a busy machine lets a guest wait longer than its second'
        puppies.every { it.transcript().text().findAll(/ping: \d of 3 answered|nobody has this address/).size() == 5 }
        puppies.every { it.transcript().text().contains('ping: 3 of 3 answered') }
        puppies.every { it.transcript().text().contains('HTTP/1.0 200 OK') }

        cleanup:
        threads?.shutdownNow()
        puppies*.close()
    }

    def "two sessions under virtual time are the same: bytes, instructions, memory"() {
        expect:
        session() == session()
    }

    private List<Object> session() {
        guest = atPrompt()
        ['run fpu', 'run sleeper', 'time', 'run count &', 'spin 1', 'irq', 'ticks', 'selftest'].each { answer(it) }
        guest.console().offer('poweroff\n'.bytes)
        stop = guest.run(PATIENCE)
        def seen = [stop.kind(), guest.transcript().bytes(0).encodeBase64() as String, guest.instructions(),
                    guest.memoryHash().encodeHex() as String]
        guest.close()
        seen
    }

    private Guest atPrompt() {
        def puppy = Guest.create(lguest('puppy/puppy.elf').cmdline('quiet '))
        puppy.run(PATIENCE.until { puppy.transcript().text() == PROMPT })
        assert puppy.alive()
        puppy
    }

    /** Types a line. @return what is printed until the next prompt */
    private String answer(String line) {
        long from = guest.transcript().end()
        guest.console().offer("$line\n".bytes)
        stop = guest.run(PATIENCE.until { guest.transcript().text(from).endsWith("\n$PROMPT") })
        assert stop.kind() == Stop.Kind.CONDITION : stop.reason()
        guest.transcript().text(from) - ~/$PROMPT$/
    }
}
