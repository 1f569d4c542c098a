package lguest.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import lguest.mem.PhysicalMemory;

/**
 * The wire between guests ({@code --sharenet}): a page of MAC addresses in a file they all map, of which each guest owns one
 * slot. Packets go from guest to guest through the Host; the launcher only lays the wire.
 */
public final class SharedNet extends Device {
    private static final int PEER = 0xFFF;

    private final String name;
    private final SharedFile file;
    private final SharedPage shared;
    private final int slot;
    private final Consumer<String> verbose;

    private SharedNet(String name, SharedFile file, int slot, Consumer<String> verbose) {
        super(NET, NOCSUM | slot & PEER, 1);
        this.name = name;
        this.file = file;
        this.shared = new SharedPage(name, file.page());
        this.slot = slot;
        this.verbose = verbose;
    }

    /**
     * Opens the file, makes it if it is missing, and takes the lowest free slot until {@link #close}.
     *
     * @throws LauncherExit {@code cannot open net file '<path>': <why>}, {@code could not mmap '<path>': <why>} or
     *     {@code No free slots in network file <path>}
     */
    public static SharedNet open(Path path, Consumer<String> verbose) {
        SharedFile file = SharedFile.open(path);
        int slot;
        try {
            slot = file.takeSlot();
        } catch (IOException e) {
            file.leave(-1);
            throw new LauncherExit(e, "cannot open net file '%s'", path);
        }
        if (slot < 0) {
            file.leave(slot);
            throw new LauncherExit("No free slots in network file %s", path);
        }
        return new SharedNet(path.toString(), file, slot, verbose);
    }

    @Override
    protected void attached() {
        memory().attach(page(), shared);
        verbose.accept("device " + Pointer.text(page()) + ": shared net " + name + ", peer " + slot);
    }

    @Override
    public int sharedFile(int key) {
        return key >= page() && key < page() + PhysicalMemory.PAGE_BYTES ? file.number() : 0;
    }

    /** This guest's slot, 0 to 681. */
    public int slot() {
        return slot;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("path", name);
        state.put("slot", slot);
        return state;
    }

    @Override
    public void close() {
        file.leave(slot);
    }
}
