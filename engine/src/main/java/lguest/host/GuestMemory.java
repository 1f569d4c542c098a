package lguest.host;

import lguest.cpu.GuestKilled;
import lguest.mem.PhysicalMemory;

/**
 * Guest-physical memory for arguments that the guest supplies: a bad range kills (lguest {@code lgread},
 * {@code lgwrite}).
 */
final class GuestMemory {
    private final PhysicalMemory physical;
    private final int pfnLimit;

    GuestMemory(PhysicalMemory physical, int pfnLimit) {
        this.physical = physical;
        this.pfnLimit = pfnLimit;
    }

    /**
     * Whether the guest may name this range. One byte too strict, as it always was: the last byte of the last page
     * cannot be reached.
     *
     * @param lengthBytes unsigned
     */
    boolean acceptable(int address, int lengthBytes) {
        long end = (address & 0xFFFFFFFFL) + (lengthBytes & 0xFFFFFFFFL);
        return end >>> PhysicalMemory.PAGE_SHIFT < pfnLimit;
    }

    /** Whether a page-table entry may point to this page. */
    boolean acceptablePage(int entry) {
        return entry >>> PhysicalMemory.PAGE_SHIFT < pfnLimit;
    }

    int read32(int address) {
        if (!acceptable(address, 4)) {
            throw new GuestKilled("bad read address %#x", address);
        }
        return physical.read32(address);
    }

    void write32(int address, int value) {
        if (!acceptable(address, 4)) {
            throw new GuestKilled("bad write address %#x", address);
        }
        physical.write32(address, value);
    }

    void read(int address, byte[] to, int lengthBytes) {
        checkRead(address, lengthBytes);
        physical.read(address, to, 0, lengthBytes);
    }

    /** Kills as a read of this range would. */
    void checkRead(int address, int lengthBytes) {
        if (!acceptable(address, lengthBytes)) {
            throw new GuestKilled("bad read address %#x len %d", address, lengthBytes);
        }
    }

    PhysicalMemory physical() {
        return physical;
    }
}
