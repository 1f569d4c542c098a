package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lguest.cpu.Eflags;
import lguest.cpu.GuestKilled;
import lguest.mem.PhysicalMemory;

/**
 * The page of words that guest and Host share ({@code struct lguest_data}). The guest keeps its virtual interrupt flag
 * there, the Host its answers. Until LGUEST_INIT says where it is there is none.
 */
final class LguestData {
    /**
     * Offsets in bytes.
     *
     * @param bytes size of the struct
     * @param irqEnabled the virtual IF: a word of EFLAGS, of which only {@link Eflags#IF} means anything
     * @param blocked bit n: line n is masked
     * @param cr2 address of the last reflected page fault
     * @param time seconds, then nanoseconds since 1970
     * @param status one byte per ring slot
     * @param calls the ring's slots
     * @param reserveMem bytes at the top of the linear address space that belong to the Host
     * @param guestId 16 bits
     * @param tscKhz frequency of the time stamp counter, or 0
     * @param noirqStart first address at which interrupts must wait
     * @param noirqEnd the address after the last of those
     */
    record Layout(int bytes, int irqEnabled, int blocked, int cr2, int time, int status, int calls, int reserveMem,
                  int guestId, int tscKhz, int noirqStart, int noirqEnd) {
    }

    private static final int NOWHERE = -1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Layout layout;
    private final GuestMemory memory;
    private final PhysicalMemory physical;
    private int base = NOWHERE;

    LguestData(Layout layout, GuestMemory memory) {
        this.layout = layout;
        this.memory = memory;
        this.physical = memory.physical();
    }

    /** Whether the guest has called LGUEST_INIT. */
    boolean known() {
        return base != NOWHERE;
    }

    /** LGUEST_INIT: from now on the struct is at this physical address. */
    void place(int address) {
        if (known()) {
            throw new GuestKilled("already have lguest_data");
        }
        if (!memory.acceptable(address, layout.bytes)) {
            throw new GuestKilled("bad guest page %08x", address);
        }
        base = address;
    }

    int irqEnabled() {
        return physical.read32(base + layout.irqEnabled);
    }

    void irqEnabled(int flags) {
        physical.write32(base + layout.irqEnabled, flags);
    }

    int blocked() {
        return physical.read32(base + layout.blocked);
    }

    void cr2(int linear) {
        physical.write32(base + layout.cr2, linear);
    }

    /** @param wallNanos since 1970 */
    void time(long wallNanos) {
        physical.write32(base + layout.time, (int) Math.floorDiv(wallNanos, NANOS_PER_SECOND));
        physical.write32(base + layout.time + 4, (int) Math.floorMod(wallNanos, NANOS_PER_SECOND));
    }

    void reserveMem(int bytes) {
        physical.write32(base + layout.reserveMem, bytes);
    }

    void guestId(int id) {
        physical.write16(base + layout.guestId, id);
    }

    void tscKhz(int khz) {
        physical.write32(base + layout.tscKhz, khz);
    }

    int noirqStart() {
        return physical.read32(base + layout.noirqStart);
    }

    int noirqEnd() {
        return physical.read32(base + layout.noirqEnd);
    }

    /** Physical address of the ring's status bytes. */
    int statusAddress() {
        return base + layout.status;
    }

    /** Physical address of the ring's slots. */
    int callsAddress() {
        return base + layout.calls;
    }

    /** Writes where the struct is, for {@link #load}; what is in it is guest memory. */
    void save(DataOutput out) throws IOException {
        out.writeInt(base);
    }

    void load(DataInput in) throws IOException {
        base = in.readInt();
    }
}
