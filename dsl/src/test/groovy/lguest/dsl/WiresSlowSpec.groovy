package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('Network cards of a script, and what happens on their wires')
class WiresSlowSpec extends Specification {
    @TempDir
    Path folder

    static String puppy(String net, String name = 'puppy', int last = 15) {
        "guest('$name') { memory 16.MB; kernel '${Scripts.PUPPY}'; cmdline 'quiet'; $net }\nboot()\nexpect 'puppy> '\n" +
            "sendLine 'net up 10.0.2.$last 10.0.2.2'\nexpect 'MAC'\n"
    }

    Scripts.Ended run(String code) { new Scripts(folder).run(code) }

    def "a closure is a server on a user net"() {
        when:
        def ended = run(puppy("usernet { serve('10.0.2.80', 80) { request -> \"you asked for \$request.path\\n\" } }") + '''
            sendLine 'net ping 10.0.2.2'
            expect '3 of 3 answered'
            sendLine 'net http 10.0.2.80 /bone'
            expect 'you asked for /bone'
            sendLine 'poweroff'
        ''')

        then:
        ended.err == ''
        ended.status == 0
    }

    def "a port for datagrams leads to the guest"() {
        given:
        def port = new DatagramSocket(0, InetAddress.loopbackAddress).withCloseable { it.localPort }

        when:
        def ended = run(puppy("time host; usernet { forward $port, to: 7, udp }") + """
            def socket = new DatagramSocket(0, InetAddress.loopbackAddress)
            socket.soTimeout = 60_000
            def packet = new DatagramPacket('woof'.bytes, 4, InetAddress.loopbackAddress, $port)
            def echo = new java.util.concurrent.CompletableFuture()
            Thread.startDaemon {
                socket.send(packet)
                socket.receive(packet)
                echo.complete("\$packet.port: \${new String(packet.data, 0, packet.length)}")
            }
            waitFor(60.seconds.host) { echo.done }
            println echo.get()
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == "$port: woof\n"
    }

    def "a script is told which port was found"() {
        expect:
        run(puppy('usernet { forward 0, to: 22 }') + "println guest('puppy').forwardedPorts; exit 0").with {
            def said = it.err =~ /^guest puppy: forward 0:22: the port of this machine is ([1-9]\d+)\n$/
            said.find() && it.out == "[${said[0][1]}]\n"
        }
    }

    def "a server that fails stops its guest, and its line is named"() {
        when:
        def ended = run(puppy("usernet { serve('10.0.2.80', 80) { woof } }") + "sendLine 'net http 10.0.2.80'\nexpect 'never said'\n")

        then:
        ended.status == 3
        ended.err.contains('woof')
    }

    def "what a wire loses and delays is the same in every run: #net"() {
        given:
        def run = { int i ->
            def file = folder.resolve("${i}.pcapng")
            def code = puppy("${net.replace('FILE', "'${folder.resolve('wire' + i)}'")}; pcap '$file'")
            if (net.startsWith('sharenet')) {
                code = puppy("sharenet '${folder.resolve('wire' + i)}'", 'other', 80) + code
            }
            def ended = run(code + '''
                sendLine 'net ping 10.0.2.80'
                expect 'of 3 answered'
                sendLine 'net http 10.0.2.80 /bone'
                expect '/bone'
                sendLine 'net http 10.0.2.80 /stick'
                expect '/stick'
                exit 0
            ''')
            assert ended.err == ''
            Files.readAllBytes(file)
        }

        when:
        def first = run(1)

        then: 'two runs differ in nothing but the name of the file that is the wire'
        withoutName(first) == withoutName(run(2))

        where:
        net << ['''usernet {
                       serve('10.0.2.80', 80) { "asked for $it.path" }
                       frames { if (chance(0.1)) drop(); if (number % 3 == 0) delay 20.ms; if (chance(0.1)) duplicate(); if (chance(0.05)) corrupt() }
                   }''',
                'sharenet(FILE) { frames { if (chance(0.1)) drop(); delay 2.ms; if (chance(0.1)) duplicate() } }']
    }

    /** Without the first two blocks: the file's header and the wire's description. */
    private static List<List> withoutName(byte[] pcap) {
        def file = Files.write(Files.createTempFile('wire', '.pcapng'), pcap)
        try {
            PcapSlowSpec.blocks(file).drop(2).collect { type, body -> [type, body.array().toList()] }
        } finally {
            Files.delete(file)
        }
    }

    def "frames can be looked at, changed and dropped"() {
        when:
        def ended = run('def kinds = []\n' + puppy('''usernet { frames { frame ->
                kinds << "${frame.outbound ? 'from' : 'for'} ${frame.length}"
                if (frame.bytes[12] == 8 as byte && frame.bytes[13] == 0 && frame.outbound) drop()
            } }''') + '''
            sendLine 'net ping 10.0.2.2'
            expect '0 of 3 answered'
            println kinds
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.contains('[from 42, for 42, from 98, from 98, from 98]')
    }

    def "#block is a mistake: #message"() {
        when:
        def ended = run(puppy(block) + "sendLine 'net ping 10.0.2.2'\nexpect 'never said'\n")

        then:
        ended.status in [1, 3]
        ended.err.contains(message)

        where:
        block                                            || message
        "usernet { forward 22 }"                         || 'forward'
        "usernet { forward 8022, too: 22 }"              || 'give two ports, forward 8022, to: 22'
        "usernet { forward 70000, to: 22 }"              || 'usernet: forward 70000:22: port 70000, must be 1 to 65535'
        "usernet { forward 70000, to: 22, udp }"         || 'usernet: forward 70000:22/udp: port 70000, must be 1 to 65535'
        "usernet { serve('10.0.2', 80) { } }"            || "usernet: '10.0.2' is no address: must be four numbers of 0 to 255"
        "usernet { name 'depot', '1.2.3.4.5' }"          || "'1.2.3.4.5' is no address"
        "usernet { framse { } }"                         || 'framse'
        "tunnet('10.0.0') { forward 8022, to: 22 }"    || 'forward'
        "tunnet '10.0.0'"                                || "tunnet '10.0.0' is no address"
        "tunnet 'bridge:'"                               || 'must specify bridge name'
        "usernet { frames { it.delay(-1.ms) } }"         || 'a delay of -1000000 ns'
    }
}
