package lguest.cpu;

/**
 * Where segment descriptors come from: the GDT and LDT in memory on a bare machine, the Host's own table for an lguest guest.
 */
public interface DescriptorTables {
    /**
     * The descriptor's two dwords, low dword in bits 0 to 31.
     *
     * @param selector a non-null selector; RPL is ignored
     * @throws IndexOutOfBoundsException if the selector lies outside its table: the caller decides which fault that is
     * @throws CpuFault if reading the table faults
     */
    long descriptor(int selector);

    /** As {@link #descriptor}, but 0 where that takes more than a look at memory that nobody watches, or raises anything. */
    long quietly(int selector);

    /** Sets the accessed bit (or, for a TSS, the busy bit) by storing the high dword anew. */
    void storeHigh(int selector, int high);

    /**
     * Whether a return to an outer ring makes inner data segments null in name only, so that data stay reachable through them.
     * The SDM says no; guests of the original Host were seen to rely on it (ring 3 reading through the DS that ring 1 left
     * behind).
     */
    default boolean keepsDataReachable() {
        return false;
    }
}
