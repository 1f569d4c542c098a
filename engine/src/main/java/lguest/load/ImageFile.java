package lguest.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lguest.mem.PhysicalMemory;

/** A file being loaded: bytes by offset, little-endian, never more at once than asked for. */
final class ImageFile implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final long sizeBytes;

    private ImageFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.sizeBytes = channel.size();
    }

    /** @throws LoadException {@code Failed to open <path>: <why>} */
    static ImageFile open(Path path) {
        try {
            // A pipe could keep us waiting, a character device could go on for ever.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new LoadException("Failed to open %s: %s", path,
                    Files.isDirectory(path) ? "Is a directory" : "Not a regular file");
            }
            return new ImageFile(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw new LoadException(e, "Failed to open %s", path);
        }
    }

    Path path() {
        return path;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Reads up to the end of the file.
     *
     * @return bytes read: fewer than asked for only at the end
     */
    int read(long at, byte[] to, int offset, int lengthBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(to, offset, lengthBytes);
        int got = 0;
        while (buffer.hasRemaining() && got >= 0) {
            got = channel.read(buffer, at + buffer.position() - offset);
        }
        return buffer.position() - offset;
    }

    /**
     * Reads exactly.
     *
     * @param what the message of failure, e.g. {@code Reading program headers}
     * @throws LoadException {@code <what>: <why>}
     */
    ByteBuffer bytes(long at, int lengthBytes, String what) {
        try {
            if (at < 0 || at + lengthBytes > sizeBytes) {
                throw new EOFException();
            }
            byte[] bytes = new byte[lengthBytes];
            if (read(at, bytes, 0, lengthBytes) < lengthBytes) {
                throw new EOFException();
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new LoadException(e, "%s", what);
        }
    }

    /**
     * Copies a part of the file to guest memory, where the caller has made sure there is room.
     *
     * @throws LoadException {@code <what>: <why>}, also when the file ends early
     */
    void copy(long at, long lengthBytes, PhysicalMemory memory, int physical, String what) {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, lengthBytes)];
        try {
            for (long done = 0; done < lengthBytes;) {
                int read = read(at + done, chunk, 0, (int) Math.min(chunk.length, lengthBytes - done));
                if (read == 0) {
                    throw new EOFException();
                }
                memory.write(physical + (int) done, chunk, 0, read);
                done += read;
            }
        } catch (IOException e) {
            throw new LoadException(e, "%s", what);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
