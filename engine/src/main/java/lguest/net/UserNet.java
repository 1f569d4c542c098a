package lguest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * A network of the guest's own that takes neither root nor an interface of the host: 10.0.2.0/24, with a router at 10.0.2.2 that is the
 * host, too, and a name server at 10.0.2.3. DHCP gives the guest 10.0.2.15. Its connections go on as sockets of this process, or end
 * at servers made of functions.
 */
public final class UserNet implements Wire {
    static final int NETWORK = Ipv4.parse("10.0.2.0");
    static final int MASK = Ipv4.parse("255.255.255.0");
    static final int ROUTER = Ipv4.parse("10.0.2.2");
    static final int NAME_SERVER = Ipv4.parse("10.0.2.3");
    static final int GUEST = Ipv4.parse("10.0.2.15");

    private static final int BROADCAST = -1;
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};
    private static final byte[] MAC = {0x52, 0x55, 10, 0, 2, 2};
    /** Frames that wait for the guest; what comes on top is lost. */
    private static final int MOST_WAITING = 4096;
    private static final int ECHO_REQUEST = 8;

    private static final int ARP_BYTES = 28;
    private static final long ARP_ETHERNET_IP = 0x0001_0800_0604L;
    private static final short ARP_ASKS = 1;
    private static final short ARP_ANSWERS = 2;

    private final UserNetPlan plan;
    private final Names names;
    private final List<Door<?>> doors = new ArrayList<>();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Runnable arrived = () -> { };
    private Timers timers;
    private TcpTable tcp;
    private UdpNat udp;
    private HostSockets sockets;
    private byte[] guestMac;
    private IpPacket unsent;
    private int guest = GUEST;
    private volatile boolean pending;

    private UserNet(UserNetPlan plan) {
        this.plan = plan;
        names = new Names(plan.names());
    }

    /** @throws IOException if a port that is to be forwarded cannot be had: {@code forward 8022: Address already in use} */
    public static UserNet open(UserNetPlan plan) throws IOException {
        UserNet net = new UserNet(plan);
        for (UserNetPlan.Forward forward : plan.forwards()) {
            try {
                net.doors.add(Door.open(forward));
            } catch (IOException taken) {
                net.close();
                throw taken;
            }
        }
        return net;
    }

    @Override
    public String name() {
        return "usernet";
    }

    @Override
    public List<String> description() {
        return List.of("user net " + Ipv4.text(NETWORK) + "/24");
    }

    /** Of forwards from any free port, which it is. */
    @Override
    public List<String> news() {
        return IntStream.range(0, doors.size()).filter(i -> plan.forwards().get(i).port() == 0)
            .mapToObj(i -> "forward " + plan.forwards().get(i) + ": the port of this machine is " + doors.get(i).port()).toList();
    }

    @Override
    public byte[] mac() {
        return MAC.clone();
    }

    @Override
    public List<Integer> ports() {
        return doors.stream().map(Door::port).toList();
    }

    /** TCP connections of the guest now, with those that have just ended. */
    public int connections() {
        return tcp.size();
    }

    @Override
    public void plug(Runnable arrived, LongSupplier nanos) {
        this.arrived = arrived;
        timers = new Timers(nanos);
        tcp = new TcpTable(timers, (ends, segment) -> toGuest(segment.from(ends.address(), ends.peerAddress())));
        sockets = new HostSockets(arrived);
        udp = new UdpNat(sockets, timers, this::toGuest);
        try {
            for (Door<?> door : doors) {
                door.listen(sockets, this);
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Override
    public int send(byte[] frame) {
        if (frame.length >= Ethernet.HEADER_BYTES && frame.length <= Ethernet.HEADER_BYTES + Ethernet.PAYLOAD_BYTES) {
            guestMac = Arrays.copyOfRange(frame, Ethernet.MAC_BYTES, 2 * Ethernet.MAC_BYTES);
            if (unsent != null) {
                toGuest(unsent);
                unsent = null;
            }
            switch (Ethernet.type(frame)) {
                case Ethernet.ARP -> arp(frame);
                case Ethernet.IP -> ip(IpPacket.parse(frame));
                default -> { }
            }
        }
        return frame.length;
    }

    @Override
    public boolean pending() {
        return pending || sockets != null && sockets.pending();
    }

    @Override
    public byte[] receive() {
        sockets.serve();
        byte[] frame = waiting.poll();
        pending = !waiting.isEmpty();
        return frame;
    }

    @Override
    public long deadline() {
        return timers.first();
    }

    @Override
    public void expire() {
        timers.expire();
    }

    @Override
    public void close() {
        if (sockets != null) {
            sockets.close();
        }
        doors.forEach(Door::close);
    }

    // ---- frames

    private void toGuest(byte[] to, int type, byte[] payload) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(Ethernet.frame(to, MAC, type, payload));
            pending = true;
            arrived.run();
        }
    }

    /** Who does not know where the guest is asks, and keeps the latest packet until there is an answer (RFC 1122 "ARP Packet Queue"). */
    private void toGuest(IpPacket packet) {
        if (packet.destination() == BROADCAST) {
            toGuest(EVERYBODY, Ethernet.IP, packet.bytes());
        } else if (guestMac == null) {
            unsent = packet;
            toGuest(EVERYBODY, Ethernet.ARP, arp(ARP_ASKS, EVERYBODY, ROUTER, packet.destination()));
        } else {
            toGuest(guestMac, Ethernet.IP, packet.bytes());
        }
    }

    private static byte[] arp(short operation, byte[] to, int from, int about) {
        ByteBuffer arp = ByteBuffer.allocate(ARP_BYTES).putLong(0, ARP_ETHERNET_IP << 16);
        return arp.position(6).putShort(operation).put(MAC).putInt(from).put(to).putInt(about).array();
    }

    private void arp(byte[] frame) {
        ByteBuffer arp = ByteBuffer.wrap(frame, Ethernet.HEADER_BYTES, frame.length - Ethernet.HEADER_BYTES).slice();
        if (arp.remaining() < ARP_BYTES || arp.getLong(0) >>> 16 != ARP_ETHERNET_IP) {
            return;
        }
        int from = arp.getInt(14);
        int wanted = arp.getInt(24);
        if (isNeighbour(from)) {
            guest = from;
        }
        if (arp.getShort(6) == ARP_ASKS && isOurs(wanted)) {
            byte[] asker = new byte[Ethernet.MAC_BYTES];
            arp.get(8, asker);
            toGuest(asker, Ethernet.ARP, arp(ARP_ANSWERS, asker, wanted, from));
        }
    }

    private boolean isNeighbour(int address) {
        return (address & MASK) == NETWORK && !isOurs(address);
    }

    /** Whether we are who has an address. */
    private boolean isOurs(int address) {
        return address == ROUTER || address == NAME_SERVER || plan.servers().keySet().stream().anyMatch(place -> place.address() == address);
    }

    // ---- packets

    private void ip(IpPacket packet) {
        if (packet == null) {
            return;
        }
        if (isNeighbour(packet.source())) {
            guest = packet.source();
        }
        switch (packet.protocol()) {
            case IpPacket.ICMP -> icmp(packet);
            case IpPacket.UDP -> udp(packet);
            case IpPacket.TCP -> tcp.receive(packet, this::asked);
            default -> { }
        }
    }

    private void icmp(IpPacket packet) {
        byte[] icmp = packet.payload();
        if (icmp.length >= 8 && icmp[0] == ECHO_REQUEST && isOurs(packet.destination())
            && Checksum.fold(Checksum.sum(0, icmp, 0, icmp.length)) == 0) {
            byte[] answer = icmp.clone();
            ByteBuffer.wrap(answer).putInt(0, 0);
            ByteBuffer.wrap(answer).putShort(2, (short) Checksum.fold(Checksum.sum(0, answer, 0, answer.length)));
            toGuest(new IpPacket(packet.destination(), packet.source(), IpPacket.ICMP, answer));
        }
    }

    private void udp(IpPacket packet) {
        UdpDatagram datagram = UdpDatagram.parse(packet);
        if (datagram == null) {
            return;
        }
        if (datagram.destinationPort() == Dhcp.SERVER_PORT && (packet.destination() == BROADCAST || packet.destination() == ROUTER)) {
            byte[] answer = Dhcp.answer(datagram.payload(), GUEST, MASK, ROUTER, NAME_SERVER);
            if (answer != null) {
                toGuest(new UdpDatagram(Dhcp.SERVER_PORT, Dhcp.CLIENT_PORT, answer).from(ROUTER, BROADCAST));
            }
            return;
        }
        if (packet.destination() == ROUTER && doors.stream().anyMatch(door -> door.answered(datagram))) {
            return;
        }
        boolean query = packet.destination() == NAME_SERVER && datagram.destinationPort() == Names.PORT;
        byte[] answer = query ? names.answer(datagram.payload()) : null;
        InetSocketAddress to = outside(packet.destination(), datagram.destinationPort());
        if (answer == null && to == null && query) {
            answer = Names.failure(datagram.payload());
        }
        if (answer != null) {
            toGuest(new UdpDatagram(Names.PORT, datagram.sourcePort(), answer).from(NAME_SERVER, packet.source()));
        } else if (to != null) {
            udp.send(packet, datagram, to);
        }
    }

    /** Where the host finds what the guest calls by an address of its world; null if it may not, or cannot be. */
    private InetSocketAddress outside(int address, int port) {
        int first = address >>> 24;
        if (plan.isolated() || port == 0) {
            return null;
        }
        if (address == ROUTER) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        if (address == NAME_SERVER) {
            return port == Names.PORT ? plan.resolver() : null;
        }
        // This network, this host, broadcast, and what is for several.
        if ((address & MASK) == NETWORK || first == 0 || first == 127 || first >= 224) {
            return null;
        }
        return new InetSocketAddress(Ipv4.text(address), port);
    }

    // ---- connections

    private TcpTable.Endpoint asked(TcpConnection.Ends ends) {
        var server = plan.servers().get(new UserNetPlan.Place(ends.address(), ends.port()));
        if (server != null) {
            return HttpServer.endpoint(server);
        }
        InetSocketAddress to = outside(ends.address(), ends.port());
        return to == null ? null : TcpRelay.outward(sockets, to);
    }

    /** Somebody has come through a door. @return null if there are too many connections */
    TcpConnection connectToGuest(int port, TcpApplication application) {
        return tcp.connect(ROUTER, guest, port, application);
    }

    void sendToGuest(UdpDatagram datagram) {
        toGuest(datagram.from(ROUTER, guest));
    }
}
