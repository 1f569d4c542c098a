package lguest.machine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import lguest.mem.PhysicalMemory;

/**
 * A {@link Snapshot} in a file. Numbers are big-endian.
 *
 * <pre>
 *  0  8 bytes    89 'L' 'G' 'S' 0D 0A 1A 0A: a transfer that meddles with line ends shows here
 *  8  int        version of the format
 * 12  long       bytes of the body
 * 20  32 bytes   SHA-256 of the body
 * 52  the body, deflated: sections (name, length, bytes), an empty name, bytes of memory, and of it the pages that are not zero
 * </pre>
 */
public final class SnapshotFile {
    /**
     * The only version that is read: version 1 had no debug exceptions that wait. It goes up with every change of what a section holds or
     * means; a file of another is refused by name of its version, since what it lacks cannot be made up. {@code GoldenSnapshotSpec}
     * has files of this version, and fails where that was forgotten.
     */
    public static final int VERSION = 2;

    private static final byte[] MAGIC = {(byte) 0x89, 'L', 'G', 'S', '\r', '\n', 0x1A, '\n'};
    private static final int DIGEST_BYTES = 32;
    private static final int HEADER_BYTES = MAGIC.length + 4 + 8 + DIGEST_BYTES;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_SECTION_BYTES = 1 << 30;

    private static final AtomicInteger DRAFTS = new AtomicInteger();

    private SnapshotFile() {
    }

    /**
     * Writes a file anew. One that is there already, perhaps behind a link, is replaced only once all is written.
     *
     * @throws IOException also if something is there that is no file: a device must not give way to one
     */
    static void write(Path named, Snapshot snapshot) throws IOException {
        Path file = Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("not a regular file");
        }
        String draftName = "." + file.getFileName() + "." + ProcessHandle.current().pid() + "-" + DRAFTS.incrementAndGet() + ".part";
        Path draft = Files.createFile(file.resolveSibling(draftName));
        try {
            try (RandomAccessFile out = new RandomAccessFile(draft.toFile(), "rw")) {
                out.write(new byte[HEADER_BYTES]);
                MessageDigest digest = sha256();
                body(new DigestOutputStream(Channels.newOutputStream(out.getChannel()), digest), snapshot);
                long length = out.length() - HEADER_BYTES;
                out.seek(0);
                out.write(MAGIC);
                out.writeInt(VERSION);
                out.writeLong(length);
                out.write(digest.digest());
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void body(OutputStream to, Snapshot snapshot) throws IOException {
        DeflaterOutputStream deflated = new DeflaterOutputStream(new BufferedOutputStream(to, BUFFER_BYTES),
            new Deflater(Deflater.BEST_SPEED), BUFFER_BYTES);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(deflated, BUFFER_BYTES));
        for (Map.Entry<String, byte[]> section : snapshot.write().entrySet()) {
            out.writeUTF(section.getKey());
            out.writeInt(section.getValue().length);
            out.write(section.getValue());
        }
        out.writeUTF("");
        out.writeInt(snapshot.memory().size());
        snapshot.memory().save(out);
        out.flush();
        deflated.finish();
        deflated.flush();
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is not a saved guest, is one of another version, or is not what was written: the message says which
     */
    public static Snapshot read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            DataInputStream header = new DataInputStream(in);
            byte[] magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException("not a saved guest");
            }
            if (Files.size(file) < HEADER_BYTES) {
                throw new IOException("cut short: its " + HEADER_BYTES + " bytes of header are not all there");
            }
            int version = header.readInt();
            if (version != VERSION) {
                throw new IOException("saved in version " + Integer.toUnsignedString(version) + " of the format, this is version " + VERSION);
            }
            long length = header.readLong();
            long there = Files.size(file) - HEADER_BYTES;
            if (length != there) {
                throw new IOException(there < length ? "cut short: " + there + " of " + length + " bytes are there"
                    : "has " + (there - length) + " bytes too many");
            }
            byte[] expected = in.readNBytes(DIGEST_BYTES);
            check(in, expected);
        }
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(HEADER_BYTES);
            return body(in);
        }
    }

    private static void check(InputStream in, byte[] expected) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int got; (got = in.read(buffer)) > 0;) {
            digest.update(buffer, 0, got);
        }
        if (!MessageDigest.isEqual(digest.digest(), expected)) {
            throw new IOException("altered: its checksum is another");
        }
    }

    private static Snapshot body(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new InflaterInputStream(from), BUFFER_BYTES));
        Map<String, byte[]> sections = new LinkedHashMap<>();
        for (String name; !(name = in.readUTF()).isEmpty();) {
            int length = in.readInt();
            if (length < 0 || length > MOST_SECTION_BYTES) {
                throw new IOException("section '" + name + "' of " + length + " bytes");
            }
            byte[] section = new byte[length];
            in.readFully(section);
            sections.put(name, section);
        }
        int bytes = in.readInt();
        if (bytes <= 0 || bytes % PhysicalMemory.PAGE_BYTES != 0) {
            throw new IOException(bytes + " bytes of memory");
        }
        return Snapshot.read(sections, PhysicalMemory.load(bytes, in));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
