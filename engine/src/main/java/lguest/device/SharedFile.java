package lguest.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import lguest.mem.PhysicalMemory;

/**
 * The file behind {@code --sharenet}: one page that several guests map, in this process or in others. A guest owns slot n while
 * it holds a lock on byte n.
 *
 * <p>POSIX forgets a process's locks on a file when the process closes any descriptor of it. So this process opens each file
 * once, however many of its guests share it, and closes it after the last.
 */
final class SharedFile {
    /** MAC addresses of 6 bytes in a page. */
    static final int SLOTS = PhysicalMemory.PAGE_BYTES / 6;

    /** The last four bytes of the page are nobody's; locks on them order who comes and who goes. */
    private static final int ENTRY = PhysicalMemory.PAGE_BYTES - 1;
    /** Locked, together with others, by every process that has the file open. */
    private static final int PRESENCE = PhysicalMemory.PAGE_BYTES - 2;

    private static final Map<Object, SharedFile> OPEN = new HashMap<>();
    private static int numbers;

    private final Object identity;
    private final int number = ++numbers;
    private final FileChannel channel;
    private final MappedByteBuffer page;
    private final FileLock presence;
    private final WireBoard board;
    private final FileLock[] locks = new FileLock[SLOTS];
    private final AtomicReferenceArray<Station> stations = new AtomicReferenceArray<>(SLOTS);
    private final StationDoor[] doors = new StationDoor[SLOTS];
    private int guests;

    private SharedFile(Object identity, FileChannel channel, MappedByteBuffer page) throws IOException {
        this.identity = identity;
        this.channel = channel;
        this.page = page;
        try (FileLock entry = channel.lock(ENTRY, 1, false)) {
            // The first process here wipes out what the dead have left, before anybody else can get in.
            FileLock nobodyElse = channel.tryLock(PRESENCE, 1, false);
            if (nobodyElse != null) {
                nobodyElse.release();
            }
            presence = channel.lock(PRESENCE, 1, true);
            board = WireBoard.open(identity.toString(), nobodyElse != null);
        }
    }

    /**
     * Opens the file, or joins the guests of this process that have it open; a missing or empty file becomes one zeroed page,
     * mode 0600 if it was missing.
     *
     * @throws LauncherExit {@code cannot open net file '<path>': <why>}, {@code could not mmap '<path>': <why>}
     */
    static SharedFile open(Path path) {
        synchronized (OPEN) {
            try {
                SharedFile file = Files.exists(path) ? OPEN.get(identity(path)) : null;
                if (file == null) {
                    file = map(path);
                    OPEN.put(file.identity, file);
                }
                file.guests++;
                return file;
            } catch (IOException e) {
                throw new LauncherExit(e, "cannot open net file '%s'", path);
            }
        }
    }

    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key != null ? key : path.toRealPath();
    }

    private static SharedFile map(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE), ownerOnly(path));
        try {
            if (channel.size() == 0) {
                makePage(channel);
            }
            if (channel.size() < PhysicalMemory.PAGE_BYTES) {
                // Mapping it would make it grow.
                throw new LauncherExit("could not mmap '%s': it has %d bytes, must have %d", path, channel.size(),
                    PhysicalMemory.PAGE_BYTES);
            }
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, PhysicalMemory.PAGE_BYTES);
            return new SharedFile(identity(path), channel, page);
        } catch (IOException | LauncherExit e) {
            channel.close();
            throw e;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
            : new FileAttribute<?>[0];
    }

    /** Two processes may be here at once; the second must not wipe out what the first one's guest has written meanwhile. */
    private static void makePage(FileChannel channel) throws IOException {
        try (FileLock alone = channel.lock(ENTRY, 1, false)) {
            if (channel.size() == 0) {
                channel.write(ByteBuffer.allocate(PhysicalMemory.PAGE_BYTES), 0);
            }
        }
    }

    /** The last process closes the door behind it. */
    private void depart() {
        try (channel; FileLock entry = channel.lock(ENTRY, 1, false)) {
            presence.release();
            FileLock nobodyElse = channel.tryLock(PRESENCE, 1, false);
            if (nobodyElse != null) {
                board.remove();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What two guests of this process have in common if they share a page: a number from 1. */
    int number() {
        return number;
    }

    MappedByteBuffer page() {
        return page;
    }

    WireBoard board() {
        return board;
    }

    /** The station at a slot, if it is one of this process; else null. */
    Station station(int slot) {
        return stations.get(slot);
    }

    /**
     * Takes the lowest slot that no guest anywhere holds.
     *
     * @param path for messages
     * @param arrived called, on the thread that brings it, when something is sent to it
     * @throws LauncherExit {@code No free slots in network file <path>}, or {@code cannot open net file '<path>': <why>}; then the
     *     file is left again
     */
    Station takeSlot(Path path, Runnable arrived) {
        try {
            Station station = takeSlot(arrived);
            if (station == null) {
                throw new LauncherExit("No free slots in network file %s", path);
            }
            return station;
        } catch (IOException e) {
            leave();
            throw new LauncherExit(e, "cannot open net file '%s'", path);
        } catch (LauncherExit none) {
            leave();
            throw none;
        }
    }

    private Station takeSlot(Runnable arrived) throws IOException {
        synchronized (OPEN) {
            for (int slot = 0; slot < SLOTS; slot++) {
                if (locks[slot] == null && lock(slot)) {
                    Station station = new Station(this, slot, arrived);
                    doors[slot] = new StationDoor(board.door(slot), station);
                    stations.set(slot, station);
                    board.clear(slot);
                    return station;
                }
            }
            return null;
        }
    }

    private boolean lock(int slot) throws IOException {
        try {
            locks[slot] = channel.tryLock(slot, 1, false);
            return locks[slot] != null;
        } catch (OverlappingFileLockException e) {
            // Held in this process through another name of the file system's making: as taken as any.
            return false;
        }
    }

    /** Gives a slot back; the last guest closes the file. The MAC address stays in the page, as after a crash. */
    void leave(Station station) {
        synchronized (OPEN) {
            try {
                int slot = station.slot();
                stations.set(slot, null);
                doors[slot].close();
                locks[slot].release();
                locks[slot] = null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                leave();
            }
        }
    }

    private void leave() {
        synchronized (OPEN) {
            if (--guests == 0) {
                OPEN.remove(identity);
                depart();
            }
        }
    }
}
