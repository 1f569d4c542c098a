package lguest.device;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.net.Tap;
import lguest.net.UserNet;
import lguest.net.UserNetPlan;
import lguest.net.Wire;

/**
 * A network card whose wire leads out of the world of guests ({@code --tunnet}, {@code --usernet}). In its page of MAC addresses the
 * far end has slot 0, and the guest has slot 1. The far end wants to hear every frame, so all the guest sends goes to the key of slot 0.
 */
public final class NetCard extends Device implements Card {
    private static final int GUEST_SLOT = 1;
    private static final int RECEIVE_KEY = GUEST_SLOT * Integer.BYTES;
    private static final int HEARS_EVERYTHING = 1;
    /** How long a frame waits for its turn, in the guest's time: a guest that looks at its buffers in no order gets any that is free. */
    private static final long PATIENCE_NANOS = 10_000_000L;

    private final Wire wire;
    private final LongSupplier nanos;
    private final Consumer<String> warnings;
    private final Consumer<String> verbose;
    private volatile FrameTap tap = FrameTap.NONE;
    /** Taken from the wire, and no buffer is free. */
    private volatile byte[] held;
    /** Until when {@link #held} waits for its turn, if it does. */
    private long patientUntil = Long.MAX_VALUE;
    private boolean impatient;
    private boolean sent;
    private long framesSent;
    private long framesReceived;
    private long framesDiscarded;

    /**
     * @param nanos the guest's time
     * @param warnings what the launcher says and goes on, without {@code lguest: }
     * @param verbose takes the lines of {@code --verbose}
     */
    public NetCard(Wire wire, LongSupplier nanos, Consumer<String> warnings, Consumer<String> verbose) {
        super(NET, RANDOMNESS | GUEST_SLOT, 1);
        this.wire = wire;
        this.nanos = nanos;
        this.warnings = warnings;
        this.verbose = verbose;
    }

    /** Ports of this machine that lead to the guest: {@link Wire#ports}. */
    public List<Integer> ports() {
        return wire.ports();
    }

    /**
     * Makes a TAP interface of the host.
     *
     * @param where its address, {@code 192.168.19.1}, or {@code bridge:br0}
     * @throws LauncherExit with the launcher's message, if the host refuses
     * @throws IllegalArgumentException if it is neither
     */
    public static Wire tunnet(String where) {
        try {
            return Tap.open(where);
        } catch (IOException refused) {
            throw new LauncherExit(refused);
        }
    }

    /**
     * Makes a network in user space.
     *
     * @throws LauncherExit if a port of the host that is to be forwarded cannot be had
     */
    public static Wire usernet(UserNetPlan plan) {
        try {
            return UserNet.open(plan);
        } catch (IOException taken) {
            throw new LauncherExit(taken);
        }
    }

    @Override
    protected void describe() {
        byte[] mac = wire.mac();
        mac[0] |= HEARS_EVERYTHING;
        memory().write(page(), mac, 0, mac.length);
    }

    @Override
    protected void attached() {
        String before = "device " + Pointer.text(page()) + ": ";
        for (String line : wire.description()) {
            verbose.accept(before + line);
            before = "";
        }
        wire.news().forEach(warnings);
        wire.plug(this::arrived, nanos);
    }

    @Override
    public boolean watches(int key) {
        return key == page();
    }

    @Override
    public int output(int key, Dma dma) {
        byte[] frame = dma.bytes();
        sent = true;
        framesSent++;
        tap.frame(true, frame);
        return wire.send(frame);
    }

    @Override
    public boolean inputPending() {
        return held != null || wire.pending();
    }

    /**
     * A frame that finds no free buffer waits for one; while the guest has bound none at all, it is lost. Frames are put where the guest
     * will find them in the order in which they came: TCP takes one that was overtaken for a lost one.
     */
    @Override
    protected void deliver() {
        try {
            while (held != null || (held = wire.receive()) != null) {
                int key = page() + RECEIVE_KEY;
                int address = impatient ? port().take(key) : port().takeInTurn(key);
                if (address == DmaPort.BUSY) {
                    if (!impatient) {
                        patientUntil = Math.min(patientUntil, nanos.getAsLong() + PATIENCE_NANOS);
                    }
                    return;
                }
                byte[] frame = held;
                held = null;
                impatient = false;
                patientUntil = Long.MAX_VALUE;
                if (address == DmaPort.NOT_BOUND) {
                    discard(frame);
                } else {
                    fill(DmaBuffer.at(memory(), port(), address), frame);
                }
            }
        } catch (IOException gone) {
            throw new LauncherExit(gone);
        }
    }

    private void discard(byte[] frame) {
        framesDiscarded++;
        if (sent) {
            warnings.accept("network: no dma buffer!");
        }
        said(frame, "discarded");
    }

    private void fill(DmaBuffer buffer, byte[] frame) {
        framesReceived++;
        tap.frame(false, frame);
        buffer.complete(buffer.dma().scatter(frame, 0, frame.length));
        said(frame, "sent");
    }

    private void said(byte[] frame, String what) {
        verbose.accept(String.format("tun input packet len %d [%02x %02x] (%s)", frame.length, frame[0], frame.length > 1 ? frame[1] : 0,
            what));
    }

    @Override
    public long deadline() {
        return Math.min(wire.deadline(), patientUntil);
    }

    @Override
    protected void expired() {
        long now = nanos.getAsLong();
        if (patientUntil <= now) {
            impatient = true;
            patientUntil = Long.MAX_VALUE;
        }
        if (wire.deadline() <= now) {
            wire.expire();
        }
    }

    @Override
    public void tap(FrameTap watcher) {
        tap = watcher;
    }

    @Override
    public String name() {
        return wire.name();
    }

    public Wire wire() {
        return wire;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("wire", name());
        state.put("framesSent", framesSent);
        state.put("framesReceived", framesReceived);
        state.put("framesDiscarded", framesDiscarded);
        return state;
    }

    @Override
    public void close() {
        wire.close();
    }
}
