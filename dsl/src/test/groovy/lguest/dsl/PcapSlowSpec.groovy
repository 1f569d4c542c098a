package lguest.dsl

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.IgnoreIf
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('What crosses a wire can be written down')
class PcapSlowSpec extends Specification {
    @TempDir
    Path folder

    String puppy(String name, String more = '') {
        "guest('$name') { memory 16.MB; kernel '${Scripts.PUPPY}'; cmdline 'quiet'; sharenet '${folder.resolve('net')}'; $more }\n" +
            "boot()\nexpect 'puppy> '\n"
    }

    Scripts.Ended pings(String second, String before = '', String after = '') {
        new Scripts(folder).run(puppy('a') + "sendLine 'net up 10.0.0.1'\nexpect 'MAC'\n" + puppy('b', second) +
            "sendLine 'net up 10.0.0.2'\nexpect 'MAC'\n$before\nsendLine 'net ping 10.0.0.1'\nexpect '3 of 3 answered'\n$after\n" +
            "sendLine 'poweroff'\nuse 'a'\nexpect 'puppy> '\nsendLine 'poweroff'\n")
    }

    /** Blocks of a file: type and body. */
    static List<List> blocks(Path file) {
        def buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN)
        def found = []
        while (buffer.hasRemaining()) {
            int type = buffer.getInt()
            int length = buffer.getInt()
            def body = new byte[length - 12]
            buffer.get(body)
            assert length % 4 == 0
            assert buffer.getInt() == length
            found << [type, ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN)]
        }
        found
    }

    static List<Integer> lengths(Path file) {
        blocks(file).findAll { it[0] == 6 }.collect { it[1].getInt(12) }
    }

    def "from the first frame on, if the guest's block says so"() {
        given:
        def file = folder.resolve('b.pcapng')

        when:
        def ended = pings("pcap '$file'")

        then:
        ended.err == ''
        ended.status == 0
        blocks(file)*.first().take(2) == [0x0A0D0D0A, 1]
        lengths(file) == [42, 42] + [98] * 6

        and: 'the guest sent every other one'
        blocks(file).drop(2).collect { type, body -> body.getInt(body.capacity() - 8) } == [2, 1] * 4

        and: "the guest's time, which only goes forward, and begins on a fixed date"
        def times = blocks(file).drop(2).collect { type, body -> (body.getInt(4) & 0xFFFFFFFFL) << 32 | body.getInt(8) & 0xFFFFFFFFL }
        times == times.sort(false)
        times.every { it.intdiv(1_000_000_000L).intdiv(86400) == 13795 }
    }

    def "between two lines of a script"() {
        given:
        def file = folder.resolve('late.pcapng')

        when:
        def ended = pings('', "pcap '$file'", "pcap null\nsendLine 'net udp 10.0.0.1 woof'\nexpect 'udp: woof'")

        then:
        ended.err == ''
        lengths(file) == [42, 42] + [98] * 6
    }

    def "#mistake"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy(block) + after)

        then:
        ended.status != 0
        ended.err.contains(message)

        where:
        mistake             | block                | after                || message
        'no network'        | "pcap 'x.pcapng'"    | ''                   || 'guest puppy has no network to record'
        'no network, later' | ''                   | "pcap 'x.pcapng'"    || 'guest puppy has no network to record'
        'no such folder'    | "sharenet File.createTempFile('net', '').tap { it.deleteOnExit() }; pcap '/no/such/x'" | '' || "cannot write '/no/such/x': No such file or directory"
    }

    @IgnoreIf(value = { !PcapSlowSpec.tshark() }, reason = 'no tshark')
    def "tshark reads it and finds nothing wrong"() {
        given:
        def file = folder.resolve('b.pcapng')
        pings("pcap '$file'", '', "sendLine 'net http 10.0.0.1 /bone'\nexpect '/bone\\n'\nsendLine 'net udp 10.0.0.1 woof'\nexpect 'udp: woof'")

        when:
        def show = { tshark(file, it) }
        def protocols = show(['-T', 'fields', '-e', '_ws.col.Protocol'])

        then:
        protocols.countBy { it }.subMap('ARP', 'ICMP') == [ARP: 2, ICMP: 6]
        protocols.contains('HTTP')
        protocols.contains('ECHO')
        show(['-Y', 'ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || _ws.malformed']) == []
        show(['-Y', 'http.response', '-T', 'fields', '-e', 'http.response.code']) == ['200']
    }

    @IgnoreIf(value = { !PcapSlowSpec.tshark() }, reason = 'no tshark')
    def "nor with what crosses usernet, where acknowledgments, resets and options of TCP are ours"() {
        given:
        def file = folder.resolve('c.pcapng')
        def ended = new Scripts(folder).run("""
            guest('puppy') {
                memory 16.MB; kernel '${Scripts.PUPPY}'; cmdline 'quiet'; pcap '$file'
                usernet { serve('10.0.2.80', 80) { 'woof' * 1000 } }
            }
            boot 'puppy'
            expect 'puppy> '
            ['net up 10.0.2.15 10.0.2.2': 'MAC', 'net ping 10.0.2.2': '3 of 3 answered', 'net http 10.0.2.80 /bone': 'woofwoof'].each {
                sendLine it.key
                expect it.value
                expect 'puppy> '
            }
            sendLine 'poweroff'
        """)

        expect:
        ended.status == 0
        tshark(file, ['-T', 'fields', '-e', '_ws.col.Protocol']).countBy { it }.subMap('ICMP', 'HTTP') == [ICMP: 6, HTTP: 2]

        and: 'no expert finds an error, either'
        tshark(file, ['-Y', 'ip.checksum.status == 0 || tcp.checksum.status == 0 || _ws.malformed || _ws.expert.severity >= 0x800000']) == []
    }

    /** What tshark says of a recording, a line each. */
    List<String> tshark(Path file, List<String> arguments) {
        def process = new ProcessBuilder(['tshark', '-n', '-r', file.toString(), '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE',
            '-o', 'udp.check_checksum:TRUE'] + arguments).redirectError(folder.resolve('said').toFile()).start()
        def lines = process.inputStream.readLines()
        assert process.waitFor() == 0 : Files.readString(folder.resolve('said'))
        lines
    }

    static boolean tshark() {
        try {
            'tshark --version'.execute().with { it.consumeProcessOutput(); it.waitFor() == 0 }
        } catch (IOException absent) {
            false
        }
    }
}
