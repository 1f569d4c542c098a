package lguest.carrier

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit
import lguest.device.Console
import lguest.device.ConsoleTranscript
import lguest.device.OutputSink
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.Timeout
import spock.lang.Title

@Title('A console at a pseudo-terminal, and ordinary programs at its other end')
@Requires(value = { os.linux }, reason = 'pseudo-terminals are served on Linux only')
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PtySlowSpec extends Specification {
    def transcript = new ConsoleTranscript(OutputSink.NONE)
    def console = new Console(transcript, { }, { 0L }, { })
    def carrier = PtyCarrier.open(ConsoleAddress.parse('pty'), transcript, console)
    def device = carrier.address().where()
    def programs = []
    boolean over

    /** What it is like when the guest ends. */
    void end() {
        over = true
        carrier.close()
    }

    def cleanup() {
        programs*.destroyForcibly()
        if (!over) {
            end()
        }
    }

    void print(String text) {
        transcript.write(text.bytes, 0, text.length())
        transcript.flush()
    }

    Process program(String... command) {
        programs << new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        programs.last()
    }

    static String read(Process program, int bytes) { new String(program.inputStream.readNBytes(bytes)) }

    String typed(int bytes) {
        while (console.state().waitingBytes < bytes) {
            Thread.onSpinWait()
        }
        def out = new ByteArrayOutputStream()
        console.save(new DataOutputStream(out))
        new String(out.toByteArray(), 'ISO-8859-1')
    }

    def "it is a device of this user alone, and says which"() {
        expect:
        carrier.address().toString() ==~ 'pty:/dev/pts/\\d+'
        Files.getPosixFilePermissions(Path.of(device)) == PosixFilePermissions.fromString('rw-------')
    }

    def "who opens it gets all from the start, and what comes; the next one goes on from there"() {
        given:
        print('before\n')

        when:
        def first = program('cat', device)
        def start = read(first, 7)
        print('during\n')

        then:
        start == 'before\n'
        read(first, 7) == 'during\n'

        when:
        first.destroyForcibly().waitFor()
        print('between\n')
        def second = program('cat', device)
        print('after\n')

        then:
        read(second, 14) == 'between\nafter\n'
    }

    def "bytes are what they are, both ways, and nothing is echoed"() {
        given:
        def bytes = (0..255).collect { it as byte } as byte[]

        when:
        Files.write(Path.of(device), bytes)
        transcript.write(bytes, 0, bytes.length)
        transcript.flush()

        then:
        typed(256).contains(new String(bytes, 'ISO-8859-1'))
        program('cat', device).inputStream.readNBytes(256) == bytes
        !console.state().ended
    }

    def "nobody has to be there: the guest prints as much as it likes, and what is remembered is there for who comes"() {
        given:
        def line = 'x' * 1023 + '\n'
        6000.times { print(line) }

        expect:
        read(program('cat', device), 6000 * 1024).readLines().every { it == 'x' * 1023 }
    }

    def "who is there gets the rest before it ends, and then hears that it did"() {
        given:
        def reader = program('cat', device)
        print('first')
        read(reader, 5)

        when:
        print('y' * 50_000)
        end()

        then:
        new String(reader.inputStream.readAllBytes()) == 'y' * 50_000
    }

    def "with #who at the device it ends after #millis milliseconds"() {
        given:
        print('z' * 100_000)
        def idle = who == 'nobody' ? null : new FileInputStream(device)

        when:
        long start = System.nanoTime()
        end()
        int took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)

        then:
        took in millis

        cleanup:
        idle?.close()

        where:
        who                       || millis
        'nobody'                  || 0..1999
        'somebody who reads not'  || 2000..30_000
    }

    def "several guests have several"() {
        given:
        def other = PtyCarrier.open(ConsoleAddress.parse('pty'), new ConsoleTranscript(OutputSink.NONE), console)

        expect:
        other.address() != carrier.address()

        cleanup:
        other.close()
    }
}
