package lguest.device;

/** What a device sees of the Host: buffers that the guest has bound to DMA keys, and interrupts. */
public interface DmaPort {
    /** {@link #take}: the guest has bound nothing at this key. */
    int NOT_BOUND = -1;
    /** {@link #take}: the guest has yet to look at everything it was given at this key. */
    int BUSY = -2;

    /**
     * Finds a free buffer (lguest {@code GETDMA}). The number of the interrupt line that was bound with it is left in its
     * {@code used_len}.
     *
     * @param key a physical address
     * @return physical address of a {@code struct lguest_dma}, not validated; or {@link #NOT_BOUND}, or {@link #BUSY}
     */
    int take(int key);

    /**
     * As {@link #take}, but struct after struct, and {@link #BUSY} at the end of the array until the guest has looked at all of it: who
     * looks through the array in order finds things in the order in which they came.
     */
    int takeInTurn(int key);

    /** As {@link #take}, but never {@link #BUSY}: if no buffer is free, the last one is overwritten, as lguest always does. */
    int takeOrLast(int key);

    /** @param line 1 to 31 */
    void raise(int line);

    /**
     * Another guest sends here.
     *
     * @param key as this guest has it
     * @return bytes transferred, or a constant of {@link Parcel}
     */
    int receive(int key, Parcel parcel);
}
