package lguest.carrier

import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import lguest.device.Console
import lguest.device.ConsoleTranscript
import lguest.device.LauncherExit
import lguest.device.OutputSink
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('A console at a socket')
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CarrierSlowSpec extends Specification {
    @TempDir
    Path folder

    def transcript = new ConsoleTranscript(OutputSink.NONE)
    def typed = new ByteArrayOutputStream()
    def console = new Console(transcript, { }, { 0L }, { })

    SocketCarrier listen(String address) {
        SocketCarrier.listen(ConsoleAddress.parse(address.replace('FOLDER', folder.toString())), transcript, console)
    }

    void print(String text) {
        transcript.write(text.bytes, 0, text.length())
        transcript.flush()
    }

    static SocketChannel call(SocketCarrier carrier) { SocketChannel.open(carrier.address().socket()) }

    static String read(SocketChannel from, int bytes) {
        def buffer = ByteBuffer.allocate(bytes)
        while (buffer.hasRemaining() && from.read(buffer) >= 0) {
            // the condition reads
        }
        new String(buffer.array(), 0, buffer.position())
    }

    /** Waits until nobody is at it. */
    static void awaitNobody(SocketCarrier carrier) {
        boolean taken = true
        while (taken) {
            synchronized (carrier) {
                taken = carrier.@caller != null
            }
        }
    }

    def "at #address a caller gets all from the start, and what comes; the next one goes on from there"() {
        given:
        def carrier = listen(address)
        print('before ')

        when:
        def first = call(carrier)
        print('during ')

        then:
        read(first, 14) == 'before during '

        when:
        first.close()
        awaitNobody(carrier)
        print('between ')
        def second = call(carrier)
        print('after')

        then:
        read(second, 13) == 'between after'

        when:
        print(' the end')
        carrier.close()

        then:
        read(second, 100) == ' the end'
        !Files.exists(folder.resolve('socket'))

        where:
        address << ['tcp:127.0.0.1:0', 'tcp:0', 'unix:FOLDER/socket']
    }

    def "what is typed is the guest's, ^C too, and the caller's end is not that of the input"() {
        given:
        def carrier = listen('tcp:0')
        def caller = call(carrier)

        when:
        ['abc', '\3', '\3', '\3'].each { caller.write(ByteBuffer.wrap(it.bytes)) }
        caller.close()
        awaitNobody(carrier)
        call(carrier).close()
        while (console.state().waitingBytes < 6) {
            Thread.onSpinWait()
        }

        then:
        !console.state().ended

        cleanup:
        carrier.close()
    }

    def "a second caller is told so, and sent away"() {
        given:
        def carrier = listen('tcp:0')
        print('x')
        def first = call(carrier)
        read(first, 1)

        expect:
        read(call(carrier), 100) == 'lguest: somebody else is at this console\r\n'

        cleanup:
        carrier.close()
    }

    def "a caller who does not read delays nobody, and loses nothing that is remembered"() {
        given:
        def carrier = listen('tcp:0')
        def caller = call(carrier)
        def line = 'x' * 1023 + '\n'

        when:
        6000.times { print(line) }

        then:
        def read = read(caller, 6000 * 1024)
        read.length() == 6000 * 1024
        read.readLines().every { it == 'x' * 1023 }

        cleanup:
        carrier.close()
    }

    def "a caller who comes too late for something is told how much"() {
        given:
        transcript = new ConsoleTranscript(OutputSink.NONE, 1000)
        def carrier = listen('tcp:0')
        print('a' * 1000 + 'b' * 400)

        expect:
        read(call(carrier), 50) == '\r\n[lguest: 500 bytes are missing here]\r\n' + 'a' * 10

        cleanup:
        carrier.close()
    }

    def "a caller who stands still does not hold up the end for ever"() {
        given:
        def carrier = listen('tcp:0')
        def caller = call(carrier)
        print('x' * (12 << 20))

        when:
        carrier.close()

        then:
        read(caller, 13 << 20).length() < 12 << 20
    }

    def "a socket that a dead launcher has left is replaced, one that is served is not, nor a file"() {
        given:
        def path = folder.resolve('socket')
        listen('unix:FOLDER/socket').with { dying ->
            Files.createLink(folder.resolve('dead'), path)
            dying.close()
        }

        when:
        def carrier = listen('unix:FOLDER/dead')
        listen('unix:FOLDER/dead')

        then:
        def refused = thrown(LauncherExit)
        refused.message == "console unix:$folder/dead: Address already in use"

        when:
        Files.writeString(folder.resolve('file'), 'kept')
        listen('unix:FOLDER/file')

        then:
        thrown(LauncherExit)
        Files.readString(folder.resolve('file')) == 'kept'

        cleanup:
        carrier.close()
    }

    def "#text is refused: #message"() {
        when:
        ConsoleAddress.parse(text)

        then:
        def refused = thrown(IllegalArgumentException)
        refused.message == "console $text: $message"

        where:
        text               || message
        'tcp:'             || 'nothing behind the colon'
        'tcp:65536'        || 'port 65536, must be 0 to 65535'
        'tcp:x'            || 'port x, must be 0 to 65535'
        'tcp:0.0.0.0:1'    || '0.0.0.0 is not this machine alone: 127.0.0.1 is'
        'tcp:example.org:1' || 'example.org is not this machine alone: 127.0.0.1 is'
        'unix:'            || 'nothing behind the colon'
        'pty:/dev/pts/3'   || 'the system names pseudo-terminals, say pty alone'
    }

    def "'#text' is no address"() {
        expect:
        ConsoleAddress.parse(text) == null

        where:
        text << ['', 'boot.log', 'x:tcp:1', './log:x', 'ptyx']
    }

    def "a log has the time at which each line began"() {
        given:
        def nanos = 1_191_963_600_000_000_000L
        def log = StampedLog.open(ConsoleAddress.parse("log:$folder/log"), { nanos }, { })

        when:
        ['one\ntw', 'o\n\nthr', 'ee'].each {
            log.write(it.bytes, 0, it.length())
            nanos += 1_234_567
        }
        log.close()

        then:
        Files.readString(folder.resolve('log')).split('\n') == ['2007-10-09T21:00:00.000000Z one', '2007-10-09T21:00:00.000000Z two',
            '2007-10-09T21:00:00.001234Z ', '2007-10-09T21:00:00.001234Z three']
    }

    def "a log that cannot be written any more is given up with a warning; one that cannot be opened is refused"() {
        given:
        def warnings = []
        def log = StampedLog.open(ConsoleAddress.parse("log:$folder/log"), { 0L }, { warnings << it })
        log.close()

        when:
        2.times { log.write('x'.bytes, 0, 1) }

        then:
        warnings.size() == 1
        warnings[0].startsWith("console log:$folder/log: ") && warnings[0].endsWith('; nothing more goes there')

        when:
        StampedLog.open(ConsoleAddress.parse("log:$folder"), { 0L }, { })

        then:
        thrown(LauncherExit)
    }
}
