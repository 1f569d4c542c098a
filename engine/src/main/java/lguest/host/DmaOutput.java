package lguest.host;

/** Where a SEND_DMA goes: the launcher and its devices, or another guest. */
@FunctionalInterface
public interface DmaOutput {
    /**
     * Serves one sent {@code struct lguest_dma} to the end, used_len included, before the guest goes on.
     *
     * @param key physical address, 4-byte aligned, inside the guest
     * @param dmaAddress physical address of the struct, not yet checked
     * @return what was stored in used_len; -1 if no device watches the key
     */
    int send(int key, int dmaAddress);
}
