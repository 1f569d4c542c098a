package lguest.disk;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The bytes of a disk. Its size never changes; callers stay inside it. */
public interface DiskStorage extends AutoCloseable {
    long sizeBytes();

    /**
     * Reads as much as there is.
     *
     * @return bytes read: less than asked for only if the host's file has become shorter
     */
    int read(long at, byte[] to, int offset, int lengthBytes) throws IOException;

    /** Writes everything; the bytes survive the death of this process. */
    void write(long at, byte[] from, int offset, int lengthBytes) throws IOException;

    /** All that was written survives the end of the host, too. */
    void force() throws IOException;

    boolean writable();

    /** Writes what is not in the file, for {@link #load}. */
    default void save(DataOutput out) throws IOException {
    }

    /** The opposite of {@link #save}. */
    default void load(DataInput in) throws IOException {
    }

    /** Once. */
    @Override
    void close();
}
