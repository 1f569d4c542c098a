package lguest.device;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.mem.PhysicalMemory;
import lguest.net.Hazard;
import lguest.net.Hazards;

/**
 * The wire between guests ({@code --sharenet}): a page of MAC addresses in a file they all map, of which each guest owns one
 * slot. Packets go from guest to guest through the Host; the launcher only lays the wire.
 */
public final class SharedNet extends Device implements Card {
    private static final int PEER = 0xFFF;
    /** How often a guest whose buffers are full is looked at again. */
    private static final int CHANCES = 8;

    private final String name;
    private final SharedFile file;
    private final SharedPage shared;
    private final Station station;
    private final Consumer<String> verbose;
    private boolean settling;
    /** What happens to frames on the way; null if nothing does. */
    private Hazards hazards;
    /** Frames that have arrived past {@link #hazards}. */
    private final Deque<Delivery> survivors = new ConcurrentLinkedDeque<>();
    private volatile FrameTap tap = FrameTap.NONE;

    private SharedNet(String name, SharedFile file, Arrival arrival, Station station, Consumer<String> verbose) {
        super(NET, NOCSUM | station.slot() & PEER, 1);
        this.name = name;
        this.file = file;
        this.shared = new SharedPage(name, file.page());
        this.station = station;
        this.verbose = verbose;
        arrival.at = this::arrived;
    }

    /** A slot is taken before there is a device to hold it. */
    private static final class Arrival implements Runnable {
        private volatile Runnable at = () -> { };

        @Override
        public void run() {
            at.run();
        }
    }

    /**
     * Opens the file, makes it if it is missing, and takes the lowest free slot until {@link #close}.
     *
     * @throws LauncherExit {@code cannot open net file '<path>': <why>}, {@code could not mmap '<path>': <why>} or
     *     {@code No free slots in network file <path>}
     */
    public static SharedNet open(Path path, Consumer<String> verbose) {
        SharedFile file = SharedFile.open(path);
        Arrival arrival = new Arrival();
        return new SharedNet(path.toString(), file, arrival, file.takeSlot(path, arrival), verbose);
    }

    @Override
    protected void attached() {
        memory().attach(page(), shared);
        station.belongsTo(port());
        verbose.accept("device " + Pointer.text(page()) + ": shared net " + name + ", peer " + slot());
    }

    @Override
    public int sharedFile(int key) {
        return key >= page() && key < page() + PhysicalMemory.PAGE_BYTES ? file.number() : 0;
    }

    // ---- what the guest binds and sends

    /** @param index which of the guest's bindings, 0 to 31 */
    void bind(int index, int key) {
        station.bind(index, key - page());
    }

    void unbind(int index) {
        station.unbind(index);
    }

    /** @return what is under way, to be watched for its outcome; {@code done} is called when it has one */
    Delivery send(int key, Parcel parcel, Runnable done) {
        Delivery delivery = new Delivery(key - page(), parcel, done);
        if (parcel.sound()) {
            tap.frame(true, parcel.bytes());
        }
        if (hazards != null && parcel.sound()) {
            // Nobody can know what will become of it.
            hazards.pass(true, parcel.bytes(), bytes -> station.send(unobserved(delivery.offset(), bytes)));
            delivery.answer(parcel.bytes().length);
        } else {
            station.send(delivery);
        }
        return delivery;
    }

    private static Delivery unobserved(int offset, byte[] bytes) {
        return new Delivery(offset, new Parcel(bytes, true), () -> { });
    }

    // ---- what others send

    @Override
    public boolean inputPending() {
        return station.hasPost() || !survivors.isEmpty();
    }

    /** A guest with no free buffer has been interrupted, and gets some time to make room: what is left is for the next time. */
    @Override
    protected void deliver() {
        boolean later = false;
        for (Delivery next; !later && (next = next()) != null;) {
            int outcome = next.answered() ? next.outcome() : 0;
            try {
                if (!next.answered()) {
                    outcome = port().receive(page() + next.offset(), next.parcel());
                    later = !settling && outcome == Parcel.FULL && next.attempt() <= CHANCES;
                }
            } finally {
                if (outcome > 0 && !next.answered()) {
                    tap.frame(false, Arrays.copyOf(next.parcel().bytes(), outcome));
                }
                if (!later) {
                    done(next, outcome);
                }
            }
        }
    }

    private Delivery next() {
        if (hazards == null) {
            return station.next();
        }
        for (Delivery next; (next = station.next()) != null;) {
            int offset = next.offset();
            boolean sound = next.parcel().sound();
            if (sound && !next.answered()) {
                hazards.pass(false, next.parcel().bytes(), bytes -> survivors.add(unobserved(offset, bytes)));
            }
            station.done(next, sound ? next.parcel().bytes().length : Parcel.UNSOUND);
        }
        return survivors.peek();
    }

    private void done(Delivery delivery, int outcome) {
        if (!survivors.remove(delivery)) {
            station.done(delivery, outcome);
        }
    }

    /** From now on something happens to frames on the way, both ways. @param nanos the guest's time */
    public SharedNet rough(Hazard hazard, LongSupplier nanos) {
        hazards = new Hazards(hazard, nanos);
        return this;
    }

    @Override
    public long deadline() {
        return hazards == null ? Long.MAX_VALUE : hazards.deadline();
    }

    @Override
    protected void expired() {
        hazards.expire();
    }

    /** Takes everything now, for a guest that will not run before the sender goes on. */
    void settle() {
        settling = true;
        try {
            service();
        } finally {
            settling = false;
        }
    }

    /** The guest is no more, though its slot is taken until {@link #close}: whoever sends finds nobody. */
    @Override
    public void retire() {
        station.retire();
    }

    @Override
    public void tap(FrameTap watcher) {
        tap = watcher;
    }

    /** The file, as it was given. */
    @Override
    public String name() {
        return name;
    }

    /** This guest's slot, 0 to 681. */
    public int slot() {
        return station.slot();
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("path", name);
        state.put("slot", slot());
        return state;
    }

    /** @throws LauncherExit always: others of the net know this guest by the slot it holds */
    @Override
    public void save(DataOutput out) throws IOException {
        throw new LauncherExit("a guest on the shared net '%s' cannot be saved: others on it would lose their peer", name);
    }

    @Override
    public void close() {
        station.close();
    }
}
