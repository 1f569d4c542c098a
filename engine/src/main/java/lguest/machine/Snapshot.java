package lguest.machine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lguest.device.BlockDisk;
import lguest.device.Device;
import lguest.device.ScriptedDevice;
import lguest.disk.DiskImage;
import lguest.load.KernelSymbols;
import lguest.load.Symbol;
import lguest.mem.PhysicalMemory;

/**
 * A whole guest between two instructions, as a value: what it is made of, and of each part what it remembers, a section for each.
 * {@link SnapshotFile} keeps it in a file. What is outside stays there: the files of disks, the functions of scripted devices.
 */
public final class Snapshot {
    /** Writes or reads one section. */
    @FunctionalInterface
    interface Writer {
        void to(DataOutput out) throws IOException;
    }

    /** Reads one section. */
    @FunctionalInterface
    interface Reader {
        void from(DataInput in) throws IOException;
    }

    static final String ORIGIN = "origin";
    private static final String SYMBOLS = "symbols";
    /** What a device is tied to, outside. */
    private static final String DISK = "disk";
    private static final String SCRIPTED = "scripted";
    private static final String CONSOLE = "console";

    /**
     * A device as it was.
     *
     * @param mode of a disk, and {@code format} how its file is to be read; otherwise empty
     * @param written when a disk's file was written last, in milliseconds since 1970
     */
    private record Slot(String kind, String name, int type, int features, int pages, String mode, String format, long written) {
        static Slot of(Device device) {
            if (device instanceof BlockDisk disk) {
                DiskImage image = disk.image();
                return of(DISK, disk.name(), device, disk.mode().name(), image.effectiveFormat().name(), Snapshot.written(image.path()));
            }
            return device instanceof ScriptedDevice own ? of(SCRIPTED, own.name(), device, "", "", 0) : of(CONSOLE, "", device, "", "", 0);
        }

        private static Slot of(String kind, String name, Device device, String mode, String format, long written) {
            return new Slot(kind, name, device.type(), device.features(), device.pages(), mode, format, written);
        }
    }

    private final Origin origin;
    private final List<Slot> slots;
    private final Map<String, byte[]> sections;
    private final PhysicalMemory memory;
    /** Gives a guest memory that holds the same. */
    private final Supplier<PhysicalMemory> another;
    private final KernelSymbols symbols;

    private Snapshot(Origin origin, List<Slot> slots, Map<String, byte[]> sections, PhysicalMemory memory,
                     Supplier<PhysicalMemory> another, KernelSymbols symbols) {
        this.origin = origin;
        this.slots = slots;
        this.sections = sections;
        this.memory = memory;
        this.another = another;
        this.symbols = symbols;
    }

    /** What a guest is right now. Its memory is not copied: good until the guest goes on. */
    static Snapshot of(Guest guest) {
        List<Slot> slots = guest.bus().devices().stream().map(Slot::of).toList();
        Snapshot snapshot = new Snapshot(Origin.of(guest), slots, new LinkedHashMap<>(), guest.physical(), guest.linear()::fork,
            guest.symbols().copy());
        guest.parts((name, writer, reader) -> snapshot.sections.put(name, bytes(writer)));
        return snapshot;
    }

    /** The same, good for ever: it has memory of its own, which shares what the guest has not written since. */
    static Snapshot kept(Guest guest) {
        Snapshot now = of(guest);
        PhysicalMemory memory = guest.linear().fork();
        return new Snapshot(now.origin, now.slots, now.sections, memory, memory::fork, now.symbols);
    }

    /** Takes a snapshot from where {@link #write} put it. @throws IOException if it is none */
    static Snapshot read(Map<String, byte[]> sections, PhysicalMemory memory) throws IOException {
        Map<String, byte[]> rest = new LinkedHashMap<>(sections);
        List<Slot> slots = new ArrayList<>();
        Origin[] origin = new Origin[1];
        from(rest.remove(ORIGIN), ORIGIN, in -> {
            origin[0] = Origin.read(in);
            for (int left = in.readInt(); left > 0; left--) {
                slots.add(new Slot(in.readUTF(), in.readUTF(), in.readInt(), in.readInt(), in.readInt(), in.readUTF(), in.readUTF(),
                    in.readLong()));
            }
        });
        List<Symbol> symbols = new ArrayList<>();
        from(rest.remove(SYMBOLS), SYMBOLS, in -> {
            for (int left = in.readInt(); left > 0; left--) {
                symbols.add(new Symbol(in.readUTF(), in.readInt(), in.readInt(), in.readChar()));
            }
        });
        return new Snapshot(origin[0], slots, rest, memory, memory::copy, KernelSymbols.of(symbols));
    }

    /** Everything but memory. */
    Map<String, byte[]> write() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put(ORIGIN, bytes(out -> {
            origin.write(out);
            out.writeInt(slots.size());
            for (Slot slot : slots) {
                out.writeUTF(slot.kind());
                out.writeUTF(slot.name());
                out.writeInt(slot.type());
                out.writeInt(slot.features());
                out.writeInt(slot.pages());
                out.writeUTF(slot.mode());
                out.writeUTF(slot.format());
                out.writeLong(slot.written());
            }
        }));
        all.put(SYMBOLS, bytes(out -> {
            List<Symbol> known = symbols.all();
            out.writeInt(known.size());
            for (Symbol symbol : known) {
                out.writeUTF(symbol.name());
                out.writeInt(symbol.address());
                out.writeInt(symbol.sizeBytes());
                out.writeChar(symbol.type());
            }
        }));
        all.putAll(sections);
        return all;
    }

    private static long written(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException gone) {
            return -1;
        }
    }

    PhysicalMemory memory() {
        return memory;
    }

    KernelSymbols symbols() {
        return symbols;
    }

    Origin origin() {
        return origin;
    }

    /** Memory for a guest that goes on from here: shared with the one that this was taken of, or a copy. */
    PhysicalMemory another(int bytes) {
        if (bytes != memory.size()) {
            throw new IllegalArgumentException("memory of " + memory.size() + " bytes into one of " + bytes);
        }
        return another.get();
    }

    /** The name of the guest. */
    public String name() {
        return origin.name();
    }

    /** Scripted devices that must be given back, by name, in order. */
    public List<String> scriptedDevices() {
        return slots.stream().filter(slot -> slot.kind().equals(SCRIPTED)).map(Slot::name).toList();
    }

    /** Files of the disks, in order. */
    public List<String> disks() {
        return slots.stream().filter(slot -> slot.kind().equals(DISK)).map(Slot::name).toList();
    }

    /** The first disk that writes to its file, by the file's name. */
    public Optional<String> writtenDisk() {
        return slots.stream().filter(slot -> slot.kind().equals(DISK) && BlockDisk.Mode.valueOf(slot.mode()).writes())
            .map(Slot::name).findFirst();
    }

    /**
     * A configuration for a guest that goes on from here; consoles, ports and who hears warnings are to be added.
     *
     * @param scripted devices for those of the saved guest, by name; may have more
     * @param disks files for its disks, in order
     * @throws IllegalArgumentException if a scripted device is missing or is another, or a disk's file was written meanwhile
     */
    public GuestConfig config(String name, Map<String, ? extends Device> scripted, List<Path> disks) {
        GuestConfig config = origin.config(name);
        int disk = 0;
        for (Slot slot : slots) {
            if (slot.kind().equals(DISK)) {
                Path file = disks.get(disk++);
                if (file.toString().equals(slot.name()) && written(file) != slot.written()) {
                    throw new IllegalArgumentException("disk '" + file + "' was written after guest " + origin.name()
                        + " was saved: give a copy of it as it was then");
                }
                config.block(new DiskImage(file, DiskImage.Format.valueOf(slot.format()), null, 0), BlockDisk.Mode.valueOf(slot.mode()));
            } else if (slot.kind().equals(SCRIPTED)) {
                Device device = scripted.get(slot.name());
                if (device == null) {
                    throw new IllegalArgumentException("guest " + origin.name() + " was saved with a device '" + slot.name()
                        + "': say it again, device('" + slot.name() + "') { }");
                }
                if (device.type() != slot.type() || device.features() != slot.features() || device.pages() != slot.pages()) {
                    throw new IllegalArgumentException(String.format(
                        "device %s has type %d, %d pages, features %#x; guest %s was saved with type %d, %d pages, features %#x",
                        slot.name(), device.type(), device.pages(), device.features(), origin.name(), slot.type(), slot.pages(),
                        slot.features()));
                }
                config.device(device);
            }
        }
        return config;
    }

    /** Gives every part back what it remembered. */
    void into(Guest guest) {
        Map<String, byte[]> left = new LinkedHashMap<>(sections);
        guest.parts((name, writer, reader) -> {
            try {
                from(left.remove(name), name, reader);
            } catch (IOException bad) {
                throw new UncheckedIOException(bad);
            }
        });
        if (!left.isEmpty()) {
            throw new UncheckedIOException(new IOException("nothing in this guest knows " + left.keySet()));
        }
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.to(new DataOutputStream(bytes));
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    private static void from(byte[] section, String name, Reader reader) throws IOException {
        if (section == null) {
            throw new IOException("it has no section '" + name + "'");
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(section);
        try {
            reader.from(new DataInputStream(bytes));
        } catch (IOException | RuntimeException bad) {
            throw new IOException("section '" + name + "': " + (bad.getMessage() == null ? "ends too early" : bad.getMessage()), bad);
        }
        if (bytes.available() > 0) {
            throw new IOException("section '" + name + "' has " + bytes.available() + " bytes too many");
        }
    }
}
