package lguest.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A datagram of UDP (RFC 768). */
record UdpDatagram(int sourcePort, int destinationPort, byte[] payload) {
    static final int HEADER_BYTES = 8;
    static final int MOST_BYTES = Ethernet.PAYLOAD_BYTES - IpPacket.HEADER_BYTES - HEADER_BYTES;

    /** @return null if it is none */
    static UdpDatagram parse(IpPacket packet) {
        byte[] bytes = packet.payload();
        if (bytes.length < HEADER_BYTES) {
            return null;
        }
        ByteBuffer udp = ByteBuffer.wrap(bytes);
        int length = udp.getShort(4) & 0xFFFF;
        if (length < HEADER_BYTES || length > bytes.length || udp.getShort(6) != 0 && Checksum.fold(Checksum.sum(
            Checksum.pseudoHeader(packet.source(), packet.destination(), IpPacket.UDP, length), bytes, 0, length)) != 0) {
            return null;
        }
        return new UdpDatagram(udp.getShort(0) & 0xFFFF, udp.getShort(2) & 0xFFFF, Arrays.copyOfRange(bytes, HEADER_BYTES, length));
    }

    IpPacket from(int source, int destination) {
        int length = HEADER_BYTES + payload.length;
        ByteBuffer udp = ByteBuffer.allocate(length).putShort((short) sourcePort).putShort((short) destinationPort)
            .putShort((short) length).putShort((short) 0).put(payload);
        int sum = Checksum.fold(Checksum.sum(Checksum.pseudoHeader(source, destination, IpPacket.UDP, length), udp.array(), 0, length));
        udp.putShort(6, (short) (sum == 0 ? 0xFFFF : sum));
        return new IpPacket(source, destination, IpPacket.UDP, udp.array());
    }
}
