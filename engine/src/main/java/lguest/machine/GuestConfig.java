package lguest.machine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lguest.carrier.ConsoleAddress;
import lguest.cpu.CpuModel;
import lguest.device.BlockDisk;
import lguest.device.Device;
import lguest.device.NetCard;
import lguest.device.OutputSink;
import lguest.device.SharedNet;
import lguest.disk.DiskImage;
import lguest.mem.PageDevice;
import lguest.mem.PhysicalMemory;
import lguest.net.Hazard;
import lguest.net.RoughWire;
import lguest.net.UserNetPlan;
import lguest.net.Wire;
import lguest.translate.TranslatorThread;
import lguest.translate.Tuning;

/** What a guest is to be made of. Setters check what can be checked without opening files, and return this. */
public final class GuestConfig {
    /** What the guest runs on. */
    public enum Platform {
        /** lguest's Host, guest kernel at CPL 1. */
        LGUEST,
        /** No Host: CPL 0, real descriptor tables, ports. */
        BARE
    }

    /** Where time comes from. */
    public enum TimeKind { HOST, VIRTUAL }

    /** What executes the guest's code. */
    public enum Engine {
        /** One instruction after the other. */
        INTERPRETER,
        /** The interpreter, and code of the JVM for what is hot. */
        TRANSLATOR,
        /** Both, one after the other for all that is translated, and what they make of it is compared: to test them. */
        BOTH
    }

    /** A disk. */
    public record Block(DiskImage image, BlockDisk.Mode mode) {
    }

    /** A device made when the guest is; in command-line order with the others. */
    public record Attachment(Block block, Network network, Device device) {
    }

    /** {@code tsc_khz} of a Host whose time stamp counter counts nanoseconds. */
    public static final int DEFAULT_TSC_KHZ = 1_000_000;
    /** Below this a guest's multiplier does not fit in 32 bits. */
    private static final int MIN_TSC_KHZ = 977;

    /** Chosen for a whole run of specs, say. */
    private static final Engine DEFAULT_ENGINE = Engine.valueOf(System.getProperty("lguest.engine", "translator").toUpperCase(Locale.ROOT));

    private final String name;
    private Platform platform = Platform.LGUEST;
    private long memoryBytes = 64L << 20;
    private Path kernel;
    private int loadAddress = 0x100000;
    private Path initrd;
    private String cmdline = "";
    private final List<Attachment> attachments = new ArrayList<>();
    private final Map<Integer, PortHandler> ports = new TreeMap<>();
    private final Map<Integer, PageDevice> pages = new TreeMap<>();
    private TimeKind time = TimeKind.VIRTUAL;
    private int tscKhz = DEFAULT_TSC_KHZ;
    private Instant wallStart;
    private CpuModel cpuModel = CpuModel.PENTIUM2;
    private Engine engine = DEFAULT_ENGINE;
    private Executor translates = TranslatorThread.executor();
    private Tuning tuning = Tuning.DEFAULT;
    private boolean strict;
    private Path pcap;
    private boolean sharesGuestIds;
    private final List<OutputSink> consoles = new ArrayList<>();
    private final List<ConsoleAddress> consoleAddresses = new ArrayList<>();
    private Consumer<String> verbose = line -> { };
    private Consumer<String> warnings = line -> { };

    public GuestConfig(String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("a guest needs a name");
        }
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Platform platform() {
        return platform;
    }

    public GuestConfig platform(Platform value) {
        platform = value;
        return this;
    }

    public long memoryBytes() {
        return memoryBytes;
    }

    /** @param bytes whole pages, more than none, less than 2 GiB */
    public GuestConfig memoryBytes(long bytes) {
        if (bytes < PhysicalMemory.PAGE_BYTES || bytes > PhysicalMemory.MAX_BYTES - (64L << PhysicalMemory.PAGE_SHIFT)
            || bytes % PhysicalMemory.PAGE_BYTES != 0) {
            throw new IllegalArgumentException("guest " + name + ": memory of " + bytes + " bytes, must be whole pages, 4096 to "
                + (PhysicalMemory.MAX_BYTES - (64L << PhysicalMemory.PAGE_SHIFT)));
        }
        memoryBytes = bytes;
        return this;
    }

    public Path kernel() {
        return kernel;
    }

    public GuestConfig kernel(Path value) {
        kernel = value;
        return this;
    }

    public int loadAddress() {
        return loadAddress;
    }

    /** Where a flat image goes on a bare machine, and where it starts. */
    public GuestConfig loadAddress(int physical) {
        loadAddress = physical;
        return this;
    }

    public Path initrd() {
        return initrd;
    }

    public GuestConfig initrd(Path value) {
        initrd = value;
        return this;
    }

    public String cmdline() {
        return cmdline;
    }

    /** Kernel arguments. The launcher form joins its own with a trailing space; here they go in as they are. */
    public GuestConfig cmdline(String value) {
        cmdline = value;
        return this;
    }

    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    public GuestConfig block(DiskImage image, BlockDisk.Mode mode) {
        attachments.add(new Attachment(new Block(image, mode), null, null));
        return this;
    }

    public GuestConfig block(Path path, BlockDisk.Mode mode) {
        return block(DiskImage.of(path), mode);
    }

    public GuestConfig sharenet(Path path) {
        return sharenet(path, null);
    }

    /** @param hazard what happens to frames on the way; null if nothing does. The same below */
    public GuestConfig sharenet(Path path, Hazard hazard) {
        return network(new Network(true, (nanos, warnings, verbose) -> {
            SharedNet net = SharedNet.open(path, verbose);
            return hazard == null ? net : net.rough(hazard, nanos);
        }));
    }

    /**
     * A TAP interface of the host.
     *
     * @param where its address, {@code 192.168.19.1}, or {@code bridge:br0}
     */
    public GuestConfig tunnet(String where, Hazard hazard) {
        return network(new Network(true, card(() -> NetCard.tunnet(where), hazard)));
    }

    /** A network in user space. */
    public GuestConfig usernet(UserNetPlan plan, Hazard hazard) {
        return network(new Network(false, card(() -> NetCard.usernet(plan), hazard)));
    }

    private static Network.Opener card(Supplier<Wire> wire, Hazard hazard) {
        return (nanos, warnings, verbose) -> new NetCard(hazard == null ? wire.get() : new RoughWire(wire.get(), hazard), nanos, warnings,
            verbose);
    }

    public GuestConfig network(Network network) {
        attachments.add(new Attachment(null, network, null));
        return this;
    }

    /** Where every frame of the guest's network cards is recorded, as pcapng; null if nowhere. */
    public Path pcap() {
        return pcap;
    }

    public GuestConfig pcap(Path file) {
        pcap = file;
        return this;
    }

    public GuestConfig device(Device device) {
        attachments.add(new Attachment(null, null, device));
        return this;
    }

    /** By physical address. */
    public Map<Integer, PageDevice> pages() {
        return Map.copyOf(pages);
    }

    /** @param physical of a page, in memory or behind it, on a bare machine */
    public GuestConfig page(int physical, PageDevice device) {
        if ((physical & PhysicalMemory.PAGE_BYTES - 1) != 0) {
            throw new IllegalArgumentException(String.format("guest %s: page %#010x, must begin at a whole page of 4 KiB", name, physical));
        }
        pages.put(physical, device);
        return this;
    }

    public Map<Integer, PortHandler> ports() {
        return Map.copyOf(ports);
    }

    /** @param port 0 to 65535, on a bare machine */
    public GuestConfig port(int port, PortHandler handler) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException(String.format("guest %s: port %#x, must be 0 to 0xffff", name, port));
        }
        ports.put(port, handler);
        return this;
    }

    public TimeKind time() {
        return time;
    }

    public GuestConfig time(TimeKind value) {
        time = value;
        return this;
    }

    public int tscKhz() {
        return tscKhz;
    }

    /** @param khz what the guest is told of its time stamp counter: 0 (do not use it), or 977 and more */
    public GuestConfig tscKhz(int khz) {
        if (khz != 0 && khz < MIN_TSC_KHZ) {
            throw new IllegalArgumentException("guest " + name + ": tsc " + khz + " kHz, must be 0 or at least " + MIN_TSC_KHZ);
        }
        tscKhz = khz;
        return this;
    }

    public Instant wallStart() {
        return wallStart;
    }

    /** Wall clock at the start. Unset: now under the host's time, 2007-10-09 21:00 UTC under virtual time. */
    public GuestConfig wallStart(Instant value) {
        wallStart = value;
        return this;
    }

    public CpuModel cpuModel() {
        return cpuModel;
    }

    public GuestConfig cpuModel(CpuModel value) {
        cpuModel = value;
        return this;
    }

    public Engine engine() {
        return engine;
    }

    /** Runs are the same with either, but for the time they take. */
    public GuestConfig engine(Engine value) {
        engine = value;
        return this;
    }

    public Executor translates() {
        return translates;
    }

    public Tuning tuning() {
        return tuning;
    }

    /** When code is translated, and who does it: normally a thread that all guests share. */
    public GuestConfig translates(Executor executor, Tuning when) {
        translates = executor;
        tuning = when;
        return this;
    }

    public boolean strict() {
        return strict;
    }

    /** Keeps quirks of the original that no sane guest wants. */
    public GuestConfig strict(boolean value) {
        strict = value;
        return this;
    }

    public boolean sharesGuestIds() {
        return sharesGuestIds;
    }

    /** Whether the guest's id is to differ from those of guests in other processes, too, even without a shared network. */
    public GuestConfig sharesGuestIds(boolean value) {
        sharesGuestIds = value;
        return this;
    }

    public List<OutputSink> consoles() {
        return List.copyOf(consoles);
    }

    /** Adds a place that console output goes to. */
    public GuestConfig console(OutputSink sink) {
        consoles.add(sink);
        return this;
    }

    public List<ConsoleAddress> consoleAddresses() {
        return List.copyOf(consoleAddresses);
    }

    /** Adds a socket or a file that carries the console. */
    public GuestConfig console(ConsoleAddress address) {
        consoleAddresses.add(address);
        return this;
    }

    public Consumer<String> verbose() {
        return verbose;
    }

    /** Takes the launcher's diagnostics, a line each. */
    public GuestConfig verbose(Consumer<String> sink) {
        verbose = sink;
        return this;
    }

    public Consumer<String> warnings() {
        return warnings;
    }

    /** Takes what the launcher warns of, a line each, without {@code lguest: }. */
    public GuestConfig warnings(Consumer<String> sink) {
        warnings = sink;
        return this;
    }
}
