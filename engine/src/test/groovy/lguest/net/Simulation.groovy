package lguest.net

import groovy.transform.CompileStatic

/** A clock that only goes when nothing is left to do, and two hosts' TCP tables with a wire between them. */
@CompileStatic
class Simulation {
    static final long MILLI = 1_000_000L
    static final long SECOND = 1000 * MILLI
    static final int LEFT = Ipv4.parse('10.0.0.1')
    static final int RIGHT = Ipv4.parse('10.0.0.2')

    long now
    final Timers timers = new Timers({ now })
    final Hazards hazards
    /** Segments in the order they set out. */
    final List<String> seen = []
    boolean recording
    long segments
    TcpTable left
    TcpTable right
    /** What the right side does about who connects. */
    TcpTable.Listener listener = { null } as TcpTable.Listener

    /** @param hazard may delay, drop, double and corrupt; frames it leaves alone take a millisecond */
    Simulation(Hazard hazard = { Passage it -> } as Hazard) {
        hazards = new Hazards({ Passage it -> it.delayNanos(MILLI); hazard.frame(it) } as Hazard, { now })
        left = new TcpTable(timers, { TcpConnection.Ends ends, Segment segment -> send(true, ends, segment) })
        right = new TcpTable(timers, { TcpConnection.Ends ends, Segment segment -> send(false, ends, segment) })
    }

    private void send(boolean fromLeft, TcpConnection.Ends ends, Segment segment) {
        segments++
        if (recording) {
            seen << "${fromLeft ? '>' : '<'} $segment".toString()
        }
        def frame = Ethernet.frame(new byte[6], new byte[6], Ethernet.IP, segment.from(ends.address(), ends.peerAddress()).bytes())
        hazards.pass(fromLeft, frame) { byte[] bytes ->
            def packet = IpPacket.parse(bytes)
            if (packet != null && packet.protocol() == IpPacket.TCP) {
                (fromLeft ? right : left).receive(packet, fromLeft ? listener : { null } as TcpTable.Listener)
            }
        }
    }

    /** Lets time pass: up to a moment, or until nothing will happen any more. @return whether anything still would */
    boolean run(long until = Long.MAX_VALUE) {
        while (true) {
            long next = Math.min(timers.first(), hazards.deadline())
            if (next == Long.MAX_VALUE || next > until) {
                now = until == Long.MAX_VALUE ? now : until
                return next != Long.MAX_VALUE
            }
            now = Math.max(now, next)
            hazards.expire()
            timers.expire()
        }
    }

    TcpConnection connect(Talker talker, int port = 80) {
        talker.connection = left.connect(LEFT, RIGHT, port, talker)
    }

    /** Whoever connects from the left talks to one of these. */
    void serve(Closure<Talker> maker) {
        listener = { TcpConnection.Ends ends ->
            def talker = maker.call()
            new TcpTable.Endpoint(talker, { TcpConnection it -> talker.connection = it; it.accept() })
        } as TcpTable.Listener
    }
}
