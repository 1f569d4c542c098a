package lguest.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The way to a station in another process: a Unix-domain socket. Each parcel goes out with a head of 12 bytes, and comes back as
 * four, its outcome, in the same order.
 *
 * <pre>
 * 0 offset   u32   of the key in the shared page
 * 4 sound    u32   1 or 0
 * 8 length   u32   of the bytes that follow, at most {@link #MOST_BYTES}
 * </pre>
 */
final class StationLine implements AutoCloseable {
    static final int HEAD_BYTES = 12;
    static final int MOST_BYTES = Dma.SECTIONS * 4096;

    private final SocketChannel channel;
    private final Queue<Delivery> underWay = new ConcurrentLinkedQueue<>();
    private final Thread answers = new Thread(this::readAnswers, "shared net, answers");

    private StationLine(SocketChannel channel) {
        this.channel = channel;
        answers.setDaemon(true);
        answers.start();
    }

    /** @return null if nobody listens at the door */
    static StationLine open(Path door) {
        try {
            return new StationLine(SocketChannel.open(UnixDomainSocketAddress.of(door)));
        } catch (IOException nobody) {
            return null;
        }
    }

    /** @return whether it is under way; if not, it has no outcome yet */
    synchronized boolean send(Delivery delivery) {
        byte[] bytes = delivery.parcel().bytes();
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + bytes.length);
        out.putInt(delivery.offset()).putInt(delivery.parcel().sound() ? 1 : 0).putInt(bytes.length).put(bytes).flip();
        underWay.add(delivery);
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return true;
        } catch (IOException gone) {
            close();
            return !underWay.remove(delivery);
        }
    }

    private void readAnswers() {
        ByteBuffer in = ByteBuffer.allocate(4);
        try {
            while (filled(channel, in.clear())) {
                Delivery answered = underWay.poll();
                if (answered == null) {
                    break;
                }
                answered.answer(in.getInt(0));
            }
        } catch (IOException gone) {
            // As good as the end: whoever was there is not.
        } finally {
            close();
            for (Delivery lost; (lost = underWay.poll()) != null;) {
                lost.answer(Parcel.NOBODY);
            }
        }
    }

    /** @return false at the end of the stream */
    static boolean filled(SocketChannel channel, ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
    }
}
