package lguest.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A segment of TCP (RFC 9293). Of options there is the largest segment that the sender takes, and the unit of its windows (RFC 7323).
 *
 * @param mss 0 if nothing is said of it
 * @param scale its windows after a SYN are in units of 2 to this power, 0 to 14; {@link #UNSAID} if nothing is said of it
 */
record Segment(int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags, int window, int mss, int scale,
    byte[] payload) {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int HEADER_BYTES = 20;
    static final byte[] NO_BYTES = {};
    static final int UNSAID = -1;

    private static final int MOST_SCALE = 14;
    private static final int MSS_OPTION = 2;
    private static final int MSS_OPTION_BYTES = 4;
    private static final int SCALE_OPTION = 3;
    private static final int SCALE_OPTION_BYTES = 3;
    private static final int NO_OPTION = 1;
    private static final int END_OF_OPTIONS = 0;

    /** @return null if it is none */
    static Segment parse(IpPacket packet) {
        byte[] bytes = packet.payload();
        if (bytes.length < HEADER_BYTES) {
            return null;
        }
        int header = (bytes[12] >> 4 & 0xF) * 4;
        if (header < HEADER_BYTES || header > bytes.length || Checksum.fold(Checksum.sum(
            Checksum.pseudoHeader(packet.source(), packet.destination(), IpPacket.TCP, bytes.length), bytes, 0, bytes.length)) != 0) {
            return null;
        }
        ByteBuffer tcp = ByteBuffer.wrap(bytes);
        int mss = option(tcp, header, MSS_OPTION, MSS_OPTION_BYTES);
        int scale = option(tcp, header, SCALE_OPTION, SCALE_OPTION_BYTES);
        return new Segment(tcp.getShort(0) & 0xFFFF, tcp.getShort(2) & 0xFFFF, tcp.getInt(4), tcp.getInt(8), bytes[13] & 0x3F,
            tcp.getShort(14) & 0xFFFF, mss == 0 ? 0 : tcp.getShort(mss) & 0xFFFF,
            scale == 0 ? UNSAID : Math.min(MOST_SCALE, tcp.get(scale) & 0xFF), Arrays.copyOfRange(bytes, header, bytes.length));
    }

    /** Where the value of an option is; 0 if it is missing. */
    private static int option(ByteBuffer tcp, int header, int kind, int bytes) {
        for (int at = HEADER_BYTES; at < header && tcp.get(at) != END_OF_OPTIONS;) {
            if (tcp.get(at) == NO_OPTION) {
                at++;
                continue;
            }
            int length = at + 1 < header ? tcp.get(at + 1) & 0xFF : 0;
            if (length < 2 || at + length > header) {
                return 0;
            }
            if (tcp.get(at) == kind && length == bytes) {
                return at + 2;
            }
            at += length;
        }
        return 0;
    }

    IpPacket from(int source, int destination) {
        int header = HEADER_BYTES + (mss == 0 ? 0 : MSS_OPTION_BYTES) + (scale == UNSAID ? 0 : 1 + SCALE_OPTION_BYTES);
        ByteBuffer tcp = ByteBuffer.allocate(header + payload.length).putShort((short) sourcePort).putShort((short) destinationPort)
            .putInt(sequence).putInt(acknowledgment).put((byte) (header / 4 << 4)).put((byte) flags).putShort((short) window).putInt(0);
        if (mss != 0) {
            tcp.put((byte) MSS_OPTION).put((byte) MSS_OPTION_BYTES).putShort((short) mss);
        }
        if (scale != UNSAID) {
            tcp.put((byte) NO_OPTION).put((byte) SCALE_OPTION).put((byte) SCALE_OPTION_BYTES).put((byte) scale);
        }
        byte[] bytes = tcp.put(payload).array();
        tcp.putShort(16, (short) Checksum.fold(Checksum.sum(Checksum.pseudoHeader(source, destination, IpPacket.TCP, bytes.length), bytes, 0,
            bytes.length)));
        return new IpPacket(source, destination, IpPacket.TCP, bytes);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** How far it takes the sequence. */
    int length() {
        return payload.length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    @Override
    public String toString() {
        return sourcePort + ">" + destinationPort + (has(SYN) ? " SYN" : "") + (has(FIN) ? " FIN" : "") + (has(RST) ? " RST" : "")
            + " seq " + Integer.toUnsignedString(sequence) + (has(ACK) ? " ack " + Integer.toUnsignedString(acknowledgment) : "")
            + " win " + window + " len " + payload.length;
    }
}
