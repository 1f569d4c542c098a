package lguest.device;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is bound to the words of a shared page, by every guest that maps it. The original keeps that in the one Host; ours are in
 * several processes, so it is a mapped file in a folder named after the page's file (device and inode), which also has each
 * station's socket. Looking something up takes no system call.
 *
 * <pre>
 * slot n at 512 * n: 32 bindings of 16 bytes: when (i64, 0 = free), offset of the key in the page (i32), unused (i32)
 * behind the last slot: how many slots have been used (i32), unused (i32)
 * </pre>
 */
final class WireBoard {
    private static final int BINDINGS = 32;
    private static final int ENTRY_BYTES = 16;
    private static final int ROW_BYTES = BINDINGS * ENTRY_BYTES;
    /** Where it says how many rows have ever been used, an i32: most boards are of a few guests. */
    private static final int ROWS = SharedFile.SLOTS * ROW_BYTES;
    private static final int BYTES = ROWS + 8;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final ByteBuffer table;
    private long last;

    private WireBoard(Path folder, ByteBuffer table) {
        this.folder = folder;
        this.table = table.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Opens the board of a file.
     *
     * @param key of the file, equal for every process of this machine
     * @param alone whether nobody else has it open: what is in the folder is the dead's
     */
    static WireBoard open(String key, boolean alone) throws IOException {
        Path folder = own(own(Path.of(System.getProperty("java.io.tmpdir"), "lguest-nets-" + System.getProperty("user.name")))
            .resolve(key.replaceAll("[^0-9A-Za-z]+", "-")));
        if (alone) {
            empty(folder);
        }
        try (FileChannel file = FileChannel.open(folder.resolve("board"), StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
            return new WireBoard(folder, file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    /** A folder that nobody else can put anything into. */
    private static Path own(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            try {
                if (posix) {
                    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.createDirectory(folder);
                }
            } catch (FileAlreadyExistsException meanwhile) {
                // By another launcher; or it is no folder, which the next step finds out.
            }
        }
        Path mine = Files.createTempFile("lguest", null);
        try {
            if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))) {
                throw new IOException(folder + " belongs to somebody else");
            }
        } finally {
            Files.delete(mine);
        }
        return folder;
    }

    private static void empty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Removes the folder, when nobody is left. */
    void remove() throws IOException {
        empty(folder);
        Files.delete(folder);
    }

    /** The socket of a station. */
    Path door(int slot) {
        return folder.resolve(Integer.toString(slot));
    }

    synchronized void bind(int slot, int index, int offset) {
        int at = at(slot, index);
        for (int rows; (rows = (int) INT.getVolatile(table, ROWS)) <= slot;) {
            INT.compareAndSet(table, ROWS, rows, slot + 1);
        }
        table.putInt(at + 8, offset);
        // Newer than anything before, in whichever process: one clock for all of the machine.
        last = Math.max(last + 1, System.nanoTime());
        LONG.setVolatile(table, at, last);
    }

    void unbind(int slot, int index) {
        LONG.setVolatile(table, at(slot, index), 0L);
    }

    void clear(int slot) {
        for (int index = 0; index < BINDINGS; index++) {
            unbind(slot, index);
        }
    }

    private static int at(int slot, int index) {
        return slot * ROW_BYTES + index * ENTRY_BYTES;
    }

    /** Slots that have bound a key, most recent first. */
    List<Integer> boundTo(int offset) {
        record Found(int slot, long when) {
        }
        List<Found> found = new ArrayList<>();
        int rows = Math.min((int) INT.getVolatile(table, ROWS), SharedFile.SLOTS);
        for (int slot = 0; slot < rows; slot++) {
            for (int index = 0; index < BINDINGS; index++) {
                int at = at(slot, index);
                long when = (long) LONG.getVolatile(table, at);
                if (when != 0 && table.getInt(at + 8) == offset) {
                    found.add(new Found(slot, when));
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::when).reversed());
        return found.stream().map(Found::slot).toList();
    }
}
