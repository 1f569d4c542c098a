package lguest.load;

/**
 * An image for a processor with no Host, in memory, ready to start.
 *
 * @param entryEip physical address of the first instruction
 * @param eax first value of EAX: {@link Multiboot#BOOTLOADER_MAGIC} for a multiboot image, else 0
 * @param ebx first value of EBX: physical address of the multiboot information, else 0
 * @param symbols of an ELF file, read when first asked for
 */
public record BareImage(int entryEip, int eax, int ebx, KernelSymbols symbols) {
}
