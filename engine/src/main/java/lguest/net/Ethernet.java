package lguest.net;

import java.nio.ByteBuffer;

/** Frames: destination, source, type, payload (IEEE 802.3). */
final class Ethernet {
    static final int MAC_BYTES = 6;
    static final int HEADER_BYTES = 14;
    static final int PAYLOAD_BYTES = 1500;
    static final int IP = 0x0800;
    static final int ARP = 0x0806;

    private Ethernet() {
    }

    static int type(byte[] frame) {
        return (frame[12] & 0xFF) << 8 | frame[13] & 0xFF;
    }

    static byte[] frame(byte[] to, byte[] from, int type, byte[] payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length).put(to).put(from).putShort((short) type).put(payload).array();
    }
}
