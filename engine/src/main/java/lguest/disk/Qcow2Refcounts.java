package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * How often each cluster of an image is in use: a table of blocks of counts. A count goes up before there is anything that refers to
 * the cluster, and down when nothing does any more; a crash in between leaves a cluster that nobody uses, never one used twice.
 */
final class Qcow2Refcounts {
    private final DiskFile file;
    private final Qcow2Tables tables;
    private final int clusterBytes;
    private final int order;
    /** Counts in a block. */
    private final long perBlock;
    /** Clusters that hold tables: no data may ever go there. */
    private final Set<Long> metadata = new HashSet<>();
    /** Offsets of blocks, 0 where there is none. */
    private long[] blocks;
    private long tableOffset;
    private long firstFree;

    Qcow2Refcounts(DiskFile file, Qcow2Tables tables, Qcow2Header header) throws IOException {
        this.file = file;
        this.tables = tables;
        this.clusterBytes = header.clusterBytes();
        this.order = header.refcountOrder();
        this.perBlock = clusterBytes * 8L >>> order;
        this.tableOffset = header.refcountTable();
        ByteBuffer table = ByteBuffer.allocate(header.refcountTableClusters() * clusterBytes);
        Qcow2Header.require(file.read(tableOffset, table) == table.capacity(), "refcount table at %#x is cut off", tableOffset);
        blocks = new long[table.capacity() / 8];
        table.flip().asLongBuffer().get(blocks);
        protect("the head", 0, 1);
        protect("the refcount table", tableOffset, header.refcountTableClusters());
        for (long block : blocks) {
            if (block != 0) {
                protect("a refcount block", block, 1);
            }
        }
    }

    /**
     * Nothing else may go there.
     *
     * @throws IOException if something else is there, or it counts as free
     */
    void protect(String what, long offset, long clusters) throws IOException {
        Qcow2Header.require(offset >= 0 && offset % clusterBytes == 0 && offset <= file.sizeBytes() - 1, "%s at %#x", what, offset);
        for (long cluster = offset / clusterBytes; cluster < offset / clusterBytes + clusters; cluster++) {
            Qcow2Header.require(metadata.add(cluster), "%s at %#x is where another table is", what, cluster * clusterBytes);
            Qcow2Header.require(get(cluster) != 0, "%s at %#x counts as free", what, cluster * clusterBytes);
        }
    }

    /** What was {@link #protect protected} is gone. */
    void unprotect(long offset, long clusters) {
        for (long cluster = offset / clusterBytes; cluster < offset / clusterBytes + clusters; cluster++) {
            metadata.remove(cluster);
        }
    }

    /** Whether a cluster has this one user and is no table's, so that it may be overwritten. */
    boolean exclusive(long offset) throws IOException {
        return offset % clusterBytes == 0 && !metadata.contains(offset / clusterBytes) && get(offset / clusterBytes) == 1;
    }

    /** @return unsigned */
    long get(long cluster) throws IOException {
        long block = cluster / perBlock;
        if (block >= blocks.length || blocks[(int) block] == 0) {
            return 0;
        }
        return count(tables.at(blocks[(int) block]), cluster % perBlock);
    }

    private long count(ByteBuffer block, long index) {
        int at = (int) (index << order >>> 3);
        return switch (order) {
            case 3 -> block.get(at) & 0xFF;
            case 4 -> block.getShort(at) & 0xFFFF;
            case 5 -> Integer.toUnsignedLong(block.getInt(at));
            case 6 -> block.getLong(at);
            default -> (block.get(at) & 0xFF) >>> shift(index) & mask();
        };
    }

    private int shift(long index) {
        return (int) (index << order & 7);
    }

    private int mask() {
        return (1 << (1 << order)) - 1;
    }

    private void set(long cluster, long count) throws IOException {
        long block = blocks[(int) (cluster / perBlock)];
        long index = cluster % perBlock;
        int at = (int) (index << order >>> 3);
        int bytes = Math.max(1, 1 << order >>> 3);
        ByteBuffer value = ByteBuffer.allocate(8);
        if (order < 3) {
            int others = tables.at(block).get(at) & ~(mask() << shift(index));
            value.putLong(0, others | count << shift(index));
        } else {
            value.putLong(0, count);
        }
        byte[] changed = new byte[bytes];
        value.get(8 - bytes, changed);
        tables.set(block, at, changed);
    }

    /** Takes a free cluster; it has one user from now on. @return its offset; what is in it is anything */
    long allocate() throws IOException {
        long cluster = firstFree;
        while (get(cluster) != 0) {
            cluster++;
        }
        long block = cluster / perBlock;
        if (block >= blocks.length) {
            growTable();
            return allocate();
        }
        if (blocks[(int) block] == 0) {
            makeBlock(block);
            return allocate();
        }
        Qcow2Header.require(!metadata.contains(cluster), "a table at %#x counts as free", cluster * clusterBytes);
        set(cluster, 1);
        firstFree = cluster + 1;
        return cluster * clusterBytes;
    }

    /** A cluster has one user less. */
    void release(long offset) throws IOException {
        long cluster = offset / clusterBytes;
        long count = get(cluster);
        Qcow2Header.require(count != 0, "cluster at %#x, of which there was a user, counts as free", offset);
        set(cluster, count - 1);
        if (count == 1) {
            firstFree = Math.min(firstFree, cluster);
        }
    }

    /** The first cluster that a new block counts is its own. */
    private void makeBlock(long block) throws IOException {
        long cluster = block * perBlock;
        Qcow2Header.require(metadata.add(cluster), "a table at %#x counts as free", cluster * clusterBytes);
        tables.make(cluster * clusterBytes, counting(1));
        file.force();
        file.write(tableOffset + 8 * block, ByteBuffer.allocate(8).putLong(0, cluster * clusterBytes));
        blocks[(int) block] = cluster * clusterBytes;
    }

    /** A block of which the first counts are 1. */
    private byte[] counting(long ones) {
        ByteBuffer block = ByteBuffer.allocate(clusterBytes);
        for (long index = 0; index < ones; index++) {
            int at = (int) (index << order >>> 3);
            switch (order) {
                case 3 -> block.put(at, (byte) 1);
                case 4 -> block.putShort(at, (short) 1);
                case 5 -> block.putInt(at, 1);
                case 6 -> block.putLong(at, 1);
                default -> block.put(at, (byte) (block.get(at) | 1 << shift(index)));
            }
        }
        return block.array();
    }

    /** Half as large again, behind all that the old one could count, with the blocks that count it. */
    private void growTable() throws IOException {
        long first = blocks.length * perBlock;
        long entriesPerCluster = clusterBytes / 8;
        long tableClusters = (blocks.length + blocks.length / 2 + entriesPerCluster) / entriesPerCluster;
        if (tableClusters * clusterBytes > Qcow2Header.MOST_REFCOUNT_TABLE_BYTES) {
            throw new IOException("qcow2 image has reached its largest size of " + first * clusterBytes + " bytes");
        }
        long newBlocks = 1;
        while (newBlocks * perBlock < newBlocks + tableClusters) {
            newBlocks++;
        }
        ByteBuffer table = ByteBuffer.allocate((int) tableClusters * clusterBytes);
        for (long block : blocks) {
            table.putLong(block);
        }
        long toCount = newBlocks + tableClusters;
        for (long block = 0; block < newBlocks; block++) {
            long offset = (first + block) * clusterBytes;
            tables.make(offset, counting(Math.min(perBlock, toCount - block * perBlock)));
            table.putLong(offset);
        }
        long newOffset = (first + newBlocks) * clusterBytes;
        file.write(newOffset, table.clear());
        file.force();
        file.write(Qcow2Header.REFCOUNT_TABLE, ByteBuffer.allocate(12).putLong(0, newOffset).putInt(8, (int) tableClusters));
        file.force();
        long oldOffset = tableOffset;
        long oldClusters = blocks.length / entriesPerCluster;
        blocks = new long[table.capacity() / 8];
        table.clear().asLongBuffer().get(blocks);
        tableOffset = newOffset;
        for (long cluster = first; cluster < first + toCount; cluster++) {
            metadata.add(cluster);
        }
        unprotect(oldOffset, oldClusters);
        for (long cluster = 0; cluster < oldClusters; cluster++) {
            release(oldOffset + cluster * clusterBytes);
        }
    }
}
