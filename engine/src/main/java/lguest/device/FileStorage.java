package lguest.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file or block device of the host as a disk. It is never created, truncated or extended. */
final class FileStorage implements DiskStorage {
    private static final int TYPE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    private final FileChannel channel;
    private final boolean writable;
    private final long sizeBytes;

    private FileStorage(FileChannel channel, boolean writable) throws IOException {
        this.channel = channel;
        this.writable = writable;
        this.sizeBytes = channel.size();
    }

    static FileStorage open(Path path, boolean writable) throws IOException {
        if (!Files.isRegularFile(path) && Files.exists(path) && !isBlockDevice(path)) {
            throw new FileSystemException(path.toString(), null,
                Files.isDirectory(path) ? "Is a directory" : "not a file or block device");
        }
        FileChannel channel = FileChannel.open(path,
            writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ));
        try {
            return new FileStorage(channel, writable);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
            && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == BLOCK_DEVICE;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int read(long at, byte[] to, int offset, int lengthBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(to, offset, lengthBytes);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position() - offset) > 0) {
            // the condition reads
        }
        return buffer.position() - offset;
    }

    /** @throws IOException also if the file has become shorter: a write must not make it grow again */
    @Override
    public void write(long at, byte[] from, int offset, int lengthBytes) throws IOException {
        if (at + lengthBytes > channel.size()) {
            throw new IOException("file has shrunk to " + channel.size() + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(from, offset, lengthBytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position() - offset);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public boolean writable() {
        return writable;
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
