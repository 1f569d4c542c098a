package lguest.net

import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import spock.lang.Specification
import spock.lang.Title

@Title('A network in user space')
class UserNetSpec extends Specification {
    static final int ROUTER = UserNet.ROUTER
    static final int NAME_SERVER = UserNet.NAME_SERVER
    static final int DEPOT = Ipv4.parse('10.0.2.80')

    List<Closeable> opened = []
    ExecutorService threads = Executors.newCachedThreadPool()

    def cleanup() {
        opened*.close()
        threads.shutdownNow()
    }

    OnUserNet guest(UserNetPlan plan = new UserNetPlan(), Closure hazard = null) {
        def guest = new OnUserNet(plan, hazard as Hazard)
        opened << guest
        guest
    }

    /** A server on the loopback interface that handles each connection on a thread of its own. */
    int server(Closure handler) {
        def server = new ServerSocket(0, 2000, InetAddress.loopbackAddress)
        opened << server
        threads.submit {
            while (true) {
                def socket = server.accept()
                threads.submit { socket.withCloseable(handler) }
            }
        }
        server.localPort
    }

    /** As talkers expect it. */
    static byte[] stuff(int bytes) { new byte[bytes].tap { stuff -> bytes.times { stuff[it] = Talker.at(it) } } }

    static byte[] bytes(String hex) { hex.replaceAll(/\s/, '').decodeHex() }

    // ---- who is there

    def "asked who has #address, it says #answer"() {
        given:
        def guest = guest(new UserNetPlan().serve('10.0.2.80', 80) { HttpResponse.text(200, '') })

        when:
        guest.wire.send(bytes("ffffffffffff 020000000000 0806 0001 0800 06 04 0001 020000000000 0a00020f 000000000000 $hex"))
        guest.serve()

        then:
        guest.frames*.encodeHex()*.toString() == (answer ? ["020000000000525" + "50a000202080600010800060400025" + "2550a000202${hex}0200000000000a00020f"] : [])

        where:
        address     | hex        || answer
        '10.0.2.2'  | '0a000202' || true
        '10.0.2.3'  | '0a000203' || true
        '10.0.2.80' | '0a000250' || true
        '10.0.2.15' | '0a00020f' || false
        '10.0.2.77' | '0a00024d' || false
    }

    def "#address answers #answers pings"() {
        given:
        def guest = guest()
        def icmp = [8, 0, 0, 0, 0, 1, 0, 2, *('woof'.bytes as List)] as byte[]
        ByteBuffer.wrap(icmp).putShort(2, (short) Checksum.fold(Checksum.sum(0, icmp, 0, icmp.length)))

        when:
        guest.send(new IpPacket(UserNet.GUEST, Ipv4.parse(address), IpPacket.ICMP, icmp))
        guest.serve()
        def packets = guest.frames.collect { IpPacket.parse(it) }

        then:
        packets.size() == answers
        packets.every { it.source() == Ipv4.parse(address) && it.payload()[0] == 0 && new String(it.payload(), 8, 4) == 'woof' }
        packets.every { Checksum.fold(Checksum.sum(0, it.payload(), 0, it.payload().length)) == 0 }

        where:
        address     || answers
        '10.0.2.2'  || 1
        '10.0.2.3'  || 1
        '10.0.2.99' || 0
    }

    // ---- DHCP

    static byte[] dhcp(int type, List<Integer> more = []) {
        def message = ByteBuffer.allocate(300)
        message.put(0, (byte) 1).put(1, (byte) 1).put(2, (byte) 6).putInt(4, 0x12345678).put(28, OnUserNet.MAC).putInt(236, 0x63825363)
        message.position(240).put([53, 1, type, *more, 255] as byte[])
        message.array()
    }

    def "DHCP message #type #more is answered by #answer"() {
        given:
        def guest = guest()

        when:
        guest.send(new UdpDatagram(68, 67, dhcp(type, more)).from(0, -1))
        guest.serve()
        def answers = guest.frames.collect { IpPacket.parse(it) }

        then:
        answers.every { it.source() == ROUTER && it.destination() == -1 }
        answers.collect { UdpDatagram.parse(it).payload()[242] as int } == (answer ? [answer] : [])
        answers.every {
            def said = ByteBuffer.wrap(UdpDatagram.parse(it).payload())
            said.getInt(4) == 0x12345678 && said.getInt(16) == (answer == 6 || type == 8 ? 0 : UserNet.GUEST)
        }

        where:
        type | more                                     || answer
        1    | []                                       || 2
        3    | [50, 4, 10, 0, 2, 15]                    || 5
        3    | [50, 4, 10, 0, 2, 15, 54, 4, 10, 0, 2, 2]|| 5
        3    | [50, 4, 192, 168, 0, 9]                  || 6
        3    | [50, 4, 10, 0, 2, 15, 54, 4, 1, 1, 1, 1] || null
        8    | []                                       || 5
        4    | []                                       || null
        1    | [50, 200, 1]                             || 2
    }

    // ---- names

    static byte[] query(String name, int type = 1) {
        def out = new ByteArrayOutputStream()
        out << bytes('abcd 0100 0001 0000 0000 0000')
        name.tokenize('.').each { out.write(it.length()); out << it.bytes }
        out << bytes('00') << ([0, type, 0, 1] as byte[])
        out.toByteArray()
    }

    def "names out of the table: #name, type #type"() {
        given:
        def guest = guest(new UserNetPlan().isolated(true).name('Depot.example', '10.0.2.80'))

        when:
        def answer = guest.ask(NAME_SERVER, 53, query(name, type))

        then:
        answer.encodeHex().toString().startsWith("abcd$flags")
        answer.encodeHex().toString().endsWith(end)

        where:
        name            | type || flags          | end
        'depot.example' | 1    || '818000010001' | 'c00c000100010000003c00040a000250'
        'DEPOT.example' | 1    || '818000010001' | '0a000250'
        'depot.example' | 28   || '818000010000' | '001c0001'
        'other.example' | 1    || '818200010000' | '00010001'
    }

    def "other names are asked of a resolver, and what it says is handed on"() {
        given:
        def resolver = new DatagramSocket(0, InetAddress.loopbackAddress)
        opened << resolver
        threads.submit {
            def packet = new DatagramPacket(new byte[512], 512)
            resolver.receive(packet)
            packet.data[2] = (byte) 0x81
            resolver.send(packet)
        }
        def guest = guest(new UserNetPlan().resolver('127.0.0.1', resolver.localPort).name('depot', '10.0.2.80'))
        def asked = query('other.example')

        expect:
        guest.ask(NAME_SERVER, 53, asked, true) == Arrays.copyOf(asked, asked.length).tap { it[2] = (byte) 0x81 }
    }

    // ---- servers of functions

    /** Asks, byte by byte, and hears. */
    static class Asker implements TcpApplication {
        TcpConnection connection
        String request
        StringBuilder heard = new StringBuilder()

        @Override
        void opened() { request.bytes.each { connection.write([it] as byte[], 0, 1) } }

        @Override
        void readable() {
            def read = connection.read()
            heard << new String(read.copy(0, read.size()))
            connection.consumed(read.size())
        }

        @Override
        void ended() { connection.finish() }

        @Override
        void gone(boolean broken) { heard << (broken ? '<broken>' : '<closed>') }
    }

    def "a server made of a function answers #request with #status"() {
        given:
        def guest = guest(new UserNetPlan().isolated(true).serve('10.0.2.80', 80) {
            HttpResponse.text(200, "$it.method $it.path '$it.text' ${it.headers['x-dog']}")
        })
        def client = new Asker(request: request)

        when:
        client.connection = guest.tcp.connect(UserNet.GUEST, DEPOT, 80, client)
        guest.until { client.heard.toString().endsWith('>') }

        then:
        client.heard.toString().startsWith("HTTP/1.0 $status ")
        client.heard.toString().endsWith("$body<closed>")

        where:
        request                                                    || status | body
        'GET /a?b HTTP/1.0\r\n\r\n'                                || 200    | "GET /a?b '' null"
        'post /a HTTP/1.1\r\nX-Dog: 7\r\ncontent-length: 4\r\n\r\nwoof' || 200 | "POST /a 'woof' 7"
        'woof\r\n\r\n'                                             || 400    | 'no request: woof\n'
        'GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n'             || 400    | 'no request: Content-Length -1\n'
    }

    // ---- the host's sockets

    def "TCP to a program of the host, #bytes bytes each way, 1% lost"() {
        given:
        def port = server { Socket socket -> socket.outputStream << socket.inputStream; socket.shutdownOutput() }
        def guest = guest(new UserNetPlan()) { Passage it -> if (it.chance(0.01)) it.drop() }
        def talker = new Talker(toSay: bytes)

        when:
        guest.connect(talker, ROUTER, port)
        guest.until { talker.gone }

        then:
        talker.gone == 'closed'
        !talker.wrong
        talker.heard == bytes

        where:
        bytes << [0, 1, 1_000_000]
    }

    def "each direction closes by itself: #who first"() {
        given:
        def port = server { Socket socket ->
            if (who == 'guest') {
                assert socket.inputStream.readAllBytes().length == 50_000
            }
            socket.outputStream.write(stuff(50_000))
            socket.shutdownOutput()
            if (who == 'host') {
                assert socket.inputStream.readAllBytes().length == 50_000
            }
        }
        def guest = guest()
        def talker = new Talker(toSay: 50_000, waitsForEnd: who == 'host')

        when:
        guest.connect(talker, ROUTER, port)
        guest.until { talker.gone }

        then:
        talker.gone == 'closed'
        talker.heard == 50_000
        !talker.wrong

        where:
        who << ['guest', 'host']
    }

    def "where nobody listens, and where it may not go, the guest is refused: #what"() {
        given:
        def free = new ServerSocket(0, 1, InetAddress.loopbackAddress).withCloseable { it.localPort }
        def guest = guest(new UserNetPlan().isolated(isolated))
        def talker = new Talker()

        when:
        guest.connect(talker, Ipv4.parse(address), free)
        guest.until { talker.gone }

        then:
        talker.gone == 'broken'

        where:
        what                    | isolated | address
        'nobody listens'        | false    | '10.0.2.2'
        'isolated'              | true     | '10.0.2.2'
        'nobody has the address'| false    | '10.0.2.99'
        'loopback'              | false    | '127.0.0.1'
        'multicast'             | false    | '224.0.0.1'
    }

    def "a host that breaks the connection breaks it for the guest"() {
        given:
        def port = server { Socket socket -> socket.inputStream.read(); socket.setSoLinger(true, 0) }
        def guest = guest()
        def talker = new Talker(toSay: 1, closes: false)

        when:
        guest.connect(talker, ROUTER, port)
        guest.until { talker.gone }

        then:
        talker.gone == 'broken'
    }

    def "UDP goes out and comes back"() {
        given:
        def echo = new DatagramSocket(0, InetAddress.loopbackAddress)
        opened << echo
        threads.submit {
            def packet = new DatagramPacket(new byte[2000], 2000)
            while (true) {
                packet.length = 2000
                echo.receive(packet)
                echo.send(packet)
            }
        }
        def guest = guest()

        expect:
        ['woof', 'x' * 1472].every { new String(guest.ask(ROUTER, echo.localPort, it.bytes, true)) == it }
    }

    def "a port of the host leads to the guest"() {
        given:
        def guest = guest(new UserNetPlan().forward('0:22'))
        def said = new CopyOnWriteArrayList()
        def talker = new Talker(echoes: true)
        guest.listener = { ends ->
            assert ends.port() == 22 && ends.peerAddress() == ROUTER
            new TcpTable.Endpoint(talker, { talker.connection = it; it.accept() })
        } as TcpTable.Listener
        def sent = stuff(100_000)

        when:
        threads.submit {
            new Socket(InetAddress.loopbackAddress, guest.wire.ports()[0]).withCloseable {
                def socket = it
                threads.submit { socket.outputStream << sent; socket.shutdownOutput() }
                said << socket.inputStream.bytes
            }
        }
        guest.until { said && talker.gone }

        then:
        said[0] == sent
        talker.gone == 'closed'
    }

    def "a port for datagrams leads to the guest, for each of those who send there"() {
        given:
        def guest = guest(new UserNetPlan().isolated(true).forward('0:53/udp'))
        int door = guest.wire.ports()[0]
        def callers = (1..2).collect { new DatagramSocket(0, InetAddress.loopbackAddress) }
        opened.addAll(callers)
        def heard = { DatagramSocket caller ->
            def packet = new DatagramPacket(new byte[2000], 2000)
            caller.soTimeout = 60_000
            caller.receive(packet)
            "$packet.port: ${new String(packet.data, 0, packet.length)}"
        }
        // Nobody's port in the guest's world is another one than it is in the host's.
        guest.ask(ROUTER, 9, 'here I am'.bytes)
        guest.frames.clear()

        when:
        callers.eachWithIndex { caller, i ->
            caller.send(new DatagramPacket("question $i".bytes, 10, InetAddress.loopbackAddress, door))
            guest.until { guest.frames.size() == i + 1 }
        }
        def questions = guest.frames.collect { UdpDatagram.parse(IpPacket.parse(it)) }
        questions.reverse().each {
            guest.send(new UdpDatagram(53, it.sourcePort(), "answer to ${new String(it.payload())}".bytes).from(UserNet.GUEST, ROUTER))
            guest.send(new UdpDatagram(54, it.sourcePort(), 'nothing anybody has asked'.bytes).from(UserNet.GUEST, ROUTER))
        }

        then:
        questions*.sourcePort() == callers*.localPort
        questions.every { it.destinationPort() == 53 }
        callers.collect(heard) == ["$door: answer to question 0", "$door: answer to question 1"]
    }

    def "which port was chosen is news, on a rough wire, too: #ports"() {
        expect:
        guest(new UserNetPlan().forward(ports), hazard).wire.news().join('\n') ==~ /forward $ports: the port of this machine is [1-9]\d+/

        where:
        ports      | hazard
        '0:22'     | null
        '0:53/udp' | null
        '0:22'     | { }
    }

    def "a port that was asked for is no news"() {
        given:
        def port = new ServerSocket(0, 1, InetAddress.loopbackAddress).withCloseable { it.localPort }

        expect:
        guest(new UserNetPlan().forward("$port:22")).wire.news() == []
    }

    def "a port that is taken is named: #transport"() {
        given:
        def taken = transport == 'tcp' ? new ServerSocket(0, 1, InetAddress.loopbackAddress) : new DatagramSocket(0, InetAddress.loopbackAddress)
        opened << taken

        when:
        UserNet.open(new UserNetPlan().forward("$taken.localPort:22$text"))

        then:
        def failure = thrown(IOException)
        failure.message == "forward $taken.localPort:22$text: Address already in use"

        where:
        transport | text
        'tcp'     | ''
        'udp'     | '/udp'
    }

    def "a net is closed once, however often that is said"() {
        given:
        def guest = guest(new UserNetPlan().forward('0:22'))
        def port = guest.wire.ports()[0]

        when:
        2.times { guest.wire.close() }
        new ServerSocket(port, 1, InetAddress.loopbackAddress).close()

        then:
        noExceptionThrown()
    }

    def "frames of nonsense do no harm"() {
        given:
        long seed = System.nanoTime()
        println "seed $seed"
        def random = new Random(seed)
        def guest = guest(new UserNetPlan().isolated(true).name('depot', '10.0.2.80').serve('10.0.2.80', 80) { HttpResponse.text(200, '') })
        def good = [
            bytes("ffffffffffff 020000000000 0806 0001 0800 06 04 0001 020000000000 0a00020f 000000000000 0a000202"),
            *[new UdpDatagram(68, 67, dhcp(1)).from(0, -1), new UdpDatagram(9, 53, query('depot')).from(UserNet.GUEST, NAME_SERVER),
              new Segment(1000, 80, 7, 0, Segment.SYN, 1000, 1460, Segment.UNSAID, Segment.NO_BYTES).from(UserNet.GUEST, DEPOT),
              new Segment(1000, 80, 8, 0, Segment.ACK, 1000, 0, Segment.UNSAID, 'GET'.bytes).from(UserNet.GUEST, DEPOT)]
                .collect { Ethernet.frame(guest.wire.mac(), OnUserNet.MAC, Ethernet.IP, it.bytes()) }]

        when:
        20_000.times {
            def frame = good[random.nextInt(good.size())].clone()
            if (random.nextInt(4) == 0) {
                frame = Arrays.copyOf(frame, random.nextInt(frame.length + 20))
            }
            random.nextInt(4).times { frame.length > 0 && (frame[random.nextInt(frame.length)] = (byte) random.nextInt()) }
            if (frame.length >= 34) {
                // With the right checksum it gets further.
                frame[24] = 0
                frame[25] = 0
                ByteBuffer.wrap(frame).putShort(24, (short) Checksum.fold(Checksum.sum(0, frame, 14, Math.min((frame[14] & 15) * 4, frame.length - 14))))
            }
            guest.wire.send(frame)
            guest.serve()
        }

        then:
        guest.ask(NAME_SERVER, 53, query('depot')) != null
    }
}
