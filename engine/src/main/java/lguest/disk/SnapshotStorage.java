package lguest.disk;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A disk whose writes stay in memory, a page of 4 KiB at a time, up to a limit. What is below is only ever read. */
public final class SnapshotStorage implements DiskStorage {
    private static final int PAGE_BYTES = 4096;

    private final DiskStorage below;
    private final long limitPages;
    private final Map<Long, byte[]> pages = new HashMap<>();

    public SnapshotStorage(DiskStorage below, long limitBytes) {
        this.below = below;
        this.limitPages = limitBytes / PAGE_BYTES;
    }

    @Override
    public long sizeBytes() {
        return below.sizeBytes();
    }

    @Override
    public int read(long at, byte[] to, int offset, int lengthBytes) throws IOException {
        for (int done = 0; done < lengthBytes;) {
            int inside = (int) ((at + done) % PAGE_BYTES);
            int chunk = Math.min(lengthBytes - done, PAGE_BYTES - inside);
            byte[] page = pages.get((at + done) / PAGE_BYTES);
            if (page != null) {
                System.arraycopy(page, inside, to, offset + done, chunk);
            } else {
                int read = below.read(at + done, to, offset + done, chunk);
                if (read < chunk) {
                    return done + read;
                }
            }
            done += chunk;
        }
        return lengthBytes;
    }

    @Override
    public void write(long at, byte[] from, int offset, int lengthBytes) throws IOException {
        for (int done = 0; done < lengthBytes;) {
            int inside = (int) ((at + done) % PAGE_BYTES);
            int chunk = Math.min(lengthBytes - done, PAGE_BYTES - inside);
            System.arraycopy(from, offset + done, page((at + done) / PAGE_BYTES), inside, chunk);
            done += chunk;
        }
    }

    private byte[] page(long number) throws IOException {
        byte[] page = pages.get(number);
        if (page == null) {
            if (pages.size() >= limitPages) {
                throw new IOException("snapshot has reached its limit of " + limitPages * PAGE_BYTES + " bytes");
            }
            page = new byte[PAGE_BYTES];
            long first = number * PAGE_BYTES;
            below.read(first, page, 0, (int) Math.min(PAGE_BYTES, sizeBytes() - first));
            pages.put(number, page);
        }
        return page;
    }

    /** There is nothing to survive: what is in memory dies with the guest. */
    @Override
    public void force() {
    }

    @Override
    public boolean writable() {
        return true;
    }

    /** Bytes held in memory. */
    long heldBytes() {
        return (long) pages.size() * PAGE_BYTES;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(pages.size());
        for (Map.Entry<Long, byte[]> page : new TreeMap<>(pages).entrySet()) {
            out.writeLong(page.getKey());
            out.write(page.getValue());
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        pages.clear();
        for (int left = in.readInt(); left > 0; left--) {
            byte[] page = new byte[PAGE_BYTES];
            long number = in.readLong();
            in.readFully(page);
            pages.put(number, page);
        }
    }

    @Override
    public void close() {
        below.close();
        pages.clear();
    }
}
