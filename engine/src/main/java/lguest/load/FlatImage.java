package lguest.load;

import java.nio.file.Path;
import lguest.mem.PhysicalMemory;

/** An image without any structure: bytes that go to an address and start there. */
public final class FlatImage {
    private FlatImage() {
    }

    /**
     * @param physical address of the first byte, and of the first instruction
     * @throws LoadException if the file cannot be read or does not fit
     */
    public static BareImage load(PhysicalMemory memory, Path path, int physical) {
        try (ImageFile file = ImageFile.open(path)) {
            new Ram(memory, memory.size()).require(path.toString(), Integer.toUnsignedLong(physical), file.sizeBytes());
            file.copy(0, file.sizeBytes(), memory, physical, "Reading " + path);
        }
        return new BareImage(physical, 0, 0, KernelSymbols.none());
    }
}
