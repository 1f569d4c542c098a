package lguest.net;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** A wire on which something may happen to frames, either way. */
public final class RoughWire implements Wire {
    /** Frames for the guest that have arrived; more are left where they come from. */
    private static final int MOST_WAITING = 256;

    private final Wire wire;
    private final Hazard hazard;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Hazards hazards;
    private Runnable arrived;
    private volatile boolean pending;

    public RoughWire(Wire wire, Hazard hazard) {
        this.wire = wire;
        this.hazard = hazard;
    }

    @Override
    public String name() {
        return wire.name();
    }

    @Override
    public List<String> description() {
        return wire.description();
    }

    @Override
    public List<String> news() {
        return wire.news();
    }

    @Override
    public byte[] mac() {
        return wire.mac();
    }

    @Override
    public void plug(Runnable arrived, LongSupplier nanos) {
        this.arrived = arrived;
        hazards = new Hazards(hazard, nanos);
        wire.plug(arrived, nanos);
    }

    /** The guest cannot know what will become of it. */
    @Override
    public int send(byte[] frame) {
        hazards.pass(true, frame, wire::send);
        return frame.length;
    }

    @Override
    public boolean pending() {
        return pending || wire.pending();
    }

    @Override
    public byte[] receive() throws IOException {
        for (byte[] next; waiting.size() < MOST_WAITING && (next = wire.receive()) != null;) {
            hazards.pass(false, next, waiting::add);
        }
        byte[] frame = waiting.poll();
        pending = !waiting.isEmpty();
        return frame;
    }

    @Override
    public long deadline() {
        return Math.min(wire.deadline(), hazards.deadline());
    }

    @Override
    public void expire() {
        hazards.expire();
        wire.expire();
        if (!waiting.isEmpty()) {
            pending = true;
            arrived.run();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
