package lguest.machine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lguest.carrier.Carriers;
import lguest.carrier.ConsoleAddress;
import lguest.cpu.CpuState;
import lguest.device.BlockDisk;
import lguest.device.Bus;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.device.Device;
import lguest.device.DmaPort;
import lguest.device.LauncherExit;
import lguest.device.OutputSink;
import lguest.device.Parcel;
import lguest.device.ScriptedDevice;
import lguest.device.SystemError;
import lguest.host.Generation;
import lguest.host.GuestIds;
import lguest.host.Host;
import lguest.host.HostConfig;
import lguest.load.BareImage;
import lguest.load.FlatImage;
import lguest.load.KernelSymbols;
import lguest.load.LinuxImages;
import lguest.load.LinuxLoader;
import lguest.load.LoadedKernel;
import lguest.load.Multiboot;
import lguest.mem.BarePageWalk;
import lguest.mem.LinearMemory;
import lguest.mem.MemoryDescriptorTables;
import lguest.mem.PhysicalMemory;
import lguest.sem.Reset;

/** Puts a guest together, in the launcher's order: devices, memory, images, Host. Whatever fails closes what was opened. */
final class GuestBuilder {
    private final GuestConfig config;
    private final Bus bus;
    private final ProbesHolder probes = new ProbesHolder();
    private final Outside outside = new Outside();
    private final CpuState cpu = new CpuState();
    private final Clock clock;
    /** What the guest goes on from; null for one that starts. */
    private final Snapshot from;
    private Closeable guestId = () -> { };
    private final Carriers carriers;

    private GuestBuilder(GuestConfig config, Snapshot from) {
        this.config = config;
        this.from = from;
        bus = new Bus((int) config.memoryBytes(), config.warnings());
        carriers = new Carriers(config.consoleAddresses());
        cpu.model = config.cpuModel();
        clock = clock();
        cpu.timeStampCounter = clock::nanos;
    }

    static Guest build(GuestConfig config, Snapshot from) {
        if (config.kernel() == null && from == null) {
            throw new IllegalArgumentException("guest " + config.name() + " has no kernel");
        }
        GuestBuilder builder = new GuestBuilder(config, from);
        try {
            Guest guest = new Guest(config, config.platform() == GuestConfig.Platform.LGUEST ? builder.lguest() : builder.bare());
            if (from != null) {
                from.into(guest);
            }
            if (config.pcap() != null) {
                guest.record(config.pcap());
            }
            return guest;
        } catch (IOException failed) {
            builder.close();
            throw new LauncherExit(failed, "cannot write '%s'", config.pcap());
        } catch (RuntimeException failed) {
            builder.close();
            throw failed;
        } catch (OutOfMemoryError tooLarge) {
            builder.close();
            throw tooLarge(config);
        }
    }

    /** The guest's memory cannot be allocated. */
    static LauncherExit tooLarge(GuestConfig config) {
        return new LauncherExit("guest memory of %d MiB does not fit into a Java heap of %d MiB: set LGUEST_JAVA_OPTS=-Xmx%dm",
            config.memoryBytes() >> 20, Runtime.getRuntime().maxMemory() >> 20, (config.memoryBytes() >> 20) * 2 + 512);
    }

    private void close() {
        carriers.close();
        bus.close();
        try {
            guestId.close();
        } catch (IOException unclosed) {
            config.warnings().accept("closing guest " + config.name() + ": " + unclosed.getMessage());
        }
    }

    private Clock clock() {
        Instant start = config.wallStart();
        boolean host = config.time() == GuestConfig.TimeKind.HOST;
        if (start == null) {
            start = host ? Instant.now() : Instant.ofEpochSecond(0, VirtualClock.DEFAULT_WALL_START);
        }
        long wallStart = TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano();
        return host ? new RealClock(cpu, wallStart) : new VirtualClock(cpu, wallStart);
    }

    private GuestParts lguest() {
        boolean shared = false;
        for (GuestConfig.Attachment attachment : config.attachments()) {
            bus.add(device(attachment));
            shared |= attachment.network() != null && attachment.network().meetsGuests();
        }
        ConsoleTranscript transcript = transcript();
        HypercallCounts counts = new HypercallCounts(Generation.G1.calls());
        Watcher watcher = new Watcher(cpu, probes.get(), counts, outside);
        Console console = bus.add(new Console(watcher.watching(transcript), config.warnings(),
            () -> System.nanoTime() / 1_000_000_000L, config.verbose()));
        carriers.open(transcript, console);
        PhysicalMemory physical = memory((int) config.memoryBytes() + bus.pages() * PhysicalMemory.PAGE_BYTES);
        LinearMemory linear = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical));
        Host[] host = new Host[1];
        attach(physical, new DmaPort() {
            @Override
            public int take(int key) {
                return host[0].take(key);
            }

            @Override
            public int takeInTurn(int key) {
                return host[0].takeInTurn(key);
            }

            @Override
            public int takeOrLast(int key) {
                return host[0].takeOrLast(key);
            }

            @Override
            public void raise(int line) {
                host[0].raise(line);
            }

            @Override
            public int receive(int key, Parcel parcel) {
                return host[0].receive(key, parcel);
            }
        });
        LoadedKernel kernel = from != null ? null : LinuxLoader.load(physical,
            new LinuxImages((int) config.memoryBytes(), config.kernel(), config.initrd(), config.cmdline()), config.verbose());
        HostConfig hostConfig = from != null ? from.origin().host()
            : hostConfig(kernel, physical, guestId(shared || config.sharesGuestIds()));
        host[0] = new Host(hostConfig, cpu, linear, clock, watcher.watching(
            (key, dma) -> host[0].isShared(key) ? host[0].sendToGuest(key, dma) : bus.send(key, dma)), watcher);
        host[0].bindings().keySpace(new BusKeys(bus));
        if (kernel != null) {
            host[0].start(kernel.entryEip());
        }
        return new GuestParts(cpu, linear, new HostMachine(cpu, host[0]), clock, host[0], bus, console, transcript,
            kernel != null ? kernel.symbols() : from.symbols(), probes, outside, watcher, counts, guestId, carriers);
    }

    private PhysicalMemory memory(int bytes) {
        return from == null ? new PhysicalMemory(bytes) : from.another(bytes);
    }

    private void attach(PhysicalMemory physical, DmaPort port) {
        if (from == null) {
            bus.attach(physical, port);
        } else {
            bus.attachAgain(physical, port);
        }
    }

    private HostConfig hostConfig(LoadedKernel kernel, PhysicalMemory physical, GuestIds.Slot id) {
        guestId = id;
        return new HostConfig(physical.size() >>> PhysicalMemory.PAGE_SHIFT, kernel.pageDirectory(), kernel.pageOffset(), id.number(),
            config.tscKhz(), config.strict());
    }

    private Device device(GuestConfig.Attachment attachment) {
        if (attachment.block() != null) {
            return BlockDisk.open(attachment.block().image(), attachment.block().mode(), config.verbose(), config.warnings(), bus);
        }
        if (attachment.device() instanceof ScriptedDevice scripted) {
            scripted.clock(clock::nanos);
        }
        return attachment.network() != null ? attachment.network().opener().open(clock::nanos, config.warnings(), config.verbose())
            : attachment.device();
    }

    /** Ids must differ between guests that can meet; others count within this process, so that runs repeat. */
    private GuestIds.Slot guestId(boolean machineWide) {
        try {
            return (machineWide ? GuestIds.machine() : GuestIds.process()).take();
        } catch (IOException none) {
            String file = none instanceof FileSystemException failed ? failed.getFile() + ": " : "";
            throw new LauncherExit("Writing to /dev/lguest: " + file + SystemError.text(none));
        }
    }

    private GuestParts bare() {
        if (!config.attachments().isEmpty()) {
            throw new IllegalArgumentException("guest " + config.name()
                + ": devices need lguest's Host, a bare machine has ports only");
        }
        if (config.consoleAddresses().stream().anyMatch(ConsoleAddress::twoWay)) {
            throw new IllegalArgumentException("guest " + config.name() + ": a bare machine has no console that a socket could carry");
        }
        PhysicalMemory physical = memory((int) config.memoryBytes());
        config.pages().forEach(physical::attach);
        LinearMemory linear = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical));
        cpu.descriptorTables = new MemoryDescriptorTables(cpu, linear);
        KernelSymbols symbols = from != null ? from.symbols() : bareImage(physical, linear).symbols();
        HypercallCounts counts = new HypercallCounts(Generation.G1.calls());
        Watcher watcher = new Watcher(cpu, probes.get(), counts, outside);
        attach(physical, null);
        return new GuestParts(cpu, linear, new BareMachine(cpu, linear, config.ports(), watcher), clock, null, bus, null, transcript(),
            symbols, probes, outside, watcher, counts, guestId, carriers);
    }

    private BareImage bareImage(PhysicalMemory physical, LinearMemory linear) {
        boolean multiboot = Multiboot.isMultiboot(config.kernel());
        if (!multiboot && config.initrd() != null) {
            throw new IllegalArgumentException("guest " + config.name() + ": a flat image has no initrd");
        }
        BareImage image = multiboot ? Multiboot.load(physical, config.kernel(), config.cmdline(), modules())
            : FlatImage.load(physical, config.kernel(), config.loadAddress());
        Reset.multiboot(cpu, linear, image.entryEip(), image.ebx());
        cpu.regs[CpuState.EAX] = image.eax();
        return image;
    }

    /** What GRUB would load besides. */
    private List<Multiboot.Module> modules() {
        return config.initrd() == null ? List.of() : List.of(new Multiboot.Module(config.initrd(), ""));
    }

    private ConsoleTranscript transcript() {
        List<OutputSink> sinks = new ArrayList<>(config.consoles());
        sinks.addAll(carriers.logs(clock::wallNanos, config.warnings()));
        return new ConsoleTranscript(sinks.size() == 1 ? sinks.get(0) : new OutputSink() {
            @Override
            public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
                for (OutputSink sink : sinks) {
                    sink.write(bytes, offset, lengthBytes);
                }
            }

            @Override
            public void flush() throws IOException {
                for (OutputSink sink : sinks) {
                    sink.flush();
                }
            }
        });
    }
}
