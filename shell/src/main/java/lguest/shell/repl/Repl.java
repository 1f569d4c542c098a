package lguest.shell.repl;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lguest.cpu.Segment;
import lguest.device.EmergencyExit;
import lguest.dsl.Hook;
import lguest.dsl.ScriptExit;
import lguest.dsl.ScriptFailure;
import lguest.dsl.ScriptedGuest;
import lguest.dsl.Session;
import lguest.dsl.internal.ScriptRunner;
import lguest.machine.Guest;
import lguest.machine.Stop;
import lguest.probe.Event;
import lguest.probe.ScriptErrors;
import lguest.shell.command.Desk;
import lguest.shell.command.PromptCommands;
import lguest.shell.command.Registers;
import lguest.shell.render.Shown;
import picocli.CommandLine;

/** The prompt: reads a line, finds out what it is, does it, shows what came of it. */
final class Repl implements Desk {
    /** Status of a prompt whose input, from a pipe, had a mistake. */
    static final int FAILED = 3;
    /** So many Ctrl-C end what does not end otherwise. */
    private static final int LEAVING = 3;
    /** No guest's own prompt is longer. */
    private static final int PROMPT_BYTES = 200;
    private static final Pattern BARE_COMMAND = Pattern.compile("\\s*(:?)(\\w+) ");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final Pattern REGISTER = Pattern.compile("eax|ecx|edx|ebx|esp|ebp|esi|edi|eip|cr2|cr3");
    private static final Pattern SYMBOL = Pattern.compile("0[xX][0-9a-fA-F]+|[A-Za-z_][\\w.$]*(\\+(0[xX][0-9a-fA-F]+|\\d+))?");

    private final Ends ends;
    private final Session session;
    private final boolean stacktrace;
    private final CommandLine commands;
    private final Map<ScriptedGuest, Stop> stops = new ConcurrentHashMap<>();
    private final StatusText statusText = new StatusText();
    /** The guest that had the terminal before the prompt did, and gets it again; null if there is none. */
    private final ScriptedGuest owner;
    private String typed = "";
    private int status = -1;
    private volatile int interrupts;

    Repl(Ends ends, Session session, ScriptedGuest owner, boolean stacktrace) {
        this.ends = ends;
        this.session = session;
        this.owner = owner;
        this.stacktrace = stacktrace;
        commands = PromptCommands.of(this);
        commands.setOut(new PrintWriter(ends.out(), true));
        commands.setErr(new PrintWriter(ends.err(), true));
        commands.setExecutionExceptionHandler((failed, line, parsed) -> failed(typed, failed));
        commands.setParameterExceptionHandler((wrong, arguments) ->
            failed(typed, new ScriptFailure(wrong.getCommandLine().getCommandName() + ": " + wrong.getMessage())));
        session.onStop(this::stopped);
        if (ends.interactive()) {
            status(true);
        }
    }

    /** Reads until the end. @return the exit status */
    int run() throws IOException {
        while (status < 0) {
            String line;
            try {
                line = ends.read(this::prompt);
            } catch (Ends.LineCleared again) {
                if (again.empty() && session.hasGuest() && session.getCurrent().getState().equals("running")) {
                    execute(":pause");
                }
                continue;
            }
            if (line == null) {
                return 0;
            }
            boolean well = execute(line);
            ends.settle();
            if (!well && !ends.interactive() && status < 0) {
                return FAILED;
            }
        }
        return status;
    }

    /** {@code lguest tiny running> }. */
    String prompt() {
        return session.hasGuest() ? "lguest " + session.getCurrent().getName() + " " + session.getCurrent().getState() + "> " : "lguest> ";
    }

    /** @return whether it went well */
    boolean execute(String input) {
        interrupts = 0;
        String line = Habits.ours(input, session.getVariables().keySet());
        Typed what = Typed.of(line, bareNames());
        if (what instanceof Typed.Command command) {
            typed = command.line();
            if (!names().contains(command.words().get(0))) {
                return failed(typed, PromptCommands.unknown(command.words().get(0), commands)) == 0;
            }
            return commands.execute(command.words().toArray(String[]::new)) == 0;
        }
        return !(what instanceof Typed.Code code) || attempt(input, () -> show(session.eval(code.text())));
    }

    /** Does something that may fail. @return whether it went well */
    boolean attempt(String input, Runnable work) {
        try {
            work.run();
            return true;
        } catch (Exception | Error failed) {
            // Groovy throws what it likes, declared or not.
            if (ScriptErrors.isFailure(failed)) {
                return failed(input, failed) == 0;
            }
            throw (Error) failed;
        }
    }

    /** Ctrl-C: whoever waits for a guest comes back. What waits for nothing cannot be helped, so the third one leaves. */
    void interrupt() {
        interrupts++;
        session.interrupt();
        if (interrupts == LEAVING - 1) {
            ends.err().println("(still busy; Ctrl-C once more leaves)");
        } else if (interrupts == LEAVING) {
            System.exit(EmergencyExit.STATUS);
        }
    }

    /** All names of commands. */
    Collection<String> names() {
        return commands.getSubcommands().keySet();
    }

    /** Commands that need no colon: those that no variable hides. */
    Set<String> bareNames() {
        Set<String> names = new HashSet<>(commands.getSubcommands().keySet());
        names.removeAll(session.getVariables().keySet());
        return names;
    }

    /** What a command wants behind its name, and what it does: where nothing is typed behind it yet. Empty for all else. */
    String tip(String line) {
        Matcher bare = BARE_COMMAND.matcher(line);
        CommandLine command = bare.matches() && (!bare.group(1).isEmpty() || bareNames().contains(bare.group(2)))
            ? commands.getSubcommands().get(bare.group(2)) : null;
        if (command == null) {
            return "";
        }
        String wanted = command.getCommandSpec().positionalParameters().stream()
            .map(words -> words.arity().min() == 0 ? "[" + words.paramLabel() + "]" : words.paramLabel()).collect(Collectors.joining(" "));
        return (wanted.isEmpty() ? "  " : wanted + "  ") + command.getCommandSpec().usageMessage().description()[0];
    }

    private int failed(String input, Throwable failure) {
        if (failure instanceof ScriptExit exit) {
            status = exit.status();
            return 0;
        }
        String place = Mistake.shown(input, failure);
        String complaint = session.describe(failure, stacktrace);
        String habit = Habits.answer(input, place.isEmpty() ? complaint : null, session.getVariables().keySet());
        ends.err().println(habit != null ? "error: " + habit
            : (place.isEmpty() ? blamed(failure, true) : place + "\n") + "error: " + complaint);
        return 1;
    }

    /** The typed line that is to blame, to be printed above what it is blamed for. */
    private String blamed(Throwable failure, boolean now) {
        return session.blamed(failure, now).map(line -> Mistake.shown(line) + "\n").orElse("");
    }

    /** How the owner of the terminal ended while it had it; null if it has not. */
    Stop end() {
        return owner == null ? null : stops.get(owner);
    }

    /** A guest came back: on its own thread, or on ours if it was told to run so far and no further. */
    private void stopped(ScriptedGuest guest, Stop stop) {
        String name = guest.getName();
        String text = switch (stop.kind()) {
            case LIMIT, PAUSED, CONDITION -> null;
            case PRESENT -> name + " is in the present again";
            case BREAKPOINT -> name + " stopped at " + where(guest) + why(guest, stop);
            case FAILED -> blamed(stop.failure(), false) + name + " paused at " + where(guest) + ": " + stop.reason();
            case DEAD -> name + " died: " + stop.reason().strip();
            case OFF -> name + " is off: " + stop.reason().strip();
            case EMERGENCY -> name + " paused: " + stop.reason();
        };
        if (text != null) {
            stops.put(guest, stop);
        }
        statusText.stopped(guest, stop.kind() == Stop.Kind.BREAKPOINT || stop.kind() == Stop.Kind.FAILED ? "at " + where(guest) + why(guest, stop)
            : null);
        if (text != null && !(guest == owner && stop.kind() == Stop.Kind.EMERGENCY)) {
            ends.err().println(text);
        }
    }

    private static String where(ScriptedGuest guest) {
        Guest engine = guest.getEngine();
        int linear = engine.cpu().segments[Segment.CS].base + engine.cpu().eip;
        return String.format("0x%08x", linear) + engine.symbols().at(linear).map(symbol -> " <" + symbol + ">").orElse("");
    }

    /** What else there is to say of a stop than where it is. */
    private static String why(ScriptedGuest guest, Stop stop) {
        Event event = stop.probe() == null ? null : stop.probe().event();
        if (event instanceof Event.At) {
            return "";
        }
        return ": " + (event instanceof Event.HypercallEvent call && call.number() != Event.ANY
            ? "hypercall " + guest.getEngine().hypercalls().name(call.number()) : stop.reason());
    }

    // ---- what commands act on

    @Override
    public Collection<Guest> guests() {
        return session.getGuests().values().stream().map(ScriptedGuest::getEngine).toList();
    }

    @Override
    public Guest guest() {
        return session.getCurrent().getEngine();
    }

    @Override
    public String state(Guest guest) {
        return session.named(guest.name()).getState();
    }

    @Override
    public List<Hook> hooks() {
        return session.getCurrent().getProbes();
    }

    @Override
    public void use(String name) {
        session.use(session.getVariables().get(name) instanceof ScriptedGuest guest ? guest : name);
    }

    @Override
    public <T> T look(Supplier<T> work) {
        @SuppressWarnings("unchecked")
        Supplier<Object> erased = (Supplier<Object>) work;
        @SuppressWarnings("unchecked")
        T result = (T) session.look(session.getCurrent(), erased);
        return result;
    }

    @Override
    public Object eval(String code) {
        return session.eval(code);
    }

    @Override
    public void source(String file) {
        new ScriptRunner(stacktrace).execute(session, session.input("source", file));
    }

    @Override
    public void save(String file) {
        session.getCurrent().save(file);
    }

    @Override
    public void load(String file, String name) {
        show(session.restore(file, name));
    }

    @Override
    public void show(Object value) {
        String text = Shown.of(value).stripTrailing();
        if (!text.isEmpty()) {
            ends.out().println(text.contains("\n") ? text : "=> " + text);
        }
    }

    @Override
    public int address(String text) {
        String register = REGISTER.matcher(text).matches() ? text : Registers.of(text);
        if (register != null) {
            return address(session.eval("cpu." + register));
        }
        if (NUMBER.matcher(text).matches()) {
            return address(Long.valueOf(text));
        }
        return SYMBOL.matcher(text).matches() && !session.getVariables().containsKey(text) ? session.getCurrent().address(text)
            : address(session.eval(Registers.inGroovy(text)));
    }

    private int address(Object value) {
        return session.getCurrent().address(value);
    }

    @Override
    public void pause() {
        session.getCurrent().pause();
    }

    @Override
    public void step(long instructions) {
        session.getCurrent().step(instructions);
    }

    @Override
    public void cont() {
        if (session.getCurrent() == owner && !owner.isPast()) {
            attach();
        } else {
            boot(session.getCurrent());
        }
    }

    private void boot(ScriptedGuest guest) {
        stops.remove(guest);
        guest.boot();
    }

    @Override
    public void attach() {
        ScriptedGuest guest = session.getCurrent();
        Guest engine = guest.getEngine();
        if (engine.console() == null) {
            throw new ScriptFailure("guest " + guest.getName() + " is bare: it has no console");
        }
        if (guest.isPast()) {
            throw new ScriptFailure("guest " + guest.getName() + " is in its past: present() comes back, then :console");
        }
        if (!ends.interactive()) {
            throw new ScriptFailure("console: standard input is no terminal; use console.send('text') and console.expect('text')");
        }
        ends.out().println("(the console of " + guest.getName() + "; Ctrl-] comes back)");
        ends.out().print(lastLine(engine));
        boot(guest);
        try {
            boolean left = ends.attach(guest.getName(), engine.console(), () -> !stops.containsKey(guest));
            if (left && guest == owner) {
                guest.pause();
            }
            if (!left && guest == owner && ends(stops.get(guest))) {
                status = 0;
            }
        } catch (IOException gone) {
            throw new ScriptFailure("console: " + gone.getMessage(), gone);
        }
    }

    private static boolean ends(Stop stop) {
        return !stop.alive() || stop.kind() == Stop.Kind.EMERGENCY;
    }

    /** What stands at the left of the guest's cursor: its own prompt, most often. Nothing if it paints the screen. */
    private static String lastLine(Guest guest) {
        String end = guest.transcript().text(Math.max(0, guest.transcript().end() - PROMPT_BYTES));
        String line = end.substring(end.lastIndexOf('\n') + 1);
        return line.indexOf('\033') < 0 ? line : "";
    }

    @Override
    public boolean status(boolean wanted) {
        return ends.status(() -> wanted ? statusText.of(session) : "");
    }

    @Override
    public void quit(int newStatus) {
        status = newStatus;
    }

    @Override
    public PrintStream out() {
        return ends.out();
    }

    @Override
    public String typed() {
        return typed;
    }

    @Override
    public CommandLine commands() {
        return commands;
    }
}
