package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The console: DMAs to key 0 are printed, what is typed goes into the buffer bound there.
 *
 * <p>What one {@link #offer} brings is what one read of the launcher's standard input would bring: it is delivered at once when
 * a buffer is free and fits, and waits its turn otherwise. Nothing is lost, but while the guest has bound no buffer at all
 * there is a warning for each offer.
 */
public final class Console extends Device {
    /** The key of every console. */
    public static final int KEY = 0;

    private static final byte CTRL_C = 3;
    private static final int STRIKES = 3;
    /** A reader that heeds {@link #awaitRoom} leaves at most about this many bytes waiting. */
    private static final int ROOM_BYTES = 1 << 16;

    /** One read; an empty one is the end of the input. */
    private static final class Chunk {
        final byte[] bytes;
        int done;
        boolean warned;

        Chunk(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final OutputSink sink;
    private final Consumer<String> warnings;
    private final LongSupplier seconds;
    private final Consumer<String> verbose;

    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean ended;
    private int strikes;
    private long firstStrike;
    private volatile boolean pending;
    private volatile boolean emergency;
    private long printedBytes;
    private long typedBytes;

    /**
     * @param warnings what the launcher says and then goes on, without {@code lguest: }
     * @param seconds the host's clock, in whole seconds: three ^C count within a second
     * @param verbose takes the line {@code device 0: console}
     */
    public Console(OutputSink sink, Consumer<String> warnings, LongSupplier seconds, Consumer<String> verbose) {
        super(CONSOLE, 0, 0);
        this.sink = sink;
        this.warnings = warnings;
        this.seconds = seconds;
        this.verbose = verbose;
    }

    @Override
    protected void attached() {
        verbose.accept("device " + Pointer.text(page()) + ": console");
    }

    @Override
    public boolean watches(int key) {
        return key == KEY;
    }

    /** Prints. @return bytes written, -1 if they could not be */
    @Override
    public int output(int key, Dma dma) {
        try {
            dma.gather(sink);
            sink.flush();
        } catch (IOException e) {
            warnings.accept("console: " + SystemError.text(e));
            return -1;
        }
        printedBytes += dma.lengthBytes();
        return dma.lengthBytes();
    }

    /**
     * Offers what one read brought. Any thread; never waits. Three offers of a lone ^C within a second end it all: the next
     * {@link #service} throws {@link EmergencyExit}.
     *
     * @param lengthBytes 0 is the same as {@link #end}
     */
    public void offer(byte[] bytes, int offset, int lengthBytes) {
        put(bytes, offset, lengthBytes, true);
    }

    /** The same from somebody whose ^C are the guest's alone, and whose end is not that of the input. */
    public void type(byte[] bytes, int offset, int lengthBytes) {
        if (lengthBytes > 0) {
            put(bytes, offset, lengthBytes, false);
        }
    }

    private void put(byte[] bytes, int offset, int lengthBytes, boolean counted) {
        byte[] copy = new byte[lengthBytes];
        System.arraycopy(bytes, offset, copy, 0, lengthBytes);
        synchronized (this) {
            if (ended) {
                return;
            }
            if (counted) {
                count(copy);
            }
        }
        foreign().bring(this, "console: " + new String(copy, StandardCharsets.UTF_8), () -> put(copy));
    }

    private void put(byte[] copy) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = copy.length == 0;
            waiting.add(new Chunk(copy));
            waitingBytes += copy.length;
            pending = true;
        }
        arrived();
    }

    public void offer(byte[] bytes) {
        offer(bytes, 0, bytes.length);
    }

    /** There will be no more input: when all before it is delivered, the guest gets a last, empty delivery. Any thread. */
    public void end() {
        offer(new byte[0]);
    }

    /** Waits until little enough is waiting: for a thread that reads input without end. */
    public synchronized void awaitRoom() throws InterruptedException {
        while (waitingBytes >= ROOM_BYTES && !ended) {
            wait();
        }
    }

    private void count(byte[] read) {
        if (read.length != 1 || read[0] != CTRL_C) {
            strikes = 0;
            return;
        }
        if (++strikes == 1) {
            firstStrike = seconds.getAsLong();
        } else if (strikes == STRIKES) {
            emergency = seconds.getAsLong() <= firstStrike + 1;
            strikes = 0;
        }
    }

    @Override
    public boolean inputPending() {
        return pending;
    }

    @Override
    protected synchronized void deliver() {
        if (emergency) {
            emergency = false;
            throw new EmergencyExit();
        }
        while (!waiting.isEmpty()) {
            int address = port().take(KEY);
            boolean moved = switch (address) {
                case DmaPort.BUSY -> false;
                case DmaPort.NOT_BOUND -> unbound();
                default -> deliver(DmaBuffer.at(memory(), port(), address));
            };
            if (!moved) {
                return;
            }
        }
        pending = false;
    }

    /** Nobody would hear of the next chunk. @return whether it was dropped: the end of the input needs no buffer */
    private boolean unbound() {
        Chunk chunk = waiting.peek();
        if (!chunk.warned) {
            chunk.warned = true;
            warnings.accept("console: no dma buffer!: " + SystemError.NO_SUCH_FILE);
        }
        if (chunk.bytes.length > 0) {
            return false;
        }
        waiting.remove();
        warnings.accept("Failed to get console input, ignoring console.");
        return true;
    }

    /** @return false if the buffer has no room at all: as good as none */
    private boolean deliver(DmaBuffer buffer) {
        Chunk chunk = waiting.peek();
        if (chunk.bytes.length == 0) {
            warnings.accept("Failed to get console input, ignoring console.");
        } else if (buffer.dma().lengthBytes() == 0) {
            buffer.dma().usedLen(0);
            return false;
        }
        int bytes = buffer.dma().scatter(chunk.bytes, chunk.done, chunk.bytes.length - chunk.done);
        chunk.done += bytes;
        typedBytes += bytes;
        waitingBytes -= bytes;
        if (chunk.done == chunk.bytes.length) {
            waiting.remove();
        }
        notifyAll();
        buffer.complete(bytes);
        return true;
    }

    @Override
    public synchronized Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("printedBytes", printedBytes);
        state.put("typedBytes", typedBytes);
        state.put("waitingBytes", waitingBytes);
        state.put("ended", ended);
        return state;
    }

    @Override
    public synchronized void save(DataOutput out) throws IOException {
        out.writeLong(printedBytes);
        out.writeLong(typedBytes);
        out.writeBoolean(ended);
        out.writeInt(waiting.size());
        for (Chunk chunk : waiting) {
            out.writeInt(chunk.bytes.length - chunk.done);
            out.write(chunk.bytes, chunk.done, chunk.bytes.length - chunk.done);
            out.writeBoolean(chunk.warned);
        }
    }

    @Override
    public synchronized void load(DataInput in) throws IOException {
        printedBytes = in.readLong();
        typedBytes = in.readLong();
        ended = in.readBoolean();
        waiting.clear();
        waitingBytes = 0;
        int chunks = in.readInt();
        for (int i = 0; i < chunks; i++) {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            Chunk chunk = new Chunk(bytes);
            chunk.warned = in.readBoolean();
            waiting.add(chunk);
            waitingBytes += bytes.length;
        }
        pending = chunks > 0;
    }
}
