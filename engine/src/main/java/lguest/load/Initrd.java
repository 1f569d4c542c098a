package lguest.load;

import java.util.function.Consumer;
import lguest.device.Pointer;
import lguest.mem.PhysicalMemory;

/**
 * An initial ramdisk, loaded at the very top of RAM.
 *
 * @param address physical
 * @param bytes of the file, rounded up to pages
 */
record Initrd(int address, int bytes) {
    /** @throws LoadException if it is bigger than RAM */
    static Initrd load(Ram ram, ImageFile file, Consumer<String> verbose) {
        long rounded = file.sizeBytes() + PhysicalMemory.PAGE_BYTES - 1 & -PhysicalMemory.PAGE_BYTES;
        if (rounded > ram.sizeBytes()) {
            throw new LoadException("initrd '%s' does not fit: it has %d bytes, memory has %d", file.path(), file.sizeBytes(),
                ram.sizeBytes());
        }
        int address = ram.sizeBytes() - (int) rounded;
        file.copy(0, file.sizeBytes(), ram.memory(), address, "Reading initrd");
        verbose.accept("mapped initrd " + file.path() + " size=" + file.sizeBytes() + " @ " + Pointer.text(address));
        return new Initrd(address, (int) rounded);
    }
}
