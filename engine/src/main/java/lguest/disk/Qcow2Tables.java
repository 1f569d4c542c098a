package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The L2 tables and refcount blocks of an image, each a cluster; some in memory. What is changed here is written at once. */
final class Qcow2Tables {
    private static final int KEPT_BYTES = 16 << 20;
    private static final int FEWEST = 8;

    private final DiskFile file;
    private final int clusterBytes;
    private final Map<Long, ByteBuffer> kept;

    Qcow2Tables(DiskFile file, int clusterBytes) {
        this.file = file;
        this.clusterBytes = clusterBytes;
        int most = Math.max(FEWEST, KEPT_BYTES / clusterBytes);
        kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
                return size() > most;
            }
        };
    }

    /** Not to be changed. @throws IOException if there is no whole table */
    ByteBuffer at(long offset) throws IOException {
        ByteBuffer table = kept.get(offset);
        if (table == null) {
            Qcow2Header.require(offset > 0 && offset % clusterBytes == 0, "a table at %#x", offset);
            table = ByteBuffer.allocate(clusterBytes);
            int read = file.read(offset, table);
            Qcow2Header.require(read == clusterBytes, "a table at %#x ends after %d bytes", offset, read);
            kept.put(offset, table);
        }
        return table;
    }

    long get(long offset, int index) throws IOException {
        return at(offset).getLong(8 * index);
    }

    void set(long offset, int index, long value) throws IOException {
        ByteBuffer table = at(offset);
        file.write(offset + 8L * index, ByteBuffer.allocate(8).putLong(0, value));
        table.putLong(8 * index, value);
    }

    /** @param from bytes that replace those at {@code inside} of the table */
    void set(long offset, int inside, byte[] from) throws IOException {
        ByteBuffer table = at(offset);
        file.write(offset + inside, ByteBuffer.wrap(from));
        table.put(inside, from);
    }

    /** Writes a whole new table. */
    void make(long offset, byte[] content) throws IOException {
        kept.remove(offset);
        file.write(offset, ByteBuffer.wrap(content));
    }
}
