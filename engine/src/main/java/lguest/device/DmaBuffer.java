package lguest.device;

import lguest.mem.PhysicalMemory;

/**
 * A buffer the guest bound to a key, taken to be filled: fill {@link #dma}, then {@link #complete}.
 *
 * @param line the interrupt that tells the guest
 */
record DmaBuffer(Dma dma, IrqLine line) {
    private static final int LINE = 31;

    /**
     * @param address what {@link DmaPort#take} found, a buffer
     * @throws LauncherExit if the buffer or one of its sections is outside memory
     */
    static DmaBuffer at(PhysicalMemory memory, DmaPort port, int address) {
        Dma dma = Dma.at(memory, address);
        int line = dma.usedLen() & LINE;
        return new DmaBuffer(dma, () -> port.raise(line));
    }

    /** @param bytes that are in the buffer now; 0 leaves it free */
    void complete(int bytes) {
        dma.usedLen(bytes);
        line.raise();
    }
}
