package lguest.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * A recording of frames that Wireshark and tcpdump read ("PCAP Next Generation (pcapng) Capture File Format"). Complete after every
 * frame, so that it can be looked at while it grows. Any thread.
 */
public final class Pcapng implements AutoCloseable {
    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final short LINKTYPE_ETHERNET = 1;
    private static final short IF_NAME = 2;
    private static final short IF_TSRESOL = 9;
    private static final short EPB_FLAGS = 2;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    /** Resolution of time stamps: 10 to the power of minus this, in seconds. */
    private static final byte NANOSECONDS = 9;

    private final OutputStream out;
    private final LongSupplier wallNanos;
    private int wires;

    /** @param wallNanos nanoseconds since 1970, for time stamps; unsigned */
    public Pcapng(Path file, LongSupplier wallNanos) throws IOException {
        this.wallNanos = wallNanos;
        out = Files.newOutputStream(file);
        ByteBuffer header = block(SECTION_HEADER, 16);
        write(header.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1));
    }

    /**
     * Describes a wire, before its first frame.
     *
     * @return the number to give with its frames
     */
    public synchronized int wire(String name) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer block = block(INTERFACE_DESCRIPTION, 8 + 4 + padded(text.length) + 4 + 4 + 4);
        block.putShort(LINKTYPE_ETHERNET).putShort((short) 0).putInt(0);
        put(block.putShort(IF_NAME).putShort((short) text.length), text);
        put(block.putShort(IF_TSRESOL).putShort((short) 1), new byte[] {NANOSECONDS});
        write(block.putInt(0));
        return wires++;
    }

    /**
     * Writes down a frame, without the checksum at its end.
     *
     * @param wire from {@link #wire}
     * @param outbound as the guest sees it
     */
    public synchronized void frame(int wire, boolean outbound, byte[] frame) throws IOException {
        ByteBuffer block = block(ENHANCED_PACKET, 20 + padded(frame.length) + 8 + 4);
        long now = wallNanos.getAsLong();
        block.putInt(wire).putInt((int) (now >>> 32)).putInt((int) now).putInt(frame.length).putInt(frame.length);
        put(block, frame);
        write(block.putShort(EPB_FLAGS).putShort((short) 4).putInt(outbound ? OUTBOUND : INBOUND).putInt(0));
    }

    /** A block with its head; the body follows, and its length once more. */
    private static ByteBuffer block(int type, int bodyBytes) {
        int bytes = bodyBytes + 12;
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(bytes);
    }

    private void write(ByteBuffer block) throws IOException {
        out.write(block.putInt(block.capacity()).array());
    }

    private static void put(ByteBuffer block, byte[] bytes) {
        block.put(bytes).position(block.position() + padded(bytes.length) - bytes.length);
    }

    private static int padded(int bytes) {
        return bytes + 3 & ~3;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
