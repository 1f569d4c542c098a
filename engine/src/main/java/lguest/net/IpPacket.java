package lguest.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A packet of IP version 4 (RFC 791), whole: fragments are none. */
record IpPacket(int source, int destination, int protocol, byte[] payload) {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int HEADER_BYTES = 20;

    private static final int VERSION_AND_LENGTH = 0x45;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int FRAGMENT = 0x3FFF;
    private static final int HOPS = 64;

    /** @return null if it is none, or a fragment */
    static IpPacket parse(byte[] frame) {
        int at = Ethernet.HEADER_BYTES;
        if (frame.length < at + HEADER_BYTES || frame[at] >> 4 != 4) {
            return null;
        }
        ByteBuffer ip = ByteBuffer.wrap(frame);
        int header = (frame[at] & 0xF) * 4;
        int total = ip.getShort(at + 2) & 0xFFFF;
        if (header < HEADER_BYTES || total < header || at + total > frame.length || (ip.getShort(at + 6) & FRAGMENT) != 0
            || Checksum.fold(Checksum.sum(0, frame, at, header)) != 0) {
            return null;
        }
        return new IpPacket(ip.getInt(at + 12), ip.getInt(at + 16), frame[at + 9] & 0xFF, Arrays.copyOfRange(frame, at + header, at + total));
    }

    byte[] bytes() {
        ByteBuffer ip = ByteBuffer.allocate(HEADER_BYTES + payload.length).put((byte) VERSION_AND_LENGTH).put((byte) 0)
            .putShort((short) (HEADER_BYTES + payload.length)).putShort((short) 0).putShort((short) DONT_FRAGMENT).put((byte) HOPS)
            .put((byte) protocol).putShort((short) 0).putInt(source).putInt(destination).put(payload);
        return ip.putShort(10, (short) Checksum.fold(Checksum.sum(0, ip.array(), 0, HEADER_BYTES))).array();
    }
}
