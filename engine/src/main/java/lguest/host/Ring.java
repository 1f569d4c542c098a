package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.mem.PhysicalMemory;

/**
 * Calls that the guest need not wait for: it fills a slot, marks it ready and goes on; the Host runs them in order when
 * it comes by. The guest fills slots round and round, so the Host keeps a cursor and stops at the first slot that is
 * not ready.
 */
final class Ring {
    static final int SLOTS = 64;
    /** Status of a slot that is free, or done. Anything else is ready. */
    private static final byte DONE = (byte) 0xFF;

    private final Host host;
    private final Generation.RingLayout layout;
    private final PhysicalMemory physical;
    private final byte[] status = new byte[SLOTS];
    private int cursor;

    Ring(Host host) {
        this.host = host;
        this.layout = host.generation.ring();
        this.physical = host.memory.physical();
    }

    /**
     * Runs what is ready. The status bytes are copied first: a guest whose calls write them again does not keep the
     * Host here.
     */
    void drain() {
        int statusAddress = host.data.statusAddress();
        if ((byte) physical.read8(statusAddress + cursor) == DONE) {
            return;
        }
        physical.read(statusAddress, status, 0, SLOTS);
        for (int i = 0; i < SLOTS && status[cursor] != DONE; i++) {
            run(statusAddress + cursor, host.data.callsAddress() + cursor * layout.entryBytes());
        }
    }

    /** Runs the slot under the cursor. Should an observer throw before the call begins, it will be run again. */
    private void run(int statusAddress, int entry) {
        Hypercall call = host.call.with(physical.read32(entry + layout.number()), physical.read32(entry + layout.a1()),
            physical.read32(entry + layout.a2()), physical.read32(entry + layout.a3()), true);
        boolean wanted = host.observer.before(call);
        cursor = (cursor + 1) % SLOTS;
        try {
            if (wanted) {
                host.perform(call);
            }
        } finally {
            physical.write8(statusAddress, DONE);
        }
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(cursor);
    }

    void load(DataInput in) throws IOException {
        cursor = Math.floorMod(in.readInt(), SLOTS);
    }
}
