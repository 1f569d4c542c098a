package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import lguest.disk.DiskImage;
import lguest.disk.DiskStorage;
import lguest.disk.SnapshotStorage;

/**
 * A disk: {@code /dev/lgba} and its sisters. The guest describes a request in the device's page and sends a DMA to the page's
 * address; the answer goes into the buffer bound there.
 *
 * <pre>
 * 0x00 type        s32  0 read, else write           0x0C result      s32  0 pending, 1 done, 2 error
 * 0x04 sector      u32  of 512 bytes                 0x10 num_sectors u32
 * 0x08 bytes       u32  the guest expects
 * </pre>
 */
public final class BlockDisk extends Device {
    public static final int SECTOR_BYTES = 512;
    /** Result of a request. */
    public static final int DONE = 1;
    public static final int ERROR = 2;

    /** What happens to what the guest writes. */
    public enum Mode {
        /** The host has it before the guest hears that it did: it survives whoever is killed then, but not the host's own end. */
        READ_WRITE,
        /** The same, and it is on the host's disk: it survives whatever happens. Each write takes the host some milliseconds. */
        SYNC,
        /** It is refused with result {@link #ERROR}. */
        READ_ONLY,
        /** It stays in memory; the file is only read. */
        SNAPSHOT;

        /** Whether files change. */
        public boolean writes() {
            return this == READ_WRITE || this == SYNC;
        }
    }

    private static final int TYPE = 0;
    private static final int SECTOR = 4;
    private static final int EXPECTED = 8;
    private static final int RESULT = 0xC;
    private static final int NUM_SECTORS = 0x10;
    private static final long MAX_SNAPSHOT_BYTES = 512L << 20;
    private static final long MOST_SECTORS = 0xFFFFFFFFL;
    private static final int FAILED = -1;

    private final DiskImage image;
    private final Mode mode;
    private final DiskStorage storage;
    private final Consumer<String> verbose;
    private final Consumer<String> warnings;
    /** Null for nobody. */
    private Consumer<DiskRequest> hook;
    private long requests;
    private long failed;
    private long reads;
    private long readBytes;
    private long writes;
    private long writtenBytes;
    private long busyNanos;
    private boolean closed;

    BlockDisk(DiskImage image, Mode mode, DiskStorage storage, Consumer<String> verbose, Consumer<String> warnings) {
        super(BLOCK, RANDOMNESS, 1);
        this.image = image;
        this.mode = mode;
        this.storage = storage;
        this.verbose = verbose;
        this.warnings = warnings;
    }

    /**
     * Opens a disk. A snapshot keeps at most 512 MiB, and no more than a quarter of the Java heap, in memory; writes beyond get result
     * {@link #ERROR}.
     *
     * @param verbose takes the lines of {@code --verbose}
     * @param warnings what the launcher says and then goes on, without {@code lguest: }: why the host refused a request
     * @param guest whose disk it is: it may name a raw file several times, as in the original
     * @throws LauncherExit {@code Failed to open <path>: <why>}
     */
    public static BlockDisk open(DiskImage image, Mode mode, Consumer<String> verbose, Consumer<String> warnings, Object guest) {
        try {
            DiskStorage storage = image.open(mode.writes(), guest);
            if (mode == Mode.SNAPSHOT) {
                storage = new SnapshotStorage(storage, Math.min(MAX_SNAPSHOT_BYTES, Runtime.getRuntime().maxMemory() / 4));
            }
            return new BlockDisk(image, mode, storage, verbose, warnings);
        } catch (IOException e) {
            throw new LauncherExit(e, "Failed to open %s", image.path());
        }
    }

    /** The file, as it was given. */
    public String name() {
        return image.path().toString();
    }

    public DiskImage image() {
        return image;
    }

    public Mode mode() {
        return mode;
    }

    /** Lets somebody see every request, and make it fail: before it is written, after it has been read. On the guest's thread. */
    public void onRequest(Consumer<DiskRequest> newHook) {
        hook = newHook;
    }

    @Override
    protected void attached() {
        verbose.accept("device " + Pointer.text(page()) + ": block " + sectors() + " sectors");
    }

    @Override
    protected void describe() {
        memory().write32(page() + NUM_SECTORS, (int) sectors());
    }

    private long sectors() {
        return Math.min(storage.sizeBytes() / SECTOR_BYTES, MOST_SECTORS);
    }

    @Override
    public boolean watches(int key) {
        return key == page();
    }

    @Override
    public int output(int key, Dma sent) {
        boolean write = memory().read32(page() + TYPE) != 0;
        long at = Integer.toUnsignedLong(memory().read32(page() + SECTOR)) * SECTOR_BYTES;
        int expected = memory().read32(page() + EXPECTED);
        if (at >= storage.sizeBytes()) {
            throw new LauncherExit("Bad offset %d vs %d: " + SystemError.INVALID_ARGUMENT, at, storage.sizeBytes());
        }
        verbose.accept("Block: " + (write ? "WRITE" : "READ") + " at offset " + at);
        int address = port().takeOrLast(key);
        if (address == DmaPort.NOT_BOUND) {
            throw new LauncherExit("Block request didn't give us a dma buffer: " + SystemError.NO_SUCH_FILE);
        }
        DmaBuffer buffer = DmaBuffer.at(memory(), port(), address);
        requests++;
        long start = System.nanoTime();
        int moved = write ? write(at, sent) : read(at, buffer.dma());
        busyNanos += System.nanoTime() - start;
        boolean done = moved == expected && moved != FAILED;
        failed += done ? 0 : 1;
        memory().write32(page() + RESULT, done ? DONE : ERROR);
        buffer.complete(write ? 0 : moved);
        return 0;
    }

    private void show(DiskRequest request) {
        Consumer<DiskRequest> watcher = hook;
        foreign().call(request, watcher == null ? Foreign.NOBODY : () -> watcher.accept(request));
    }

    /** @return bytes written, {@link #FAILED} if writing is refused */
    private int write(long at, Dma sent) {
        int bytes = sent.lengthBytes();
        if (at + bytes > storage.sizeBytes()) {
            throw new LauncherExit("Write past end %d+%d", at, bytes);
        }
        if (!storage.writable()) {
            return FAILED;
        }
        DiskRequest request = new DiskRequest(requests, true, at / SECTOR_BYTES, sent.bytes());
        show(request);
        if (request.lost() || request.failed()) {
            return request.failed() ? FAILED : bytes;
        }
        try {
            storage.write(at, request.data(), 0, request.most());
            if (mode == Mode.SYNC) {
                storage.force();
            }
        } catch (IOException e) {
            warnings.accept("Block: " + name() + ": " + SystemError.text(e));
            return failedWrite(at);
        }
        writes++;
        writtenBytes += request.most();
        return request.most();
    }

    /** A write that the host refuses is fatal, as in the original, which prints the -1 unsigned. A snapshot only runs full. */
    private int failedWrite(long at) {
        if (mode.writes()) {
            throw new LauncherExit("Write past end %d+%s", at, Integer.toUnsignedString(FAILED));
        }
        return FAILED;
    }

    /** @return bytes read, {@link #FAILED} if the host's file cannot be read */
    private int read(long at, Dma bound) {
        byte[] bytes = new byte[(int) Math.min(bound.lengthBytes(), storage.sizeBytes() - at)];
        int read;
        try {
            read = storage.read(at, bytes, 0, bytes.length);
        } catch (IOException e) {
            warnings.accept("Block: " + name() + ": " + SystemError.text(e));
            return FAILED;
        }
        DiskRequest request = new DiskRequest(requests, false, at / SECTOR_BYTES, read == bytes.length ? bytes : Arrays.copyOf(bytes, read));
        show(request);
        if (request.lost() || request.failed()) {
            return request.failed() ? FAILED : read;
        }
        reads++;
        readBytes += request.most();
        return bound.scatter(request.data(), 0, request.most());
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("path", name());
        state.put("mode", mode);
        state.put("sectors", storage.sizeBytes() / SECTOR_BYTES);
        state.put("requests", requests);
        state.put("failed", failed);
        state.put("reads", reads);
        state.put("readBytes", readBytes);
        state.put("writes", writes);
        state.put("writtenBytes", writtenBytes);
        state.put("busyNanos", busyNanos);
        return state;
    }

    /** The file itself is not part of it, only what a snapshot holds in memory. */
    @Override
    public void save(DataOutput out) throws IOException {
        out.writeLong(storage.sizeBytes());
        for (long count : new long[] {requests, failed, reads, readBytes, writes, writtenBytes}) {
            out.writeLong(count);
        }
        storage.save(out);
    }

    /** @throws LauncherExit if this disk has another size */
    @Override
    public void load(DataInput in) throws IOException {
        long size = in.readLong();
        if (size != storage.sizeBytes()) {
            throw new LauncherExit("disk %s has %d bytes, it had %d when the guest was saved", name(), storage.sizeBytes(), size);
        }
        requests = in.readLong();
        failed = in.readLong();
        reads = in.readLong();
        readBytes = in.readLong();
        writes = in.readLong();
        writtenBytes = in.readLong();
        storage.load(in);
    }

    /** A guest that never runs again needs no disk, and another may want it. */
    @Override
    public void retire() {
        close();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            storage.close();
        }
    }
}
