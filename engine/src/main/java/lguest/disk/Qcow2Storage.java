package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A disk in a qcow2 image. An L1 table names L2 tables, which name the clusters of the disk; what they do not name comes from the
 * base, or is zero.
 *
 * <pre>
 * L1, L2 entry: 63 in use once   62 compressed   55..9 offset in the file   0 (version 3) reads as zero
 * compressed:   from bit 62 - (cluster bits - 8) on the number of further sectors; below it the offset
 * </pre>
 *
 * <p>Changes go to the file in an order that makes every moment a good one to be killed: first the counts of what is newly used and
 * its content, then, when they are safe, the entry that refers to it, then the counts of what the entry referred to before. A
 * cluster that is in use once already is written in place.
 */
final class Qcow2Storage implements DiskStorage {
    private static final long ONCE = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;
    private static final long OFFSET = 0x00FF_FFFF_FFFF_FE00L;
    private static final int SECTOR_BYTES = 512;
    private static final int DEEPEST = 64;

    /** An entry that waits until what it refers to is safe. */
    private record Change(long table, int index, long entry, long before) {
    }

    private final DiskFile file;
    private final Qcow2Header header;
    private final int clusterBytes;
    private final DiskStorage base;
    private final Qcow2Tables tables;
    /** Null if nothing is to be written. */
    private final Qcow2Refcounts refcounts;
    private final long[] l1;
    /** The last cluster that was compressed, and its entry. */
    private byte[] inflated;
    private long inflatedEntry;

    private Qcow2Storage(DiskFile file, int depth) throws IOException {
        this.file = file;
        header = Qcow2Header.read(file);
        clusterBytes = header.clusterBytes();
        tables = new Qcow2Tables(file, clusterBytes);
        l1 = new long[header.l1Entries()];
        ByteBuffer table = ByteBuffer.allocate(8 * l1.length);
        file.read(header.l1Offset(), table);
        table.clear().asLongBuffer().get(l1);
        refcounts = file.writable() ? refcounts() : null;
        base = header.base() == null ? null : openBase(header.base(), depth + 1);
    }

    static Qcow2Storage open(Path path, boolean writable, int depth) throws IOException {
        DiskFile file = DiskFile.open(path, writable, null);
        try {
            return new Qcow2Storage(file, depth);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** @param depth how many images stand on it */
    static DiskStorage openBase(DiskImage base, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("qcow2: more than " + DEEPEST + " images, each standing on the next");
        }
        try {
            return base.open(false, null, depth);
        } catch (NoSuchFileException none) {
            throw new IOException("its base " + base.path() + " is not there", none);
        } catch (FileSystemException failed) {
            String why = failed.getReason() != null ? failed.getReason() : "cannot be opened";
            throw new IOException("its base " + base.path() + ": " + why, failed);
        } catch (IOException failed) {
            throw new IOException("its base " + base.path() + ": " + failed.getMessage(), failed);
        }
    }

    /** What must be right before anything is written. */
    private Qcow2Refcounts refcounts() throws IOException {
        if (header.dirty() || header.corrupt()) {
            throw new IOException(String.format("qcow2 image is marked %s: qemu-img check -r all %s",
                header.corrupt() ? "corrupt" : "as not closed", file.path()));
        }
        Qcow2Refcounts counts = new Qcow2Refcounts(file, tables, header);
        long l1Clusters = (8L * l1.length + clusterBytes - 1) / clusterBytes;
        if (l1Clusters > 0) {
            counts.protect("the L1 table", header.l1Offset(), l1Clusters);
        }
        if (header.snapshotsOffset() != 0) {
            counts.protect("the table of snapshots", header.snapshotsOffset(), 1);
        }
        for (long entry : l1) {
            if ((entry & OFFSET) != 0) {
                counts.protect("an L2 table", entry & OFFSET, 1);
            }
        }
        if (header.autoclear() != 0) {
            // They say that something describes the content, and that will not be so any more.
            file.write(Qcow2Header.AUTOCLEAR, ByteBuffer.allocate(8));
        }
        return counts;
    }

    /** What it stands on; null if on nothing. */
    DiskImage base() {
        return header.base();
    }

    @Override
    public long sizeBytes() {
        return header.sizeBytes();
    }

    @Override
    public boolean writable() {
        return refcounts != null;
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    // ---- reading

    @Override
    public int read(long at, byte[] to, int offset, int lengthBytes) throws IOException {
        for (int done = 0; done < lengthBytes;) {
            int inside = (int) (at + done & clusterBytes - 1);
            int chunk = Math.min(lengthBytes - done, clusterBytes - inside);
            read(entry(at + done), at + done, inside, to, offset + done, chunk);
            done += chunk;
        }
        return lengthBytes;
    }

    /** @param inside where in the cluster of the entry */
    private void read(long entry, long at, int inside, byte[] to, int offset, int bytes) throws IOException {
        if ((entry & COMPRESSED) != 0) {
            System.arraycopy(inflated(entry), inside, to, offset, bytes);
        } else if ((entry & ZERO) != 0) {
            Arrays.fill(to, offset, offset + bytes, (byte) 0);
        } else if ((entry & OFFSET) != 0) {
            long place = entry & OFFSET;
            Qcow2Header.require(place < file.sizeBytes(), "a cluster at %#x in a file of %d bytes", place, file.sizeBytes());
            int read = file.read(place + inside, ByteBuffer.wrap(to, offset, bytes));
            // The last cluster need not be there whole.
            Arrays.fill(to, offset + read, offset + bytes, (byte) 0);
        } else {
            readBase(at, to, offset, bytes);
        }
    }

    private void readBase(long at, byte[] to, int offset, int bytes) throws IOException {
        int below = base == null ? 0 : (int) Math.max(0, Math.min(bytes, base.sizeBytes() - at));
        if (below > 0) {
            int read = base.read(at, to, offset, below);
            if (read < below) {
                throw new IOException(header.base().path() + " has shrunk");
            }
        }
        Arrays.fill(to, offset + below, offset + bytes, (byte) 0);
    }

    private int l1Index(long at) {
        return (int) (at >>> header.clusterBits() + header.l2Bits());
    }

    private int l2Index(long at) {
        return (int) (at >>> header.clusterBits()) & (1 << header.l2Bits()) - 1;
    }

    /** The L2 entry of a place of the disk, checked; 0 if there is no table. */
    private long entry(long at) throws IOException {
        long table = tableOf(l1[l1Index(at)]);
        return table == 0 ? 0 : checked(tables.get(table, l2Index(at)));
    }

    private long tableOf(long l1Entry) throws IOException {
        long table = l1Entry & OFFSET;
        Qcow2Header.require((l1Entry & ~(OFFSET | ONCE)) == 0 && table % clusterBytes == 0, "L1 entry %#x", l1Entry);
        return table;
    }

    private long checked(long entry) throws IOException {
        if ((entry & COMPRESSED) == 0) {
            long flags = header.version() == 3 ? ZERO : 0;
            Qcow2Header.require((entry & ~(OFFSET | ONCE | flags)) == 0 && (entry & OFFSET) % clusterBytes == 0, "L2 entry %#x", entry);
        }
        return entry;
    }

    private int offsetBits() {
        return 62 - (header.clusterBits() - 8);
    }

    private long compressedAt(long entry) {
        return entry & (1L << offsetBits()) - 1;
    }

    private int compressedBytes(long entry) {
        long sectors = (entry & COMPRESSED - 1) >>> offsetBits();
        return (int) ((sectors + 1) * SECTOR_BYTES - (compressedAt(entry) & SECTOR_BYTES - 1));
    }

    /** Not to be changed. */
    private byte[] inflated(long entry) throws IOException {
        if (inflated != null && inflatedEntry == entry) {
            return inflated;
        }
        long at = compressedAt(entry);
        ByteBuffer packed = ByteBuffer.allocate(compressedBytes(entry));
        Qcow2Header.require(file.read(at, packed) > 0, "a compressed cluster at %#x in a file of %d bytes", at, file.sizeBytes());
        byte[] cluster = new byte[clusterBytes];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed.array(), 0, packed.position());
            int bytes = 0;
            for (int more; bytes < clusterBytes && (more = inflater.inflate(cluster, bytes, clusterBytes - bytes)) > 0;) {
                bytes += more;
            }
            Qcow2Header.require(bytes == clusterBytes, "a compressed cluster at %#x holds %d bytes", at, bytes);
        } catch (DataFormatException e) {
            throw new IOException(String.format("qcow2 image is broken: a compressed cluster at %#x: %s", at, e.getMessage()), e);
        } finally {
            inflater.end();
        }
        inflated = cluster;
        inflatedEntry = entry;
        return cluster;
    }

    // ---- writing

    @Override
    public void write(long at, byte[] from, int offset, int lengthBytes) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (int done = 0; done < lengthBytes;) {
            int inside = (int) (at + done & clusterBytes - 1);
            int chunk = Math.min(lengthBytes - done, clusterBytes - inside);
            writeCluster(at + done, inside, from, offset + done, chunk, changes);
            done += chunk;
        }
        if (!changes.isEmpty()) {
            apply(changes);
        }
    }

    private void writeCluster(long at, int inside, byte[] from, int offset, int bytes, List<Change> changes) throws IOException {
        long table = tableForWriting(l1Index(at));
        int index = l2Index(at);
        long entry = checked(tables.get(table, index));
        long place = (entry & COMPRESSED) == 0 ? entry & OFFSET : 0;
        boolean own = place != 0 && (entry & ONCE) != 0;
        if (own) {
            Qcow2Header.require(refcounts.exclusive(place) && place < file.sizeBytes(),
                "a cluster at %#x is to be written, but the file ends there or it has other users", place);
        }
        if (own && (entry & ZERO) == 0) {
            file.write(place + inside, ByteBuffer.wrap(from, offset, bytes));
            return;
        }
        byte[] cluster = new byte[clusterBytes];
        if (bytes < clusterBytes) {
            read(entry, at - inside, 0, cluster, 0, clusterBytes);
        }
        System.arraycopy(from, offset, cluster, inside, bytes);
        if (!own) {
            place = refcounts.allocate();
        }
        file.write(place, ByteBuffer.wrap(cluster));
        changes.add(new Change(table, index, place | ONCE, own ? 0 : entry));
    }

    private void apply(List<Change> changes) throws IOException {
        file.force();
        boolean released = false;
        for (Change change : changes) {
            tables.set(change.table(), change.index(), change.entry());
            released |= (change.before() & (COMPRESSED | OFFSET)) != 0;
        }
        if (released) {
            file.force();
            for (Change change : changes) {
                release(change.before());
            }
        }
    }

    /** What an entry referred to has a user less; compressed clusters lie anywhere, and several may share a cluster of the file. */
    private void release(long entry) throws IOException {
        if ((entry & COMPRESSED) != 0) {
            inflated = null;
            long first = compressedAt(entry) / clusterBytes;
            long last = (compressedAt(entry) + compressedBytes(entry) - 1) / clusterBytes;
            for (long cluster = first; cluster <= last; cluster++) {
                refcounts.release(cluster * clusterBytes);
            }
        } else if ((entry & OFFSET) != 0) {
            refcounts.release(entry & OFFSET);
        }
    }

    /** @return offset of an L2 table that nobody else uses */
    private long tableForWriting(int index) throws IOException {
        long before = tableOf(l1[index]);
        if (before != 0 && (l1[index] & ONCE) != 0) {
            Qcow2Header.require(refcounts.get(before / clusterBytes) == 1, "an L2 table at %#x is to be written, but has other users", before);
            return before;
        }
        byte[] content = before == 0 ? new byte[clusterBytes] : tables.at(before).array().clone();
        long table = refcounts.allocate();
        tables.make(table, content);
        refcounts.protect("an L2 table", table, 1);
        file.force();
        file.write(header.l1Offset() + 8L * index, ByteBuffer.allocate(8).putLong(0, table | ONCE));
        l1[index] = table | ONCE;
        if (before != 0) {
            file.force();
            refcounts.unprotect(before, 1);
            refcounts.release(before);
        }
        return table;
    }

    @Override
    public void close() {
        file.close();
        if (base != null) {
            base.close();
        }
    }
}
