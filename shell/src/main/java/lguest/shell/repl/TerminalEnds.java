package lguest.shell.repl;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import lguest.device.Console;
import lguest.shell.launcher.LeaveKey;
import lguest.shell.launcher.TerminalSettings;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** A terminal with somebody at it: lines are edited by JLine, and guests print above them. */
final class TerminalEnds implements Ends {
    private static final long HASTE_NANOS = TerminalSettings.POLL_MILLIS * 1_000_000L / 2;
    private static final int MOST_HASTY = 100;
    private static final int READ_BYTES = 1024;

    /** Null where they cannot be had, and so no guest can have the terminal. */
    private final TerminalSettings settings;
    private final Terminal terminal;
    private final LineEditor reader;
    private final Screen screen;
    private final PrintStream out;
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private volatile Completions completions;
    private volatile Supplier<Set<String>> commands = Set::of;
    private volatile Function<String, String> tips = line -> "";
    private volatile Runnable onInterrupt = () -> { };

    /**
     * @param settings of the terminal as it was found; null if they cannot be had
     * @param history where lines are kept; null to forget them
     * @param colour whether it may be used
     * @param fromGuest whether a guest had the terminal until now
     */
    TerminalEnds(Terminal terminal, TerminalSettings settings, Path history, boolean colour, boolean fromGuest) throws IOException {
        this.terminal = terminal;
        this.settings = settings;
        terminal.handle(Terminal.Signal.INT, signal -> onInterrupt.run());
        StatusLine status = new StatusLine(terminal, colour);
        // Without colour, a tip could not be told from what was typed.
        reader = new LineEditor(terminal, status, line -> colour ? tips.apply(line) : "");
        reader.setParser(new PromptParser(text -> completions.place(text)));
        reader.setCompleter((line, parsed, into) -> complete(parsed, into));
        reader.setHighlighter(new Highlights(() -> commands.get(), colour));
        reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "%P ...> ");
        reader.setVariable(LineReader.INDENTATION, 0);
        reader.setOpt(LineReader.Option.HISTORY_IGNORE_DUPS);
        reader.setOpt(LineReader.Option.HISTORY_IGNORE_SPACE);
        reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
        reader.setOpt(LineReader.Option.AUTO_LIST);
        reader.unsetOpt(LineReader.Option.AUTO_MENU);
        if (history != null) {
            reader.setVariable(LineReader.HISTORY_FILE, history);
        }
        screen = new Screen(terminal, reader, status);
        if (fromGuest) {
            clearBelow();
        }
        out = new PrintStream(screen.from(null), true, StandardCharsets.UTF_8);
        hush();
    }

    /** What is typed while nobody reads is shown when somebody does, and not in the middle of what is printed. */
    private void hush() {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(attributes);
    }

    /** This process's terminal. @throws IOException if there is none */
    static TerminalEnds system(boolean colour, boolean fromGuest) throws IOException {
        TerminalSettings settings = settings();
        Terminal terminal = TerminalBuilder.builder().name("lguest").system(true).dumb(true).nativeSignals(true).build();
        TerminalEnds ends = new TerminalEnds(terminal, settings, HistoryFile.open().orElse(null), colour, fromGuest);
        // Whoever prints there, closures at ports of guests for one, must not tear the line being edited.
        System.setOut(ends.out);
        System.setErr(ends.out);
        return ends;
    }

    private static TerminalSettings settings() {
        try {
            return TerminalSettings.now();
        } catch (IOException none) {
            // No stty, then: the prompt does without, and attach() says so.
            return null;
        }
    }

    private void complete(ParsedLine parsed, List<Candidate> into) {
        for (String word : completions.at(parsed.line().substring(0, parsed.cursor()))) {
            into.add(new Candidate(word, word, null, null, null, null, false));
        }
    }

    @Override
    public String read(Supplier<String> prompt) throws LineCleared {
        Supplier<String> escaped = () -> prompt.get().replace("%", "%%");
        screen.beginEditing(escaped);
        try {
            return reader.readLine(escaped.get());
        } catch (UserInterruptException cleared) {
            throw new LineCleared(cleared.getPartialLine().isBlank());
        } catch (EndOfFileException end) {
            return null;
        } finally {
            screen.endEditing();
        }
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return out;
    }

    @Override
    public OutputStream console(String guest) {
        return screen.from(guest);
    }

    @Override
    public void settle() {
        screen.settle();
    }

    @Override
    public boolean attach(String guest, Console console, BooleanSupplier running) throws IOException {
        if (settings == null) {
            throw new IOException("a guest cannot have this terminal: its settings cannot be changed without stty");
        }
        screen.attach(guest);
        try {
            settings.keysPolled();
            return pump(console, running);
        } finally {
            settings.restore();
            hush();
            screen.attach(null);
            clearBelow();
        }
    }

    /** The guest may have painted the whole screen, and in colours. */
    private void clearBelow() {
        terminal.puts(Capability.exit_attribute_mode);
        terminal.writer().println();
        terminal.puts(Capability.clr_eos);
        terminal.flush();
    }

    /** Brings what is typed to the console, read by read. @return whether Ctrl-] ended it */
    private static boolean pump(Console console, BooleanSupplier running) throws IOException {
        InputStream in = new FileInputStream(FileDescriptor.in);
        byte[] typed = new byte[READ_BYTES];
        int hasty = 0;
        while (running.getAsBoolean()) {
            long before = System.nanoTime();
            int length = in.read(typed);
            int keys = LeaveKey.before(typed, length);
            if (keys > 0) {
                console.offer(typed, 0, keys);
            }
            if (keys < length) {
                return true;
            }
            // Nothing at once is the end of the input: a terminal that is gone.
            hasty = length <= 0 && System.nanoTime() - before < HASTE_NANOS ? hasty + 1 : 0;
            if (hasty == MOST_HASTY) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void serve(
        Completions newCompletions, Supplier<Set<String>> newCommands, Function<String, String> newTips, Runnable newOnInterrupt) {
        completions = newCompletions;
        commands = newCommands;
        tips = newTips;
        onInterrupt = newOnInterrupt;
    }

    @Override
    public boolean status(Supplier<String> text) {
        return screen.status(text);
    }

    @Override
    public boolean interactive() {
        return true;
    }

    @Override
    public void close() {
        screen.close();
        System.setOut(systemOut);
        System.setErr(systemErr);
        try {
            reader.getHistory().save();
            terminal.close();
            if (settings != null) {
                settings.restore();
            }
        } catch (IOException unsaved) {
            System.err.println("lguest: " + unsaved.getMessage());
        }
    }
}
