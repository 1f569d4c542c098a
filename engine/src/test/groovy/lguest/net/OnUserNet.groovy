package lguest.net

import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** A guest's end of a user net: frames, packets and connections, and time that passes as the host's does. */
class OnUserNet implements Closeable {
    static final int ROUTER = UserNet.ROUTER
    static final int GUEST = UserNet.GUEST
    static final byte[] MAC = [2, 0, 0, 0, 0, 0] as byte[]

    final Semaphore news = new Semaphore(0)
    final Wire wire
    final Timers timers = new Timers({ System.nanoTime() })
    final TcpTable tcp = new TcpTable(timers, { ends, segment -> send(segment.from(ends.address(), ends.peerAddress())) })
    final List<byte[]> frames = []
    TcpTable.Listener listener = { null } as TcpTable.Listener

    OnUserNet(UserNetPlan plan, Hazard hazard = null) {
        def net = UserNet.open(plan)
        wire = hazard ? new RoughWire(net, hazard) : net
        wire.plug({ news.release() }, { System.nanoTime() })
    }

    void send(IpPacket packet) {
        wire.send(Ethernet.frame(wire.mac(), MAC, Ethernet.IP, packet.bytes()))
    }

    /** Takes what has come, and does what is due. */
    void serve() {
        timers.expire()
        wire.expire()
        for (byte[] frame; (frame = wire.receive()) != null;) {
            def packet = Ethernet.type(frame) == Ethernet.IP ? IpPacket.parse(frame) : null
            if (packet != null && packet.protocol() == IpPacket.TCP) {
                tcp.receive(packet, listener)
            } else {
                frames << frame
                if (Ethernet.type(frame) == Ethernet.ARP && frame[21] == 1 && Arrays.copyOfRange(frame, 38, 42) == [10, 0, 2, 15] as byte[]) {
                    wire.send(Ethernet.frame(wire.mac(), MAC, Ethernet.ARP, 'answer'.bytes))
                }
            }
        }
    }

    /** Goes on until something is so; fails after two minutes. */
    void until(Closure<Boolean> condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2)
        serve()
        while (!condition()) {
            assert System.nanoTime() < deadline : 'it has not come about'
            long wait = Math.min(timers.first(), wire.deadline())
            news.tryAcquire(Math.max(0, Math.min(wait == Long.MAX_VALUE ? 1_000_000_000L : wait - System.nanoTime(), 1_000_000_000L)), TimeUnit.NANOSECONDS)
            news.drainPermits()
            serve()
        }
    }

    Talker connect(Talker talker, int address, int port) {
        talker.connection = tcp.connect(GUEST, address, port, talker)
        talker
    }

    /** Asks by UDP. @return the answer; null if there is none at once and it is not waited for */
    byte[] ask(int address, int port, byte[] payload, boolean waits = false) {
        frames.clear()
        send(new UdpDatagram(1234, port, payload).from(GUEST, address))
        waits ? until { !frames.empty } : serve()
        def packet = frames ? IpPacket.parse(frames[0]) : null
        packet == null ? null : UdpDatagram.parse(packet).with {
            assert packet.source() == address && it.sourcePort() == port && it.destinationPort() == 1234
            it.payload()
        }
    }

    @Override
    void close() { wire.close() }
}
