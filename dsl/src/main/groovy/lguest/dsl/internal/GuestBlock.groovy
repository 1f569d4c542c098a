package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path
import java.time.DateTimeException
import java.time.Instant
import lguest.carrier.ConsoleAddress
import lguest.cpu.CpuModel
import lguest.device.BlockDisk
import lguest.device.OutputSink
import lguest.device.SystemError
import lguest.disk.DiskImage
import lguest.dsl.DeviceSpec
import lguest.dsl.GuestSpec
import lguest.dsl.PageSpec
import lguest.dsl.PortSpec
import lguest.dsl.ScriptFailure
import lguest.dsl.Session
import lguest.dsl.UserNetSpec
import lguest.dsl.WireSpec
import lguest.machine.GuestConfig
import lguest.machine.GuestConfig.Engine
import lguest.machine.GuestConfig.Platform
import lguest.machine.GuestConfig.TimeKind
import lguest.mem.PhysicalMemory
import lguest.net.UserNetPlan

/** Turns the words of a guest block into a configuration. */
@CompileStatic
final class GuestBlock implements GuestSpec {
    private final Session session
    private final GuestConfig config
    private final Owner owner

    /** Words that mean something to a bare machine only. */
    private final List<String> onBare = []

    /** @param owner will have the guest once it is made */
    GuestBlock(Session session, GuestConfig config, Owner owner) {
        this.session = session
        this.config = config
        this.owner = owner
    }

    /** @throws ScriptFailure if something was said that this platform makes nothing of */
    void check() {
        if (config.platform() == Platform.LGUEST && !onBare.empty) {
            throw new ScriptFailure("guest ${config.name()}: ${onBare[0]} is for a bare machine: platform bare" +
                (onBare[0] == 'port' ? '; under lguest\'s Host say replace port(0x60) run { }' : ''))
        }
    }

    @Override
    void platform(Platform platform) { config.platform(platform) }

    @Override
    Platform getBare() { Platform.BARE }

    @Override
    Platform getLguest() { Platform.LGUEST }

    @Override
    void memory(Object bytes) {
        long number = whole('memory', bytes, '64.MB')
        if (number > 0 && number < PhysicalMemory.PAGE_BYTES) {
            throw new ScriptFailure("memory ${number}: say the unit, memory ${number}.MB")
        }
        config.memoryBytes(number)
    }

    @Override
    void kernel(Object file) { config.kernel(session.input('kernel', file)) }

    @Override
    void kernel(Map<String, ?> options, Object file) {
        options.keySet().each {
            if (it != 'at') {
                throw new ScriptFailure("kernel ${it}: unknown; there is only at: 0x100000")
            }
        }
        kernel(file)
        onBare << 'kernel at:'
        config.loadAddress((int) within(0xFFFFFFFFL, 'kernel at', options.at, '0x100000'))
    }

    @Override
    void initrd(Object file) { config.initrd(session.input('initrd', file)) }

    @Override
    void cmdline(Object arguments) { config.cmdline(String.valueOf(arguments)) }

    @Override
    void block(Object file) { block(file, BlockDisk.Mode.READ_WRITE) }

    @Override
    void block(Object file, BlockDisk.Mode mode) { config.block(image('block', file, false), mode) }

    @Override
    void block(Map<String, ?> options, Object file) { block(options, file, BlockDisk.Mode.READ_WRITE) }

    @Override
    void block(Map<String, ?> options, Object file, BlockDisk.Mode mode) {
        String unknown = options.keySet().find { !(it in ['base', 'size']) }
        if (unknown != null) {
            throw new ScriptFailure("block ${unknown}: unknown; there is base: 'rootfile' and size: 1.GB")
        }
        DiskImage disk = image('block', file, true)
        if (options.base != null) {
            disk = disk.over(image('block base', options.base, false))
        }
        if (options.size != null) {
            disk = disk.ofSize(whole('block size:', options.size, '1.GB'))
        }
        config.block(disk, mode)
    }

    /** @param made whether it need not be there */
    private DiskImage image(String what, Object file, boolean made) {
        DiskImage image = file instanceof CharSequence ? DiskImage.parse(file.toString()) : DiskImage.of(session.output(file))
        Path output = session.output(image.path())
        image.at(made && !Files.exists(output) && !session.has(image.path()) ? output : session.input(what, image.path()))
    }

    @Override
    BlockDisk.Mode getReadOnly() { BlockDisk.Mode.READ_ONLY }

    @Override
    BlockDisk.Mode getSync() { BlockDisk.Mode.SYNC }

    @Override
    BlockDisk.Mode getSnapshot() { BlockDisk.Mode.SNAPSHOT }

    @Override
    void sharenet(Object file) { config.sharenet(session.output(file)) }

    @Override
    void sharenet(Object file, @DelegatesTo(value = WireSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        config.sharenet(session.output(file), WireBlock.of(block, owner).hazard)
    }

    @Override
    void tunnet(Object where) { config.tunnet(where.toString(), null) }

    @Override
    void tunnet(Object where, @DelegatesTo(value = WireSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        config.tunnet(where.toString(), WireBlock.of(block, owner).hazard)
    }

    @Override
    void usernet() { config.usernet(new UserNetPlan(), null) }

    @Override
    void usernet(@DelegatesTo(value = UserNetSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        UserNetBlock words = UserNetBlock.ofUserNet(block, owner)
        config.usernet(words.plan, words.hazard)
    }

    @Override
    void pcap(Object file) { config.pcap(session.output(file)) }

    @Override
    void console(Object to) {
        switch (to) {
            case OutputSink: config.console((OutputSink) to); break
            case OutputStream: config.console(stream((OutputStream) to)); break
            case { it instanceof CharSequence && ConsoleAddress.parse(it.toString()) != null }: config.console(address(to.toString())); break
            case CharSequence: case Path: case File: config.console(file(session.output(to))); break
            case Closure: config.console(closure((Closure) to)); break
            default: throw new ScriptFailure("console ${to}: give stdout, stderr, a file, a socket, 'pty' or a closure")
        }
    }

    private ConsoleAddress address(String text) {
        ConsoleAddress address = ConsoleAddress.parse(text)
        address.inFiles() ? address.at(session.output(address.path())) : address
    }

    static OutputSink stream(OutputStream out) {
        new OutputSink() {
            @Override
            void write(byte[] bytes, int offset, int lengthBytes) { out.write(bytes, offset, lengthBytes) }

            @Override
            void flush() { out.flush() }
        }
    }

    private OutputSink file(Path path) {
        OutputStream out
        try {
            out = Files.newOutputStream(path)
        } catch (IOException e) {
            throw new ScriptFailure("console '${path}': cannot be written: ${SystemError.text(e)}", e)
        }
        session.closing(out)
        stream(out)
    }

    private OutputSink closure(Closure closure) {
        { byte[] bytes, int offset, int lengthBytes ->
            owner.guarded { closure.call(new String(bytes, offset, lengthBytes, StandardCharsets.UTF_8)) }
        } as OutputSink
    }

    @Override
    OutputStream getStdout() { session.stdout(config.name()) }

    @Override
    OutputStream getStderr() { session.streams.err() }

    @Override
    void device(String name, @DelegatesTo(value = DeviceSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        if (owner.devices.containsKey(name)) {
            throw new ScriptFailure("device ${name}: there is one of that name already")
        }
        config.device(DeviceBlock.of(name, block, owner))
        owner.devices[name] = block
    }

    @Override
    void port(Object number, @DelegatesTo(value = PortSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        long port = whole('port', number, '0xE9')
        PortBlock words = new PortBlock(owner)
        Delegation.configure(block, PortSpec, words)
        onBare << 'port'
        config.port((int) Math.max(-1, Math.min(port, Integer.MAX_VALUE)), words)
        owner.ports[number] = block
    }

    @Override
    void page(Object physical, @DelegatesTo(value = PageSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        long at = within(0xFFFFFFFFL, 'page', physical, '0xFEE00000')
        PageBlock words = new PageBlock(owner)
        Delegation.configure(block, PageSpec, words)
        onBare << 'page'
        config.page((int) at, words)
        owner.pages[physical] = block
    }

    @Override
    void time(TimeKind kind) { config.time(kind) }

    @Override
    TimeKind getHost() { TimeKind.HOST }

    @Override
    TimeKind getVirtual() { TimeKind.VIRTUAL }

    @Override
    void engine(Engine kind) { config.engine(kind) }

    @Override
    Engine getInterpreter() { Engine.INTERPRETER }

    @Override
    Engine getTranslator() { Engine.TRANSLATOR }

    @Override
    Engine getBoth() { Engine.BOTH }

    @Override
    void wallClock(Object start) {
        try {
            config.wallStart(start instanceof Instant ? (Instant) start : Instant.parse(start.toString()))
        } catch (DateTimeException e) {
            throw new ScriptFailure("wallClock '${start}': give a time like '2007-10-09T21:00:00Z'", e)
        }
    }

    @Override
    void cpuModel(Object model) {
        Map<String, CpuModel> known = CpuModel.fields.findAll { it.type == CpuModel }.collectEntries {
            CpuModel each = (CpuModel) it.get(null)
            [each.name(), each]
        }
        CpuModel chosen = model instanceof CpuModel ? (CpuModel) model : known[model.toString()]
        if (chosen == null) {
            throw new ScriptFailure("cpuModel '${model}': there is ${known.keySet().join(', ')}")
        }
        config.cpuModel(chosen)
    }

    @Override
    void tscKhz(Object khz) { config.tscKhz((int) within(Integer.MAX_VALUE, 'tscKhz', khz, '1_000_000')) }

    @Override
    void strict(boolean really) { config.strict(really) }

    @Override
    void verbose(boolean really) { config.verbose(really ? { String line -> session.log(line) } : { String line -> }) }

    private static long within(long most, String word, Object value, String example) {
        long number = whole(word, value, example)
        if (number < 0 || number > most) {
            throw new ScriptFailure("${word} ${value}: must be 0 to ${most}")
        }
        number
    }

    private static long whole(String word, Object value, String example) {
        if (value instanceof Number && !(value instanceof BigDecimal || value instanceof Double || value instanceof Float)) {
            return ((Number) value).longValue()
        }
        String shown = value instanceof CharSequence ? "'$value'" : "$value"
        throw new ScriptFailure("${word} ${shown}: give a number, ${word} ${example}")
    }
}
