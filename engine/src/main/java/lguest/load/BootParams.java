package lguest.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the boot loader of a real machine would leave for Linux: {@code struct boot_params} in page 0, the command line in page 1.
 */
public final class BootParams {
    /** Physical address of the command line. */
    static final int COMMAND_LINE = 0x1000;

    private static final int E820_ENTRIES = 0x1E8;
    private static final int TYPE_OF_LOADER = 0x210;
    private static final int RAMDISK_IMAGE = 0x218;
    private static final int RAMDISK_SIZE = 0x21C;
    private static final int CMD_LINE_PTR = 0x228;
    private static final int HARDWARE_SUBARCH = 0x23C;
    private static final int E820_MAP = 0x2D0;

    private static final int UNKNOWN_LOADER = 0xFF;
    private static final int SUBARCH_LGUEST = 1;
    private static final int E820_RAM = 1;
    /** Where kernels begin. */
    private static final int COMMAND_LINE_END = 0x100000;

    private BootParams() {
    }

    /** Kernel arguments as a command line: a space after each, also the last. */
    public static String commandLine(List<String> arguments) {
        return arguments.stream().map(argument -> argument + " ").collect(Collectors.joining());
    }

    /**
     * @param initrd null if there is none
     * @throws LoadException if the command line is too long for its place
     */
    static void write(Ram ram, Initrd initrd, String commandLine) {
        byte[] text = (commandLine + '\0').getBytes(StandardCharsets.UTF_8);
        if (COMMAND_LINE + text.length > Math.min(COMMAND_LINE_END, ram.sizeBytes())) {
            throw new LoadException("Command line of %d bytes does not fit", text.length);
        }
        ram.memory().write(COMMAND_LINE, text, 0, text.length);
        ram.memory().write8(E820_ENTRIES, 1);
        ram.memory().write64(E820_MAP, 0);
        ram.memory().write64(E820_MAP + 8, ram.sizeBytes());
        ram.memory().write32(E820_MAP + 16, E820_RAM);
        ram.memory().write32(CMD_LINE_PTR, COMMAND_LINE);
        ram.memory().write32(HARDWARE_SUBARCH, SUBARCH_LGUEST);
        if (initrd != null) {
            ram.memory().write8(TYPE_OF_LOADER, UNKNOWN_LOADER);
            ram.memory().write32(RAMDISK_IMAGE, initrd.address());
            ram.memory().write32(RAMDISK_SIZE, initrd.bytes());
        }
    }
}
