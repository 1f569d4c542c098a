package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lguest.cpu.GuestKilled;
import lguest.device.Dma;
import lguest.device.DmaPort;
import lguest.device.Parcel;

/** Buffers the guest has bound to keys, to be filled by whoever sends there: arrays of {@code struct lguest_dma}, see {@link Dma}. */
public final class DmaTable {
    /** How many arrays a guest may bind. */
    public static final int BINDINGS = 32;

    private static final int NONE = -1;

    private final GuestMemory memory;
    private final boolean strict;
    private KeySpace keys = KeySpace.PRIVATE;

    private final long[] identity = new long[BINDINGS];
    private final int[] key = new int[BINDINGS];
    private final int[] array = new int[BINDINGS];
    private final int[] count = new int[BINDINGS];
    /** Where the next parcel of another guest looks for room first, and whose {@linkplain #takeInTurn turn} it is. */
    private final int[] cursor = new int[BINDINGS];
    /** 0: the slot is free. */
    private final int[] irq = new int[BINDINGS];
    /** The higher, the newer. */
    private final long[] age = new long[BINDINGS];
    private long bound;

    DmaTable(GuestMemory memory, boolean strict) {
        this.memory = memory;
        this.strict = strict;
    }

    /** Says which keys are shared with other guests. Before anything is bound. */
    public void keySpace(KeySpace newKeys) {
        keys = newKeys;
    }

    /**
     * BIND_DMA(key, array, count and irq): a line of 0 unbinds.
     *
     * @param countAndIrq how many structs the array has in bits 8 to 23, the interrupt line in bits 0 to 7
     * @return 1 if done, 0 if the line is bad, the table full or nothing bound so
     */
    int bindOrUnbind(int newKey, int newArray, int countAndIrq) {
        int line = countAndIrq & 0xFF;
        if (line >= Interrupts.LINES) {
            return 0;
        }
        if (!isKey(newKey)) {
            throw new GuestKilled("bad dma key %#x", newKey);
        }
        boolean done = line == 0 ? unbind(newKey, newArray) : bind(newKey, newArray, countAndIrq >>> 8 & 0xFFFF, line);
        return done ? 1 : 0;
    }

    private boolean bind(int newKey, int newArray, int structs, int line) {
        for (int slot = 0; slot < BINDINGS; slot++) {
            if (irq[slot] == 0) {
                identity[slot] = keys.identity(newKey);
                key[slot] = newKey;
                array[slot] = newArray;
                count[slot] = structs;
                irq[slot] = line;
                age[slot] = ++bound;
                cursor[slot] = 0;
                keys.bound(slot, newKey);
                return true;
            }
        }
        return false;
    }

    private boolean unbind(int oldKey, int oldArray) {
        long wanted = keys.identity(oldKey);
        for (int slot = 0; slot < BINDINGS; slot++) {
            if (irq[slot] != 0 && identity[slot] == wanted && array[slot] == oldArray) {
                irq[slot] = 0;
                keys.unbound(slot, oldKey);
                return true;
            }
        }
        return false;
    }

    /** Whether this can be a key: the address of a word of the guest. */
    boolean isKey(int candidate) {
        return (candidate & 3) == 0 && memory.acceptablePage(candidate);
    }

    /** What lies under a key. */
    long identity(int ofKey) {
        return keys.identity(ofKey);
    }

    /** The slot most recently bound to this identity; -1 if there is none. */
    int newest(long wanted) {
        int found = NONE;
        for (int slot = 0; slot < BINDINGS; slot++) {
            if (irq[slot] != 0 && identity[slot] == wanted && (found == NONE || age[slot] > age[found])) {
                found = slot;
            }
        }
        return found;
    }

    /**
     * GETDMA: the first free buffer bound to a key, for the launcher to fill. The line to raise afterwards is left in
     * its used_len. An array outside memory counts as free: whoever fills it will see that it is not there.
     *
     * @return its physical address; {@link DmaPort#NOT_BOUND}; or {@link DmaPort#BUSY} if all are full. The strict Host
     *     hands out the last one again instead, as the original did.
     */
    int take(int fromKey) {
        return take(fromKey, strict);
    }

    /** As {@link #take}, but hands out the last one again in any case. */
    int takeOrLast(int fromKey) {
        return take(fromKey, true);
    }

    private int take(int fromKey, boolean orLast) {
        int slot = newest(keys.identity(fromKey));
        if (slot == NONE || count[slot] == 0) {
            return DmaPort.NOT_BOUND;
        }
        int free = firstFree(slot);
        if (free == NONE && !orLast) {
            return DmaPort.BUSY;
        }
        return hand(slot, free == NONE ? count[slot] - 1 : free);
    }

    private int firstFree(int slot) {
        int free = 0;
        while (free < count[slot] && !isFree(slot, free)) {
            free++;
        }
        return free < count[slot] ? free : NONE;
    }

    /** An array outside memory counts as free. */
    private boolean isFree(int slot, int i) {
        int struct = array[slot] + i * Dma.BYTES;
        return !memory.acceptable(struct, 4) || memory.physical().read32(struct) == 0;
    }

    private int hand(int slot, int i) {
        int struct = array[slot] + i * Dma.BYTES;
        if (memory.acceptable(struct, 4)) {
            memory.physical().write32(struct, irq[slot]);
        }
        return struct;
    }

    /**
     * As {@link #take}, but struct after struct, and from the first one again only when all are free. The strict Host knows no turns.
     */
    int takeInTurn(int fromKey) {
        int slot = newest(keys.identity(fromKey));
        if (strict || slot == NONE || count[slot] == 0) {
            return take(fromKey);
        }
        int turn = cursor[slot] % count[slot];
        boolean done = turn > 0 ? isFree(slot, turn) : allFree(slot);
        if (!done) {
            return DmaPort.BUSY;
        }
        cursor[slot] = (turn + 1) % count[slot];
        return hand(slot, turn);
    }

    private boolean allFree(int slot) {
        for (int i = 0; i < count[slot]; i++) {
            if (!isFree(slot, i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next free struct for what another guest sends: unlike {@link #take}, in turn.
     *
     * @param slot {@link #newest} for the key
     * @return its physical address; {@link DmaPort#BUSY} if all are full
     * @throws GuestKilled if one cannot be read
     */
    int next(int slot) {
        for (int i = 0; i < count[slot]; i++) {
            int struct = array[slot] + (cursor[slot] + i) % count[slot] * Dma.BYTES;
            memory.checkRead(struct, Dma.BYTES);
            if (memory.read32(struct) == 0) {
                return struct;
            }
        }
        return DmaPort.BUSY;
    }

    /** The struct that was {@link #next} has been filled. */
    void advance(int slot) {
        cursor[slot] = cursor[slot] + 1 & 0xFFFF;
    }

    /** The line that was bound with it. */
    int line(int slot) {
        return irq[slot];
    }

    /** Sends to whoever bound the key last. */
    int send(int key, Parcel parcel) {
        return keys.send(key, parcel);
    }

    /**
     * What is bound to a key.
     *
     * @param key as the guest gave it
     * @param array physical address of the first struct
     * @param count structs in the array
     * @param irq line that says one was filled
     */
    public record Binding(int key, int array, int count, int irq) {
    }

    /** What is bound now, oldest first. */
    public List<Binding> bindings() {
        return IntStream.range(0, BINDINGS).filter(slot -> irq[slot] != 0).boxed()
            .sorted(Comparator.comparingLong(slot -> age[slot]))
            .map(slot -> new Binding(key[slot], array[slot], count[slot], irq[slot])).toList();
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(bound);
        for (int slot = 0; slot < BINDINGS; slot++) {
            out.writeLong(identity[slot]);
            out.writeLong(age[slot]);
            for (int word : new int[] {key[slot], array[slot], count[slot], cursor[slot], irq[slot]}) {
                out.writeInt(word);
            }
        }
    }

    void load(DataInput in) throws IOException {
        bound = in.readLong();
        for (int slot = 0; slot < BINDINGS; slot++) {
            identity[slot] = in.readLong();
            age[slot] = in.readLong();
            key[slot] = in.readInt();
            array[slot] = in.readInt();
            count[slot] = in.readInt() & 0xFFFF;
            cursor[slot] = in.readInt() & 0xFFFF;
            irq[slot] = in.readInt() & 0x1F;
        }
    }
}
