package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file or block device of the host as a disk, byte for byte. It is never created, truncated or extended; holes stay holes. */
final class FileStorage implements DiskStorage {
    private final DiskFile file;
    private final long sizeBytes;

    private FileStorage(DiskFile file) throws IOException {
        this.file = file;
        this.sizeBytes = file.sizeBytes();
    }

    static FileStorage open(Path path, boolean writable, Object owner) throws IOException {
        DiskFile file = DiskFile.open(path, writable, owner);
        try {
            return new FileStorage(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int read(long at, byte[] to, int offset, int lengthBytes) throws IOException {
        return file.read(at, ByteBuffer.wrap(to, offset, lengthBytes));
    }

    @Override
    public void write(long at, byte[] from, int offset, int lengthBytes) throws IOException {
        file.write(at, ByteBuffer.wrap(from, offset, lengthBytes));
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public boolean writable() {
        return file.writable();
    }

    @Override
    public void close() {
        file.close();
    }
}
