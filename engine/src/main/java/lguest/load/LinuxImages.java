package lguest.load;

import java.nio.file.Path;

/**
 * What to boot.
 *
 * @param ramBytes whole pages; memory may go on above, with devices
 * @param kernel vmlinux or bzImage
 * @param initrd null for none
 * @param commandLine of the kernel, see {@link BootParams#commandLine}
 */
public record LinuxImages(int ramBytes, Path kernel, Path initrd, String commandLine) {
}
