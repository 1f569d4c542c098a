package lguest.device;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** One slot of a shared net: what it has bound is on the board for everyone to see, and what is sent there waits here. */
final class Station implements AutoCloseable {
    /** More than guests have under way: each waits for its own. Whoever sends without waiting finds the rest full. */
    private static final int MOST_WAITING = 256;

    private final SharedFile file;
    private final int slot;
    private final Runnable arrived;
    private final Queue<Delivery> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Integer, StationLine> lines = new HashMap<>();
    private volatile Object guest;
    private volatile boolean closed;
    private boolean left;

    /** @param arrived called on the thread that brings a delivery */
    Station(SharedFile file, int slot, Runnable arrived) {
        this.file = file;
        this.slot = slot;
        this.arrived = arrived;
        this.guest = this;
    }

    int slot() {
        return slot;
    }

    /** Stations of one guest do not hear each other. */
    void belongsTo(Object whom) {
        guest = whom;
    }

    /** @param index 0 to 31: which of its bindings; @param offset of the key in the page */
    void bind(int index, int offset) {
        file.board().bind(slot, index, offset);
    }

    void unbind(int index) {
        file.board().unbind(slot, index);
    }

    // ---- sending

    /** Sends to whoever bound the key last and is another guest. The outcome may take until that one gets to it. */
    void send(Delivery delivery) {
        for (int to : file.board().boundTo(delivery.offset())) {
            Station here = file.station(to);
            if (here == null ? remote(to, delivery) : here.guest != guest && here.accept(delivery)) {
                return;
            }
        }
        delivery.answer(Parcel.NOBODY);
    }

    /** @return whether there is somebody: what died without a word is still on the board */
    private synchronized boolean remote(int to, Delivery delivery) {
        StationLine line = lines.get(to);
        if (line != null && line.send(delivery)) {
            return true;
        }
        StationLine fresh = to == slot || closed ? null : StationLine.open(file.board().door(to));
        if (fresh == null) {
            lines.remove(to);
            return false;
        }
        lines.put(to, fresh);
        return fresh.send(delivery);
    }

    // ---- receiving

    /** Any thread. @return whether anybody is here */
    boolean accept(Delivery delivery) {
        if (closed) {
            return false;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            delivery.answer(Parcel.FULL);
            return true;
        }
        inbox.add(delivery);
        if (closed) {
            turnAway();
        } else {
            arrived.run();
        }
        return true;
    }

    boolean hasPost() {
        return !inbox.isEmpty();
    }

    /** The next delivery, which stays until it is {@linkplain #done}; null if there is none. */
    Delivery next() {
        return inbox.peek();
    }

    void done(Delivery delivery, int outcome) {
        if (inbox.remove(delivery)) {
            waiting.decrementAndGet();
        }
        delivery.answer(outcome);
    }

    /** From now on nobody is here; the slot stays taken. */
    void retire() {
        closed = true;
        file.board().clear(slot);
        turnAway();
    }

    private void turnAway() {
        for (Delivery left; (left = next()) != null;) {
            done(left, Parcel.NOBODY);
        }
    }

    /** Gives the slot back; once. */
    @Override
    public synchronized void close() {
        if (left) {
            return;
        }
        left = true;
        retire();
        lines.values().forEach(StationLine::close);
        lines.clear();
        file.leave(this);
    }
}
