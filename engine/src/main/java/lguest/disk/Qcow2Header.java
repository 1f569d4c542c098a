package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * The head of a qcow2 image (QEMU, docs/interop/qcow2.txt), numbers big-endian.
 *
 * <pre>
 *  0 magic        u32  "QFI" 0xFB              40 L1 offset         u64
 *  4 version      u32  2 or 3                  48 refcount table    u64
 *  8 base name    u64  offset, 0 if none       56   its clusters    u32
 * 16   its length u32                          60 snapshots         u32
 * 20 cluster bits u32  9 to 21                 64   their table     u64
 * 24 disk size    u64                       version 3:
 * 32 encryption   u32  0 if none               72 incompatible, 80 compatible, 88 autoclear features u64
 * 36 L1 entries   u32                          96 refcount order u32   100 length of this head u32
 * </pre>
 *
 * @param snapshotsOffset 0 if there are no snapshots inside
 * @param base null if there is none
 */
record Qcow2Header(int version, int clusterBits, long sizeBytes, int l1Entries, long l1Offset, long refcountTable,
                   int refcountTableClusters, long snapshotsOffset, boolean dirty, boolean corrupt, long autoclear, int refcountOrder,
                   DiskImage base) {
    static final int MAGIC = 0x514649FB;
    /** Where the offset of the refcount table is, and behind it its length. */
    static final int REFCOUNT_TABLE = 48;
    static final int AUTOCLEAR = 88;

    private static final int HEAD_BYTES = 72;
    private static final int HEAD3_BYTES = 104;
    private static final int BASE_FORMAT = 0xE2792ACA;
    private static final long DIRTY = 1;
    private static final long CORRUPT = 2;
    private static final long EXTERNAL_DATA = 4;
    private static final long COMPRESSION = 8;
    private static final long EXTENDED_L2 = 16;

    /** As QEMU has them. */
    private static final int MOST_L1_BYTES = 32 << 20;
    static final int MOST_REFCOUNT_TABLE_BYTES = 8 << 20;
    private static final int MOST_NAME_BYTES = 1023;
    private static final int NEW_CLUSTER_BITS = 16;
    private static final int NEW_REFCOUNT_ORDER = 4;

    int clusterBytes() {
        return 1 << clusterBits;
    }

    /** How many clusters of the disk one L2 table knows, as a power of two. */
    int l2Bits() {
        return clusterBits - 3;
    }

    /** @throws IOException if it is no such image, is broken, or has a feature that is not known here */
    static Qcow2Header read(DiskFile file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(4096);
        int there = file.read(0, head);
        head.position(0);
        if (there < HEAD_BYTES || head.getInt(0) != MAGIC) {
            throw new IOException("is not a qcow2 image");
        }
        int version = head.getInt(4);
        if (version != 2 && version != 3) {
            throw new IOException("qcow2 version " + version + ", must be 2 or 3");
        }
        require(there >= (version == 3 ? HEAD3_BYTES : HEAD_BYTES), "head is cut off after %d bytes", there);
        Qcow2Header header = new Qcow2Header(version, head.getInt(20), head.getLong(24), head.getInt(36), head.getLong(40),
            head.getLong(REFCOUNT_TABLE), head.getInt(56), head.getInt(60) == 0 ? 0 : head.getLong(64),
            version == 3 && (head.getLong(72) & DIRTY) != 0, version == 3 && (head.getLong(72) & CORRUPT) != 0,
            version == 3 ? head.getLong(AUTOCLEAR) : 0, version == 3 ? head.getInt(96) : NEW_REFCOUNT_ORDER, null);
        int clusterBits = header.clusterBits;
        require(clusterBits >= 9 && clusterBits <= 21, "cluster bits %d, must be 9 to 21", clusterBits);
        if (head.getInt(32) != 0) {
            throw new IOException("qcow2: encrypted images are not supported");
        }
        int headLength = version == 3 ? head.getInt(100) : HEAD_BYTES;
        require(headLength >= (version == 3 ? HEAD3_BYTES : HEAD_BYTES) && headLength <= header.clusterBytes() && headLength % 8 == 0,
            "head of %d bytes", headLength);
        if (version == 3) {
            features(head.getLong(72), headLength > HEAD3_BYTES && there > HEAD3_BYTES ? head.get(HEAD3_BYTES) & 0xFF : 0);
        }
        header.checkTables(file.sizeBytes());
        return header.withBase(baseOf(file, head.getLong(8), head.getInt(16), headLength, header.clusterBytes()));
    }

    private static void features(long incompatible, int compression) throws IOException {
        if ((incompatible & EXTERNAL_DATA) != 0) {
            throw new IOException("qcow2: an external data file is not supported");
        }
        if ((incompatible & EXTENDED_L2) != 0) {
            throw new IOException("qcow2: extended L2 entries are not supported");
        }
        if ((incompatible & COMPRESSION) != 0 || compression != 0) {
            throw new IOException("qcow2: compression type " + compression + " is not supported, only 0 (zlib)");
        }
        long unknown = incompatible & ~(DIRTY | CORRUPT);
        if (unknown != 0) {
            throw new IOException(String.format("qcow2: incompatible features %#x are not known", unknown));
        }
    }

    private void checkTables(long fileBytes) throws IOException {
        require(sizeBytes >= 0, "disk of %s bytes", Long.toUnsignedString(sizeBytes));
        require(refcountOrder >= 0 && refcountOrder <= 6, "refcount order %d, must be 0 to 6", refcountOrder);
        long needed = sizeBytes == 0 ? 0 : (sizeBytes - 1 >>> clusterBits + l2Bits()) + 1;
        require(l1Entries >= 0 && l1Entries <= MOST_L1_BYTES / 8, "L1 table of %s entries, can be %d", Integer.toUnsignedString(l1Entries),
            MOST_L1_BYTES / 8);
        require(l1Entries >= needed, "L1 table of %d entries, a disk of %d bytes needs %d", l1Entries, sizeBytes, needed);
        checkTable("L1 table", l1Offset, l1Entries * 8L, fileBytes);
        long refcountBytes = Integer.toUnsignedLong(refcountTableClusters) << clusterBits;
        require(refcountBytes > 0 && refcountBytes <= MOST_REFCOUNT_TABLE_BYTES, "refcount table of %d bytes, must be 1 cluster to %d bytes",
            refcountBytes, MOST_REFCOUNT_TABLE_BYTES);
        checkTable("refcount table", refcountTable, refcountBytes, fileBytes);
    }

    private void checkTable(String what, long offset, long bytes, long fileBytes) throws IOException {
        require(bytes == 0 || offset > 0 && offset % clusterBytes() == 0 && offset <= fileBytes - bytes,
            "%s of %d bytes at %#x in a file of %d", what, bytes, offset, fileBytes);
    }

    private Qcow2Header withBase(DiskImage newBase) {
        return new Qcow2Header(version, clusterBits, sizeBytes, l1Entries, l1Offset, refcountTable, refcountTableClusters, snapshotsOffset,
            dirty, corrupt, autoclear, refcountOrder, newBase);
    }

    private static DiskImage baseOf(DiskFile file, long offset, int length, int headLength, int clusterBytes) throws IOException {
        if (offset == 0) {
            return null;
        }
        require(length > 0 && length <= MOST_NAME_BYTES && offset >= headLength && offset <= clusterBytes - length,
            "base's name of %s bytes at %#x", Integer.toUnsignedString(length), offset);
        String name = text(file, offset, length);
        if (name.matches("[A-Za-z][A-Za-z0-9+.-]*:.*") || name.indexOf('\0') >= 0) {
            throw new IOException("qcow2: base '" + name + "' is not a file");
        }
        String format = baseFormat(file, headLength, offset);
        DiskImage base = DiskImage.of(file.path().toAbsolutePath().resolveSibling(name));
        if (format == null) {
            return base;
        }
        for (DiskImage.Format known : DiskImage.Format.values()) {
            if (known.text().equals(format)) {
                return new DiskImage(base.path(), known, null, 0);
            }
        }
        throw new IOException("qcow2: base '" + name + "' has the format " + format + ", supported are raw and qcow2");
    }

    /** Extensions between the head and the base's name: type u32, length u32, content padded to 8 bytes; type 0 ends them. */
    private static String baseFormat(DiskFile file, int from, long to) throws IOException {
        ByteBuffer extension = ByteBuffer.allocate(8);
        for (long at = from; at + 8 <= to;) {
            require(file.read(at, extension.clear()) == 8, "extensions are cut off at %#x", at);
            int type = extension.getInt(0);
            int length = extension.getInt(4);
            if (type == 0) {
                return null;
            }
            require(length >= 0 && at + 8 + length <= to, "extension %#x of %s bytes at %#x", type, Integer.toUnsignedString(length), at);
            if (type == BASE_FORMAT) {
                return text(file, at + 8, length);
            }
            at += 8 + (length + 7L & ~7L);
        }
        return null;
    }

    private static String text(DiskFile file, long at, int length) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(length);
        require(file.read(at, text) == length, "text at %#x is cut off", at);
        return new String(text.array(), StandardCharsets.UTF_8);
    }

    static void require(boolean holds, String broken, Object... what) throws IOException {
        if (!holds) {
            throw new IOException("qcow2 image is broken: " + String.format(broken, what));
        }
    }

    // ---- a new one

    /** Of a disk that holds nothing yet. Its clusters: this head, refcount table, refcount block, L1 table. */
    static Qcow2Header empty(long sizeBytes, DiskImage base) throws IOException {
        long entries = (sizeBytes - 1 >>> 2 * NEW_CLUSTER_BITS - 3) + 1;
        if (entries > MOST_L1_BYTES / 8) {
            throw new IOException("a qcow2 image of " + sizeBytes + " bytes is too large");
        }
        long cluster = 1L << NEW_CLUSTER_BITS;
        return new Qcow2Header(3, NEW_CLUSTER_BITS, sizeBytes, (int) entries, 3 * cluster, cluster, 1, 0, false, false, 0,
            NEW_REFCOUNT_ORDER, base);
    }

    void write(FileChannel channel) throws IOException {
        int l1Clusters = (l1Entries * 8 + clusterBytes() - 1) / clusterBytes();
        ByteBuffer all = ByteBuffer.allocate((3 + l1Clusters) * clusterBytes());
        all.putInt(MAGIC).putInt(version).putLong(0).putInt(0).putInt(clusterBits).putLong(sizeBytes).putInt(0).putInt(l1Entries)
            .putLong(l1Offset).putLong(refcountTable).putInt(refcountTableClusters).putInt(0).putLong(0)
            .putLong(0).putLong(0).putLong(0).putInt(refcountOrder).putInt(HEAD3_BYTES);
        if (base != null) {
            byte[] format = base.effectiveFormat().text().getBytes(StandardCharsets.US_ASCII);
            all.putInt(BASE_FORMAT).putInt(format.length).put(format).position(all.position() + 7 & ~7);
        }
        all.putLong(0);
        if (base != null) {
            // Absolute, so that it holds wherever the overlay goes.
            byte[] name = base.path().toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
            if (name.length > MOST_NAME_BYTES) {
                throw new IOException("the name of the base is longer than " + MOST_NAME_BYTES + " bytes: " + base.path());
            }
            all.putLong(8, all.position()).putInt(16, name.length).put(name);
        }
        all.putLong((int) refcountTable, refcountTable + clusterBytes());
        for (int cluster = 0; cluster < 3 + l1Clusters; cluster++) {
            all.putShort((int) refcountTable + clusterBytes() + 2 * cluster, (short) 1);
        }
        for (all.clear(); all.hasRemaining();) {
            channel.write(all);
        }
    }
}
