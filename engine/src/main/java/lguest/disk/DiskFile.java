package lguest.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A file or block device of the host, locked: one disk that writes, or any number that read. The lock is a POSIX one on the bytes
 * that QEMU uses, too, so that neither a guest of ours in another process nor QEMU or qemu-img writes to what is in use here.
 *
 * <p>POSIX forgets a process's locks on a file when the process closes any descriptor of it. So this process opens each file once,
 * however many of its disks read it, and closes it after the last.
 */
final class DiskFile implements Closeable {
    private static final int TYPE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    /** QEMU's: a byte from 100 on for everything that somebody does to the file, one from 200 on for what others must not do. */
    private static final int LOCKS = 100;
    private static final int LOCK_BYTES = 200;
    private static final int OTHERS_MUST_NOT_WRITE = 201;
    /** To write, to write what changes nothing, to change the size. */
    private static final int WRITES = 3;

    private static final Map<Object, DiskFile> OPEN = new HashMap<>();

    private final Path path;
    private final Object identity;
    private final FileChannel channel;
    private final boolean writable;
    private final Object owner;
    private int users = 1;
    /** It is at least as long as this, unless somebody has cut it off. */
    private long knownBytes;

    private DiskFile(Path path, Object identity, FileChannel channel, boolean writable, Object owner) throws IOException {
        this.path = path;
        this.knownBytes = channel.size();
        this.identity = identity;
        this.channel = channel;
        this.writable = writable;
        this.owner = owner;
    }

    /**
     * @param owner may write to it under several names; null for nobody
     * @throws IOException if it cannot be opened, is neither file nor block device, or is in use by somebody it must not be shared with
     */
    static DiskFile open(Path path, boolean writable, Object owner) throws IOException {
        if (!Files.isRegularFile(path) && Files.exists(path) && !isBlockDevice(path)) {
            throw new FileSystemException(path.toString(), null,
                Files.isDirectory(path) ? "Is a directory" : "not a file or block device");
        }
        synchronized (OPEN) {
            Object identity = identity(path);
            DiskFile open = OPEN.get(identity);
            if (open == null) {
                open = locked(path, identity, writable, owner);
                OPEN.put(identity, open);
            } else if (writable != open.writable || writable && (owner == null || owner != open.owner)) {
                throw inUse(path, writable);
            } else {
                open.users++;
            }
            return open;
        }
    }

    private static DiskFile locked(Path path, Object identity, boolean writable, Object owner) throws IOException {
        FileChannel channel = FileChannel.open(path,
            writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ));
        try {
            FileLock lock = writable ? channel.tryLock(LOCKS, LOCK_BYTES, false) : channel.tryLock(OTHERS_MUST_NOT_WRITE, WRITES, true);
            if (lock == null) {
                throw inUse(path, writable);
            }
            return new DiskFile(path, identity, channel, writable, owner);
        } catch (OverlappingFileLockException here) {
            channel.close();
            throw inUse(path, writable);
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    private static IOException inUse(Path path, boolean writable) {
        return new FileSystemException(path.toString(), null,
            writable ? "in use: who writes to it must be alone" : "in use by somebody who writes to it");
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
            && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == BLOCK_DEVICE;
    }

    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key != null ? key : path.toRealPath();
    }

    Path path() {
        return path;
    }

    boolean writable() {
        return writable;
    }

    /** As it is now. */
    long sizeBytes() throws IOException {
        return channel.size();
    }

    /** Reads until the buffer is full or the file ends. @return bytes read */
    int read(long at, ByteBuffer to) throws IOException {
        int start = to.position();
        while (to.hasRemaining() && channel.read(to, at + to.position() - start) > 0) {
            // the condition reads
        }
        return to.position() - start;
    }

    /** @throws IOException also if the file has become shorter: what is written then would only make that worse */
    void write(long at, ByteBuffer from) throws IOException {
        long bytes = channel.size();
        if (bytes < knownBytes) {
            throw new IOException("file has shrunk to " + bytes + " bytes");
        }
        knownBytes = Math.max(bytes, at + from.remaining());
        int start = from.position();
        while (from.hasRemaining()) {
            channel.write(from, at + from.position() - start);
        }
    }

    /** What has been written survives whatever happens to the machine. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users > 0) {
                return;
            }
            OPEN.remove(identity);
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
