package lguest.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The 16 guest slots of this machine. A guest holds the lowest free one as long as it lives; its number tells guests
 * apart that are alive at once, in whichever process. Held by a lock on a file, so the death of a process frees its
 * slots.
 *
 * <p>File locks exclude other processes only, and closing any channel of a file gives up the process's lock on it:
 * slots of this process are in a table of their own, and their files are not opened again.
 */
public final class GuestIds {
    public static final int SLOTS = 16;

    private static final GuestIds MACHINE = new GuestIds(machineDirectory());
    private static final GuestIds PROCESS = new GuestIds(null);

    private final Path directory;
    private final boolean[] taken = new boolean[SLOTS];

    /** @param directory where the lock files are, made if need be, together with its parents; null for no files */
    public GuestIds(Path directory) {
        this.directory = directory;
    }

    /** The slots that all launchers of this user share. */
    public static GuestIds machine() {
        return MACHINE;
    }

    /** The slots of this process alone: for guests that meet no others, so that each run numbers them alike. */
    public static GuestIds process() {
        return PROCESS;
    }

    private static Path machineDirectory() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        // Somebody who became another user may still have the variable of the first one.
        return runtime != null && !runtime.isEmpty() && Files.isWritable(Path.of(runtime)) ? Path.of(runtime, "lguest")
            : Path.of(System.getProperty("java.io.tmpdir"), "lguest-" + System.getProperty("user.name"));
    }

    /**
     * Takes the lowest free slot.
     *
     * @throws IOException {@code No space left on device} if all are taken; or the lock files cannot be made
     */
    public synchronized Slot take() throws IOException {
        if (directory != null) {
            Files.createDirectories(directory);
        }
        for (int number = 0; number < SLOTS; number++) {
            if (taken[number]) {
                continue;
            }
            FileChannel file = directory == null ? null : lock(number);
            if (directory == null || file != null) {
                taken[number] = true;
                return new Slot(number, file);
            }
        }
        throw new IOException("No space left on device");
    }

    /** The open lock file of a slot; null if another process holds it. */
    private FileChannel lock(int number) throws IOException {
        FileChannel file = FileChannel.open(directory.resolve("guest-" + number),
            StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } finally {
            if (lock == null) {
                file.close();
            }
        }
        return lock == null ? null : file;
    }

    private synchronized void release(Slot slot) throws IOException {
        if (slot.file != null) {
            slot.file.close();
        }
        taken[slot.number] = false;
    }

    /** A slot of one guest, to be closed when the guest is gone. */
    public final class Slot implements Closeable {
        private final int number;
        private final FileChannel file;
        private boolean open = true;

        private Slot(int number, FileChannel file) {
            this.number = number;
            this.file = file;
        }

        /** 0 to 15: {@code lguest_data.guestid}. */
        public int number() {
            return number;
        }

        /** Frees the slot; once. */
        @Override
        public void close() throws IOException {
            if (open) {
                open = false;
                release(this);
            }
        }
    }
}
