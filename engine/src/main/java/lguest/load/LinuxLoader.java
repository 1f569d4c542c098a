package lguest.load;

import java.util.function.Consumer;
import lguest.mem.PhysicalMemory;

/** Loads Linux as lguest's launcher does: kernel, initrd, page tables, boot parameters, in this order. */
public final class LinuxLoader {
    private LinuxLoader() {
    }

    /**
     * @param memory zeroed, at least {@link LinuxImages#ramBytes}
     * @param verbose takes the lines of {@code --verbose}
     * @throws LoadException with the launcher's message
     */
    public static LoadedKernel load(PhysicalMemory memory, LinuxImages images, Consumer<String> verbose) {
        Ram ram = new Ram(memory, images.ramBytes());
        Kernel kernel;
        try (ImageFile file = ImageFile.open(images.kernel())) {
            kernel = Kernel.load(ram, file, verbose);
        }
        Initrd initrd = null;
        if (images.initrd() != null) {
            try (ImageFile file = ImageFile.open(images.initrd())) {
                initrd = Initrd.load(ram, file, verbose);
            }
        }
        int top = initrd == null ? ram.sizeBytes() : initrd.address();
        int directory = BootPages.build(ram, top, kernel.pageOffset(), verbose);
        BootParams.write(ram, initrd, images.commandLine());
        return new LoadedKernel(kernel.entryEip(), kernel.pageOffset(), directory, KernelSymbols.ofKernel(images.kernel()));
    }
}
