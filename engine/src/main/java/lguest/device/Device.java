package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import lguest.mem.PhysicalMemory;

/**
 * Something at the other end of DMA keys. Except where noted, everything happens on the thread that runs the guest.
 *
 * <p>A device is built before its guest's memory exists, so that what it needs from outside fails early; then a bus
 * {@linkplain #attach attaches} it.
 */
public abstract class Device implements AutoCloseable, Leftover {
    /** Types of {@code struct lguest_device_desc} that the guest's drivers know. */
    public static final int CONSOLE = 1;
    public static final int NET = 2;
    public static final int BLOCK = 3;

    /** Feature: the moments of its interrupts are random enough to seed the guest's entropy. */
    public static final int RANDOMNESS = 0x8000;
    /** Feature of a net device: packets need no checksums. */
    public static final int NOCSUM = 0x4000;

    private final int type;
    private final int features;
    private final int pages;
    private PhysicalMemory memory;
    private DmaPort port;
    private int page;
    private volatile Runnable wake = () -> { };
    private volatile boolean arrived;
    private volatile Foreign foreign = Foreign.PLAIN;

    /**
     * @param type 1 to 65535
     * @param pages of device memory: 0 or 1 in the original
     */
    protected Device(int type, int features, int pages) {
        this.type = type;
        this.features = features;
        this.pages = pages;
    }

    public final int type() {
        return type;
    }

    public final int features() {
        return features;
    }

    /** Pages of device memory, behind the descriptor page. */
    public final int pages() {
        return pages;
    }

    /** Physical address of the first page of device memory, 0 if there is none. By convention also the device's key. */
    public final int page() {
        return page;
    }

    /** @param page physical address of {@link #pages} zeroed pages, 0 if the device has none */
    public final void attach(PhysicalMemory memory, DmaPort port, int page) {
        attachAgain(memory, port, page);
        describe();
    }

    /** As {@link #attach}, but the pages hold what they held when the guest was saved. */
    final void attachAgain(PhysicalMemory memory, DmaPort port, int page) {
        this.memory = memory;
        this.port = port;
        this.page = page;
        attached();
    }

    /** Called once {@link #memory}, {@link #port} and {@link #page} are known, before the guest runs. */
    protected void attached() {
    }

    /** Writes into its pages what the guest is to find there when it starts. */
    protected void describe() {
    }

    protected final PhysicalMemory memory() {
        return memory;
    }

    protected final DmaPort port() {
        return port;
    }

    /** Whether DMAs sent to a key are for this device. */
    public boolean watches(int key) {
        return false;
    }

    /** A number for the file under a key that other guests can name too, never 0; 0 if the key is this guest's own. */
    public int sharedFile(int key) {
        return 0;
    }

    /**
     * The guest sent a DMA to a key this device watches.
     *
     * @return what becomes of its {@code used_len}
     * @throws LauncherExit if the guest asked for the impossible
     */
    public int output(int key, Dma dma) {
        throw new IllegalStateException("device of type " + type + " has no use for a DMA to key " + Pointer.text(key));
    }

    /** @param newForeign through whom all comes that is not determined by the guest */
    public final void foreign(Foreign newForeign) {
        foreign = newForeign;
    }

    protected final Foreign foreign() {
        return foreign;
    }

    /** Called, on the thread that brings it, whenever something arrives for the guest: wake it if it sleeps. */
    public final void onInput(Runnable wake) {
        this.wake = wake;
    }

    /** Something has arrived for the guest. Any thread; not while holding a lock. */
    public final void arrived() {
        arrived = true;
        wake.run();
    }

    /** Whether something waits to be delivered. Any thread; cheap. */
    public boolean inputPending() {
        return false;
    }

    /**
     * Whether something has arrived since the last {@link #service}. If not, then what is pending waits for the guest, and there
     * is no point in asking again while it sleeps.
     */
    public final boolean inputArrived() {
        return arrived;
    }

    /** Moves what has arrived from outside into buffers of the guest, as far as there are any. */
    public final void service() {
        arrived = false;
        deliver();
    }

    /** What {@link #service} does. */
    protected void deliver() {
    }

    /** The guest's time, in nanoseconds, at which {@link #expire} is due; {@link Long#MAX_VALUE} if never. */
    public long deadline() {
        return Long.MAX_VALUE;
    }

    /** It is {@link #deadline} or later: the device does what was to be done by then. */
    public final void expire() {
        expired();
        service();
    }

    /** What {@link #expire} does, before what has come of it is delivered. The deadline is another one afterwards. */
    protected void expired() {
    }

    /** What there is to know about the device right now, by name, for people and scripts. */
    public abstract Map<String, Object> state();

    /**
     * Writes what the device knows beyond guest memory, for {@link #load} of its like in another guest.
     *
     * @throws LauncherExit if it is tied to something that cannot be saved: unless it says otherwise, every device is
     */
    @Override
    public void save(DataOutput out) throws IOException {
        throw new LauncherExit("a guest with such a device of type %d cannot be saved", type);
    }

    /** The opposite of {@link #save}, before the guest runs. */
    @Override
    public void load(DataInput in) throws IOException {
    }

    /** The guest will never run again. */
    public void retire() {
    }

    /** Lets go of whatever is outside: files, threads. */
    @Override
    public void close() {
    }
}
