package lguest.shell.launcher;

import java.io.IOException;
import java.util.List;
import java.util.function.ToIntFunction;
import lguest.carrier.ConsoleAddress;
import lguest.device.EmergencyExit;
import lguest.device.LauncherExit;
import lguest.device.OutputSink;
import lguest.machine.Guest;
import lguest.machine.GuestConfig;
import lguest.machine.Limit;
import lguest.machine.Stop;

/** {@code lguest 64m vmlinux --block=rootfile root=/dev/lgba}: one guest on this terminal, as the original runs it. */
public final class Launcher {
    /** The guest died, could not be started, or the command line was wrong: the original knows one status for all. */
    private static final int DIED = 1;

    private final StandardStreams streams = new StandardStreams();
    private final SwitchedSink output = new SwitchedSink(streams.sink());
    private final Tools.Attacher attacher;
    private final Prompt prompt;
    private volatile boolean left;

    /** Takes over guest and terminal when Ctrl-] is struck; another package's business. */
    @FunctionalInterface
    public interface Prompt {
        /**
         * @param guest does not run
         * @param output where its console goes
         * @param status says how the guest ended, if it does so with the terminal at its hands, and gives the exit status
         * @return the exit status
         */
        int take(Guest guest, SwitchedSink output, ToIntFunction<Stop> status);
    }

    public Launcher(Tools.Attacher attacher, Prompt prompt) {
        this.attacher = attacher;
        this.prompt = prompt;
    }

    /** @return the exit status */
    public int run(List<String> arguments) {
        boolean terminal = StandardStreams.inputIsTerminal();
        LauncherOptions options;
        try {
            options = LauncherOptions.parse(arguments, streams::line);
        } catch (UsageException wrong) {
            System.err.print(wrong.getMessage() + UsageException.USAGE);
            return DIED;
        } catch (LauncherExit | IllegalArgumentException wrong) {
            return complain(wrong.getMessage());
        }
        // Guests of several processes, and programs of the host, have no clock in common but the host's.
        boolean meetsOthers = options.config.attachments().stream().anyMatch(attachment -> attachment.network() != null);
        boolean called = options.config.consoleAddresses().stream().anyMatch(ConsoleAddress::twoWay);
        if ((terminal || options.strict || meetsOthers || called) && !options.timeGiven) {
            options.config.time(GuestConfig.TimeKind.HOST);
        }
        options.config.console(options.stdio ? output : OutputSink.NONE).warnings(warning -> System.err.println("lguest: " + warning));
        try (RawTerminal raw = terminal && options.stdio ? raw() : null) {
            return launch(options, raw);
        }
    }

    /** @return null where it cannot be had: without stty, on Windows */
    private static RawTerminal raw() {
        try {
            return new RawTerminal();
        } catch (IOException none) {
            System.err.println("lguest: terminal: " + none.getMessage() + "; what is typed reaches the guest line by line");
            return null;
        }
    }

    private int launch(LauncherOptions options, RawTerminal raw) {
        Guest guest;
        try {
            guest = Guest.create(options.config);
        } catch (LauncherExit | IllegalArgumentException failed) {
            close(raw);
            return complain(failed.getMessage());
        }
        int result = 0;
        try (guest; Tools tools = options.scripts.isEmpty() ? Tools.NONE : attacher.attach(guest, options.scripts)) {
            guest.consoleAddresses().forEach(address -> System.err.println("lguest: console at " + address));
            if (options.stdio) {
                // With somebody elsewhere, the end of standard input is not that of all input.
                Runnable end = guest.consoleAddresses().isEmpty() ? guest.console()::end : () -> { };
                new InputPump(streams.in(), guest.console(), end, () -> close(raw), raw == null ? null : () -> leave(guest)).start();
            }
            Stop stop = runToEnd(guest);
            close(raw);
            ToIntFunction<Stop> status = how -> status(how, options.strict, tools);
            result = left && stop.alive() && stop.kind() != Stop.Kind.EMERGENCY ? prompt.take(guest, output, status) : status.applyAsInt(stop);
            return result == 0 && options.stdio && streams.failure() != null
                ? complain("standard output: " + streams.failure().getMessage() + "; what the guest printed is lost") : result;
        } catch (Tools.Ended ended) {
            close(raw);
            // How the guest has ended comes before what its scripts did at their end.
            return result != 0 ? result : ended.status();
        } catch (LauncherExit failed) {
            close(raw);
            return complain(failed.getMessage());
        }
    }

    private void leave(Guest guest) {
        left = true;
        guest.pause();
    }

    /** A stop that a script's probe asked for has nobody to look at it here: the guest goes on. */
    private Stop runToEnd(Guest guest) {
        while (true) {
            Stop stop = guest.run(Limit.none().until(() -> left));
            if (left) {
                return stop;
            }
            switch (stop.kind()) {
                case BREAKPOINT, PAUSED, LIMIT, CONDITION, PRESENT -> System.err.println("lguest: stopped: " + stop.reason() + ", going on");
                default -> {
                    return stop;
                }
            }
        }
    }

    private static int status(Stop stop, boolean strict, Tools tools) {
        return switch (stop.kind()) {
            case OFF -> strict ? complain(stop.reason()) : 0;
            case EMERGENCY -> EmergencyExit.STATUS;
            case FAILED -> tools.failed(stop);
            default -> complain(stop.reason());
        };
    }

    private static int complain(String message) {
        System.err.println("lguest: " + message);
        return DIED;
    }

    private static void close(RawTerminal raw) {
        if (raw != null) {
            raw.close();
        }
    }
}
