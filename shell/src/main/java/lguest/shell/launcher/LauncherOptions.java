package lguest.shell.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import lguest.carrier.ConsoleAddress;
import lguest.cpu.CpuModel;
import lguest.device.BlockDisk;
import lguest.device.LauncherExit;
import lguest.disk.DiskImage;
import lguest.load.BootParams;
import lguest.machine.GuestConfig;
import lguest.net.UserNetPlan;

/**
 * The launcher's command line (lguest.c {@code main}): {@code [options] <mem-in-mb> <kernel> [kernel args...]}. Options may stand
 * anywhere; each acts where it stands, so that {@code --verbose}, {@code --snapshot}, {@code --sync} and {@code --base} concern what
 * follows.
 */
final class LauncherOptions {
    private static final List<String> OPTIONS = List.of("verbose", "block=", "base=", "tunnet=", "usernet", "forward=", "sharenet=", "initrd=",
        "snapshot", "read-only", "sync", "strict", "script=", "time=", "tsc-khz=", "pcap=", "engine=", "console=", "stacktrace");

    final GuestConfig config;
    final boolean strict;
    /** Time was chosen; otherwise it is the host's at a terminal, for a strict launcher and on a shared net. */
    final boolean timeGiven;
    final List<String> scripts;
    /** Standard input and output are the console's: unless it is at a socket, and they are not asked for. */
    final boolean stdio;

    private LauncherOptions(GuestConfig config, boolean strict, boolean timeGiven, List<String> scripts, boolean stdio) {
        this.config = config;
        this.strict = strict;
        this.timeGiven = timeGiven;
        this.scripts = scripts;
        this.stdio = stdio;
    }

    /**
     * @param verbose where diagnostics go
     * @throws UsageException if it is no command line
     * @throws LauncherExit if it asks for what cannot be
     * @throws IllegalArgumentException the same, if a guest's configuration or the file system says so
     */
    static LauncherOptions parse(List<String> arguments, Consumer<String> verbose) {
        GuestConfig config = new GuestConfig("guest");
        OptionParser.Parsed parsed = new OptionParser(OPTIONS, Set.of('v')).parse(arguments);
        boolean strict = false;
        boolean timeGiven = false;
        boolean stdioGiven = false;
        List<String> scripts = new ArrayList<>();
        UserNetPlan net = null;
        BlockDisk.Mode mode = BlockDisk.Mode.READ_WRITE;
        DiskImage base = null;
        for (OptionParser.Option option : parsed.options()) {
            switch (option.name()) {
                case "v", "verbose" -> config.verbose(verbose);
                case "block" -> {
                    DiskImage image = image(option);
                    config.block(base == null ? image : image.over(base), mode);
                }
                case "base" -> base = image(option);
                case "sharenet" -> config.sharenet(file(option));
                case "pcap" -> config.pcap(file(option));
                case "initrd" -> config.initrd(file(option));
                case "snapshot" -> mode = BlockDisk.Mode.SNAPSHOT;
                case "sync" -> mode = BlockDisk.Mode.SYNC;
                case "read-only" -> mode = BlockDisk.Mode.READ_ONLY;
                case "strict" -> strict = true;
                case "stacktrace" -> {
                    // Stands before all else where it counts, and has been seen there.
                }
                case "console" -> {
                    if (option.value().equals("stdio")) {
                        stdioGiven = true;
                    } else {
                        config.console(console(option.value()));
                    }
                }
                case "script" -> scripts.add(option.value());
                case "time" -> {
                    config.time(time(option.value()));
                    timeGiven = true;
                }
                case "engine" -> config.engine(engine(option.value()));
                case "tsc-khz" -> config.tscKhz(number("--tsc-khz", option.value()));
                case "tunnet" -> config.tunnet(option.value(), null);
                case "usernet" -> config.usernet(net = new UserNetPlan(), null);
                case "forward" -> forward(net, option.value());
                default -> throw new IllegalStateException("--" + option.name());
            }
        }
        if (parsed.positional().size() < 2) {
            throw new UsageException("");
        }
        config.strict(strict).sharesGuestIds(true).cpuModel(CpuModel.PENTIUM2);
        memory(config, arguments);
        config.kernel(Path.of(parsed.positional().get(1)));
        config.cmdline(BootParams.commandLine(parsed.positional().subList(2, parsed.positional().size())));
        return new LauncherOptions(config, strict, timeGiven, scripts,
            stdioGiven || config.consoleAddresses().stream().noneMatch(ConsoleAddress::twoWay));
    }

    /** The decimal prefix of the first argument that is no option, in MiB. The original looks for it before it parses options. */
    private static void memory(GuestConfig config, List<String> arguments) {
        String text = arguments.stream().filter(argument -> !argument.startsWith("-")).findFirst().orElseThrow();
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long megabytes = digits == 0 || digits > 9 ? 0 : Long.parseLong(text.substring(0, digits));
        if (megabytes < 1 || megabytes > 2047) {
            throw new LauncherExit("memory size '%s': must be 1 to 2047 (MiB); it is the first argument that is no option, so give options"
                + " their values with '='", text);
        }
        config.memoryBytes(megabytes << 20);
    }

    private static void forward(UserNetPlan net, String ports) {
        if (net == null) {
            throw new LauncherExit("--forward=%s: belongs behind the --usernet it is for", ports);
        }
        net.forward(ports);
    }

    private static Path file(OptionParser.Option option) {
        return Path.of(name(option));
    }

    private static DiskImage image(OptionParser.Option option) {
        return DiskImage.parse(name(option));
    }

    private static String name(OptionParser.Option option) {
        if (option.value().isEmpty()) {
            throw new LauncherExit("--%s=: expected the name of a file behind it", option.name());
        }
        return option.value();
    }

    private static ConsoleAddress console(String value) {
        ConsoleAddress address = ConsoleAddress.parse(value);
        if (address == null) {
            throw new LauncherExit("--console=%s: must be stdio, tcp:PORT, unix:PATH, pty or log:FILE", value);
        }
        return address;
    }

    private static GuestConfig.TimeKind time(String value) {
        return switch (value) {
            case "host" -> GuestConfig.TimeKind.HOST;
            case "virtual" -> GuestConfig.TimeKind.VIRTUAL;
            default -> throw new LauncherExit("--time=%s: must be host or virtual", value);
        };
    }

    private static GuestConfig.Engine engine(String value) {
        return switch (value) {
            case "interpreter" -> GuestConfig.Engine.INTERPRETER;
            case "translator" -> GuestConfig.Engine.TRANSLATOR;
            case "both" -> GuestConfig.Engine.BOTH;
            default -> throw new LauncherExit("--engine=%s: must be interpreter, translator or both", value);
        };
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException none) {
            throw new LauncherExit("%s=%s: must be a number", option, value);
        }
    }
}
