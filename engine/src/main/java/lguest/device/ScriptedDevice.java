package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A device made of functions: what the guest sends to its page's address goes to one, and {@link #reply} fills the buffer the
 * guest has bound there. Replies wait for a free buffer and keep their order.
 */
public final class ScriptedDevice extends Device {
    /** Replies that may wait for a buffer. */
    public static final int WAITING_REPLIES = 1024;

    private static final int MAX_U16 = 0xFFFF;

    private final String name;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Consumer<DmaMessage> sent = message -> { };
    private volatile boolean pending;
    private Supplier<byte[]> memento = () -> new byte[0];
    private Consumer<byte[]> reminder = saved -> { };
    private LongSupplier clock = () -> 0;
    private final Map<String, Runnable> timers = new LinkedHashMap<>();
    /** Guest time at which timers strike, of those that are set. */
    private final Map<String, Long> due = new TreeMap<>();
    private long received;
    private long replied;

    /**
     * @param type 4 to 65535: 1 to 3 are the guest's own drivers'
     * @param pages 1 to 65535
     * @throws IllegalArgumentException names the device and what is wrong
     */
    public ScriptedDevice(String name, int type, int features, int pages) {
        super(type, features, pages);
        this.name = name;
        require(type > BLOCK && type <= MAX_U16, "type " + type + ", must be 4 to 65535");
        require(pages >= 1 && pages <= MAX_U16, pages + " pages, must be 1 to 65535");
        require(features >= 0 && features <= MAX_U16, "features " + features + ", must be 0 to 65535");
    }

    private void require(boolean fine, String complaint) {
        if (!fine) {
            throw new IllegalArgumentException("device " + name + ": " + complaint);
        }
    }

    public String name() {
        return name;
    }

    /** One like it, whose functions do nothing, for a guest to whom all that they did comes in another way. */
    public ScriptedDevice dummy() {
        ScriptedDevice dummy = new ScriptedDevice(name, type(), features(), pages());
        timers.keySet().forEach(timer -> dummy.timer(timer, Foreign.NOBODY));
        byte[][] kept = {new byte[0]};
        dummy.remembers(() -> kept[0], saved -> kept[0] = saved);
        return dummy;
    }

    /** @param sent gets each message while the guest waits; its {@code used_len} will be the message's length */
    public void sent(Consumer<DmaMessage> sent) {
        this.sent = sent;
    }

    /** @param newClock the guest's time, in nanoseconds, for timers */
    public void clock(LongSupplier newClock) {
        clock = newClock;
    }

    /** What is to be done when a timer strikes: on the guest's thread, between two instructions. */
    public void timer(String timer, Runnable strikes) {
        timers.put(timer, strikes);
    }

    /**
     * Sets a timer, again if it is set already. It is saved with the device, and strikes in a restored one as late as it would have here.
     *
     * @param nanos of guest time from now on
     * @throws IllegalArgumentException if there is no such timer
     */
    public synchronized void start(String timer, long nanos) {
        require(timers.containsKey(timer), "no timer '" + timer + "'");
        due.put(timer, clock.getAsLong() + Math.max(1, nanos));
    }

    /** A timer that is not set stays so. */
    public synchronized void stop(String timer) {
        due.remove(timer);
    }

    /** Raises an interrupt line of the guest, 0 to 31: by convention a device's own is its slot and one. */
    public void raise(int line) {
        foreign().raised(line);
        port().raise(line);
    }

    @Override
    public synchronized long deadline() {
        return due.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }

    @Override
    protected void expired() {
        long now = clock.getAsLong();
        List<String> struck;
        synchronized (this) {
            struck = due.entrySet().stream().filter(each -> each.getValue() <= now).map(Map.Entry::getKey).toList();
            struck.forEach(due::remove);
        }
        struck.forEach(timer -> foreign().call(this, timers.get(timer)));
    }

    /** What the functions remember from call to call. @param save gives it; @param load takes it back, in another process perhaps */
    public void remembers(Supplier<byte[]> save, Consumer<byte[]> load) {
        memento = save;
        reminder = load;
    }

    /**
     * Sends bytes to the guest: into the next free buffer, cut to its size. Any thread; delivered as soon as the guest's thread
     * gets to it.
     *
     * @throws IllegalStateException if {@link #WAITING_REPLIES} replies wait already
     */
    public void reply(byte[] bytes) {
        synchronized (this) {
            if (waiting.size() == WAITING_REPLIES) {
                throw new IllegalStateException("device " + name + ": " + WAITING_REPLIES + " replies wait for a buffer at key "
                    + Pointer.text(page()));
            }
        }
        byte[] copy = bytes.clone();
        foreign().bring(this, "device " + name + " replies " + copy.length + " bytes", () -> put(copy));
    }

    private void put(byte[] bytes) {
        synchronized (this) {
            waiting.add(bytes);
            pending = true;
        }
        arrived();
    }

    public void reply(String text) {
        reply(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean watches(int key) {
        return key == page();
    }

    @Override
    public int output(int key, Dma dma) {
        byte[] bytes = dma.bytes();
        received++;
        foreign().call(this, () -> sent.accept(new DmaMessage(key, bytes)));
        service();
        return bytes.length;
    }

    @Override
    public boolean inputPending() {
        return pending;
    }

    @Override
    protected synchronized void deliver() {
        while (!waiting.isEmpty()) {
            int address = port().take(page());
            if (address == DmaPort.NOT_BOUND || address == DmaPort.BUSY) {
                return;
            }
            DmaBuffer buffer = DmaBuffer.at(memory(), port(), address);
            byte[] bytes = waiting.remove();
            replied++;
            buffer.complete(buffer.dma().scatter(bytes, 0, bytes.length));
        }
        pending = false;
    }

    @Override
    public synchronized Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", name);
        state.put("received", received);
        state.put("replied", replied);
        state.put("waitingReplies", waiting.size());
        return state;
    }

    @Override
    public synchronized void save(DataOutput out) throws IOException {
        out.writeLong(received);
        out.writeLong(replied);
        out.writeInt(waiting.size());
        for (byte[] reply : waiting) {
            write(out, reply);
        }
        write(out, memento.get());
        out.writeInt(due.size());
        for (Map.Entry<String, Long> each : due.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue());
        }
    }

    @Override
    public synchronized void load(DataInput in) throws IOException {
        received = in.readLong();
        replied = in.readLong();
        waiting.clear();
        for (int left = in.readInt(); left > 0; left--) {
            waiting.add(read(in));
        }
        pending = !waiting.isEmpty();
        reminder.accept(read(in));
        due.clear();
        for (int left = in.readInt(); left > 0; left--) {
            String timer = in.readUTF();
            long at = in.readLong();
            if (timers.containsKey(timer)) {
                due.put(timer, at);
            }
        }
    }

    private static void write(DataOutput out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] read(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
