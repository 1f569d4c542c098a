package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Which file is a disk, and how its bytes are to be understood.
 *
 * <p>What is in the file never decides that: a guest could write the head of a qcow2 image to its raw disk, one that names any file
 * of the host as its base, and have that file opened the next time. A name that ends in {@code .qcow2} is a qcow2 image, any other
 * is raw; {@code raw:FILE} and {@code qcow2:FILE} say it outright.
 *
 * @param format null: by the name
 * @param base what an image that is not there yet is made over; null: nothing
 * @param sizeBytes how large a disk that is not there yet becomes; 0: as large as its base
 */
public record DiskImage(Path path, Format format, DiskImage base, long sizeBytes) {
    /** How a disk is laid out in its file. */
    public enum Format {
        /** Byte for byte. */
        RAW,
        /** QEMU's, versions 2 and 3. */
        QCOW2;

        /** Also the name that qcow2 images know it by. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SUFFIX = ".qcow2";

    public static DiskImage of(Path path) {
        return new DiskImage(path, null, null, 0);
    }

    /** @param text {@code FILE}, {@code raw:FILE} or {@code qcow2:FILE} */
    public static DiskImage parse(String text) {
        for (Format format : Format.values()) {
            String prefix = format.text() + ":";
            if (text.startsWith(prefix)) {
                return new DiskImage(Path.of(text.substring(prefix.length())), format, null, 0);
            }
        }
        return of(Path.of(text));
    }

    /** The same format, elsewhere. */
    public DiskImage at(Path where) {
        return new DiskImage(where, format, base, sizeBytes);
    }

    /** An overlay: made if it is not there yet. Only what differs from the base is in it. */
    public DiskImage over(DiskImage newBase) {
        return new DiskImage(path, format, newBase, sizeBytes);
    }

    /** Made, sparse, if it is not there yet. @param bytes more than 0 */
    public DiskImage ofSize(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a disk of " + bytes + " bytes");
        }
        return new DiskImage(path, format, base, bytes);
    }

    /** What it is to be read as. */
    public Format effectiveFormat() {
        return format != null ? format : path.toString().endsWith(SUFFIX) ? Format.QCOW2 : Format.RAW;
    }

    /** @throws IOException if it cannot be had, and why */
    public DiskStorage open(boolean writable) throws IOException {
        return open(writable, null);
    }

    /**
     * The same for somebody who may have several disks that are one raw file.
     *
     * @param owner null: nobody may
     */
    public DiskStorage open(boolean writable, Object owner) throws IOException {
        boolean made = (base != null || sizeBytes > 0) && make();
        DiskStorage storage = open(writable, owner, 0);
        try {
            if (!made) {
                compare(storage);
            }
            return storage;
        } catch (IOException different) {
            storage.close();
            throw different;
        }
    }

    /** @param depth how many images stand on this one */
    DiskStorage open(boolean writable, Object owner, int depth) throws IOException {
        if (effectiveFormat() == Format.QCOW2) {
            return Qcow2Storage.open(path, writable, depth);
        }
        FileStorage storage = FileStorage.open(path, writable, owner);
        if (format == null && looksLikeQcow2(storage)) {
            storage.close();
            throw new IOException(String.format("begins like a qcow2 image: say qcow2:%1$s if it is one, raw:%1$s if it only looks so", path));
        }
        return storage;
    }

    private static boolean looksLikeQcow2(DiskStorage storage) throws IOException {
        byte[] start = new byte[4];
        int most = (int) Math.min(start.length, storage.sizeBytes());
        return storage.read(0, start, 0, most) == start.length && ByteBuffer.wrap(start).getInt() == Qcow2Header.MAGIC;
    }

    /** @return whether it was not there */
    private boolean make() throws IOException {
        if (Files.exists(path)) {
            return false;
        }
        if (effectiveFormat() == Format.RAW && base != null) {
            throw new IOException(String.format("a raw disk has no base: call it %s%s or qcow2:%s", path, SUFFIX, path));
        }
        long bytes = sizeBytes;
        if (bytes == 0) {
            try (DiskStorage below = Qcow2Storage.openBase(base, 1)) {
                bytes = below.sizeBytes();
            }
        }
        try {
            NewImage.make(this, bytes);
            return true;
        } catch (FileAlreadyExistsException meanwhile) {
            return false;
        }
    }

    /** An old disk must be what was asked for. */
    private void compare(DiskStorage storage) throws IOException {
        if (sizeBytes > 0 && storage.sizeBytes() != sizeBytes) {
            throw new IOException(String.format("is there and has %d bytes, not %d", storage.sizeBytes(), sizeBytes));
        }
        if (base != null) {
            DiskImage found = storage instanceof Qcow2Storage qcow2 ? qcow2.base() : null;
            if (found == null || !Files.isSameFile(found.path, base.path)) {
                throw new IOException(String.format("is there and stands on %s, not on %s", found == null ? "nothing" : found.path, base.path));
            }
        }
    }
}
