package lguest.load;

/**
 * A Linux guest in memory, ready to start.
 *
 * @param entryEip virtual address of the first instruction
 * @param pageOffset where the kernel maps physical address 0
 * @param pageDirectory physical address: the first CR3
 * @param symbols of the kernel, read when first asked for; none for a bzImage
 */
public record LoadedKernel(int entryEip, int pageOffset, int pageDirectory, KernelSymbols symbols) {
}
