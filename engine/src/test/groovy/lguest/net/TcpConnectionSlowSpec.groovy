package lguest.net

import spock.lang.Specification
import spock.lang.Title

@Title('TCP on a wire that loses, reorders, doubles and corrupts')
class TcpConnectionSlowSpec extends Specification {
    static final long MILLI = Simulation.MILLI
    static final long SECOND = Simulation.SECOND

    Talker left = new Talker()
    Talker right = new Talker()

    Simulation simulation(Closure hazard = { }) {
        def simulation = new Simulation(hazard as Hazard)
        simulation.serve { right }
        simulation
    }

    void over(Simulation simulation) {
        simulation.run()
        assert left.gone == 'closed' && right.gone == 'closed'
        assert !left.wrong && !right.wrong
        assert left.heard == right.said && right.heard == left.said
        assert simulation.left.size() == 0 && simulation.right.size() == 0
    }

    def "a conversation, segment by segment"() {
        given:
        def simulation = simulation()
        simulation.recording = true
        left.toSay = 5
        right.toSay = 3

        when:
        simulation.connect(left)
        over(simulation)
        def shown = simulation.seen.collect { it.replaceAll(/(seq|ack) \d+ |win \d+ |\d+>\d+ /, '').replaceAll(/ (seq|ack) \d+/, '') }

        then:
        shown == ['> SYN len 0', '< SYN len 0', '> len 5', '> FIN len 0', '> len 0', '< len 3', '< FIN len 0', '< len 0', '> len 0']
        simulation.now < 60 * SECOND
    }

    def "#bytes bytes each way arrive over a wire with #hazard"() {
        given:
        def simulation = simulation(action)
        left.toSay = bytes
        right.toSay = bytes

        when:
        simulation.connect(left)
        over(simulation)

        then:
        left.heard == bytes

        where:
        hazard                     | bytes     | action
        'nothing wrong'            | 3_000_000 | { }
        '1% loss'                  | 3_000_000 | { Passage it -> if (it.chance(0.01)) it.drop() }
        '30% loss'                 | 100_000   | { Passage it -> if (it.chance(0.3)) it.drop() }
        'jitter that reorders'     | 1_000_000 | { Passage it -> it.delayNanos((long) (it.chance(0.2) ? 3 * MILLI : 0)) }
        'everything twice'         | 300_000   | { Passage it -> it.duplicate() }
        '1% corrupt'               | 1_000_000 | { Passage it -> if (it.chance(0.01)) it.corrupt() }
        'all of it, at 5% each'    | 300_000   | { Passage it ->
            if (it.chance(0.05)) it.drop()
            if (it.chance(0.05)) it.duplicate()
            if (it.chance(0.05)) it.corrupt()
            if (it.chance(0.05)) it.delayNanos(20 * MILLI)
        }
        'a second of delay'        | 100_000   | { Passage it -> it.delayNanos(SECOND) }
        'outages of ten seconds'   | 1_000_000 | { Passage it -> if (it.nanos.intdiv(10 * SECOND) % 2 == 1) it.drop() }
    }

    def "each side may close long before the other: #first"() {
        given:
        def simulation = simulation { Passage it -> if (it.chance(0.05)) it.drop() }
        left.toSay = 50_000
        right.toSay = 50_000
        this."$second".waitsForEnd = true

        when:
        simulation.connect(left)
        over(simulation)

        then:
        left.heard == 50_000
        right.heard == 50_000

        where:
        first   | second
        'left'  | 'right'
        'right' | 'left'
    }

    def "who does not read is not overwhelmed, and goes on when it does, #loss lost"() {
        given:
        def simulation = simulation { Passage it -> if (it.chance(loss)) it.drop() }
        left.toSay = 1_000_000
        right.reads = false

        when:
        simulation.connect(left)
        simulation.run(300 * SECOND)

        then:
        TcpConnection.BUFFER_BYTES - right.connection.read().size() in 0..<(1 << TcpConnection.SCALE)
        right.gone == null

        when: 'an hour later'
        simulation.run(3900 * SECOND)
        right.reads = true
        right.listen()
        over(simulation)

        then:
        right.heard == 1_000_000

        where:
        loss << [0.0d, 0.3d]
    }

    def "windows are in units of #unit bytes for who says #scale of scales, and never promise more than there is room"() {
        given:
        List<Segment> sent = []
        def carrier = [carry: { sent << it }, forget: { }] as TcpConnection.Carrier
        def reader = new Talker(closes: false, reads: false)
        def syn = new Segment(1000, 80, 5, 0, Segment.SYN, 5840, 1460, said, Segment.NO_BYTES)
        reader.connection = TcpConnection.asked(new TcpConnection.Ends(1, 80, 2, 1000), new Timers({ 0L }), carrier, reader, syn)

        when:
        reader.connection.accept()

        then: 'this one is never in units'
        sent[0].window() == TcpConnection.LARGEST_WINDOW
        sent[0].scale() == answer

        when:
        [0, 1460].each {
            reader.connection.segment(
                new Segment(1000, 80, 6 + it, sent[0].sequence() + 1, Segment.ACK, 100, 0, Segment.UNSAID, new byte[1460]))
        }

        then:
        sent.last().acknowledgment() == 6 + 2920
        sent.last().window() * unit <= TcpConnection.BUFFER_BYTES - 2920
        sent.last().window() == window

        where:
        said           | scale     || answer              | unit | window
        Segment.UNSAID | 'nothing' || Segment.UNSAID      | 1    | 65535
        0              | '0'       || TcpConnection.SCALE | 8    | (256 * 1024 - 2920) >> 3
        7              | '7'       || TcpConnection.SCALE | 8    | (256 * 1024 - 2920) >> 3
    }

    def "a long way is filled: more than 64 KiB are under way"() {
        given:
        def simulation = simulation { Passage it -> it.delayNanos(200 * MILLI) }
        left.toSay = 6_000_000

        when:
        simulation.connect(left)
        over(simulation)

        then: 'with 64 KiB every 0.4 s it would take 37 s, and then ten seconds pass for late segments'
        right.heard == 6_000_000
        simulation.now < 40 * SECOND
    }

    def "who says a little hears soon that it has arrived"() {
        given:
        def simulation = simulation()
        left.toSay = 5
        left.closes = false
        right.closes = false

        when:
        simulation.connect(left)
        simulation.run()
        long before = simulation.now
        left.toSay = 10
        left.writable()
        simulation.run()

        then: 'a millisecond there, one of waiting for more, one back'
        right.heard == 10
        simulation.now - before == 3 * MILLI
    }

    def "whoever finds nobody is refused"() {
        given:
        def simulation = simulation()
        simulation.listener = { null } as TcpTable.Listener

        when:
        simulation.connect(left)
        simulation.run()

        then:
        left.gone == 'broken'
        simulation.left.size() == 0
    }

    def "whoever hears nothing gives up, before it is open and after"() {
        given:
        boolean silence = before
        def simulation = simulation { Passage it -> if (silence) it.drop() }
        left.toSay = 100
        left.closes = false

        when:
        simulation.connect(left)
        simulation.run(SECOND)
        silence = true
        left.toSay = 200
        left.writable()
        simulation.run()

        then:
        left.gone == 'broken'
        simulation.left.size() == 0

        where:
        before << [true, false]
    }

    def "a reset ends it on both sides"() {
        given:
        def simulation = simulation()
        left.closes = false
        right.closes = false

        when:
        simulation.connect(left)
        simulation.run(SECOND)
        right.connection.reset()
        simulation.run()

        then:
        left.gone == 'broken'
        right.gone == 'broken'
        simulation.left.size() == 0
        simulation.right.size() == 0
    }

    def "a segment from nowhere does no harm: #what"() {
        given:
        def simulation = simulation()
        left.closes = false
        right.closes = false
        simulation.connect(left)
        simulation.run(SECOND)
        def ends = right.connection.ends()

        when:
        right.connection.segment(new Segment(ends.peerPort(), ends.port(), make(right.connection), 0, flags, 100, 0, Segment.UNSAID, new byte[bytes]))
        simulation.run(2 * SECOND)
        left.toSay = 1000
        left.writable()
        simulation.run(10 * SECOND)

        then:
        right.heard == 1000
        !right.wrong

        where:
        what                         | flags                     | bytes | make
        'a reset, not quite in place'| Segment.RST               | 0     | { it.expected() + 100 }
        'a reset, out of the window' | Segment.RST               | 0     | { it.expected() + 1_000_000 }
        'a SYN'                      | Segment.SYN               | 0     | { it.expected() }
        'data, far away'             | Segment.ACK               | 10    | { it.expected() - 2_000_000_000 }
        'no acknowledgment'          | 0                         | 10    | { it.expected() }
        'an impossible one'          | Segment.ACK               | 10    | { it.expected() }
        'a FIN in the far future'    | (Segment.ACK + Segment.FIN) | 0   | { it.expected() + 20_000 }
    }

    def "the same wire, the same run"() {
        expect:
        trace() == trace()
    }

    private List<String> trace() {
        left = new Talker(toSay: 40_000)
        right = new Talker(toSay: 30_000)
        def simulation = simulation { Passage it -> if (it.chance(0.1)) it.drop(); if (it.chance(0.1)) it.delayNanos(5 * MILLI) }
        simulation.recording = true
        simulation.connect(left)
        over(simulation)
        simulation.seen
    }

    def "a thousand connections at once, 1% lost, for ten minutes: nothing is wrong"() {
        given:
        def simulation = new Simulation({ Passage it -> if (it.chance(0.01)) it.drop(); if (it.chance(0.01)) it.delayNanos(7 * MILLI) })
        def servers = []
        simulation.serve { new Talker(echoes: true).tap { servers << it } }
        def clients = (1..1000).collect { new Talker(closes: false, toSay: 1000) }

        when:
        clients.each { simulation.connect(it) }
        (1..10).each { minute ->
            simulation.run(minute * 60 * SECOND)
            clients.eachWithIndex { client, i ->
                assert !client.wrong && client.gone == null && client.heard == client.toSay
                client.toSay += 500 + i
                if (minute == 10) {
                    client.closes = true
                }
                client.writable()
            }
        }
        simulation.run()

        then:
        clients.every { it.gone == 'closed' && !it.wrong && it.heard == it.toSay }
        servers.size() == 1000
        servers.every { it.gone == 'closed' && !it.wrong }
        simulation.left.size() == 0
    }
}
