package lguest.shell.repl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import lguest.dsl.ScriptedGuest;
import lguest.dsl.Session;
import lguest.dsl.Streams;
import lguest.dsl.internal.GuestBlock;
import lguest.dsl.internal.ScriptRunner;
import lguest.machine.Guest;
import lguest.machine.Stop;
import lguest.shell.launcher.StandardStreams;
import lguest.shell.launcher.SwitchedSink;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;

/** Opens prompts: at a terminal or on a pipe, with nothing or with a guest that the launcher runs. */
public final class Prompts {
    private static final String GREETING = "lguest: :help says what there is, Tab completes, Ctrl-D leaves";
    private static final String NO_TERMINAL = "lguest: terminal: ";
    private static final int FAILED = 1;

    private Prompts() {
    }

    /** @param script run first; null for none. @return the exit status */
    public static int open(Path script, boolean stacktrace) {
        try (Ends ends = ends(false)) {
            return open(ends, script, stacktrace);
        } catch (IOException gone) {
            System.err.println(NO_TERMINAL + gone.getMessage());
            return FAILED;
        }
    }

    /** A prompt for nobody: everything it takes for a prompt is loaded then. @param keys that nobody strikes */
    public static void rehearse(InputStream keys) throws IOException {
        Terminal terminal = new ExternalTerminal("rehearsal", "xterm", keys, OutputStream.nullOutputStream(), StandardCharsets.UTF_8);
        try (Ends ends = new TerminalEnds(terminal, null, null, true, false)) {
            open(ends, null, false);
        }
    }

    private static int open(Ends ends, Path script, boolean stacktrace) throws IOException {
        try (Session session = session(ends, script)) {
            Repl repl = new Repl(ends, session, null, stacktrace);
            ends.serve(new Completions(new SessionVocabulary(session, repl.commands())), repl::bareNames, repl::tip, repl::interrupt);
            if (ends.interactive()) {
                ends.err().println(GREETING);
                warmUp();
                repl.attempt("", () -> InitFile.text().ifPresent(session::eval));
            }
            if (script != null && !repl.attempt("", () -> new ScriptRunner(stacktrace).execute(session, script)) && !ends.interactive()) {
                return Repl.FAILED;
            }
            return repl.run();
        }
    }

    /**
     * The prompt for a guest that had the terminal until Ctrl-] was struck.
     *
     * @param output where its console goes
     * @param status of the way it ends, if it does with the terminal in its hands
     * @return the exit status
     */
    public static int take(Guest guest, SwitchedSink output, ToIntFunction<Stop> status, boolean stacktrace) {
        Stop end;
        int left;
        try (Ends ends = ends(true); Session session = session(ends, null)) {
            ScriptedGuest scripted = session.adopt(guest);
            output.lay(GuestBlock.stream(ends.console(guest.name())));
            Repl repl = new Repl(ends, session, scripted, stacktrace);
            ends.serve(new Completions(new SessionVocabulary(session, repl.commands())), repl::bareNames, repl::tip, repl::interrupt);
            ends.err().println("lguest: the guest is paused; :cont goes back to it, :help says what there is, Ctrl-D leaves");
            repl.attempt("", () -> InitFile.text().ifPresent(session::eval));
            left = repl.run();
            end = repl.end();
        } catch (IOException gone) {
            System.err.println(NO_TERMINAL + gone.getMessage());
            return FAILED;
        }
        return end == null ? left : status.applyAsInt(end);
    }

    /** Loads Groovy's compiler while somebody still reads the greeting. */
    private static void warmUp() {
        Thread thread = new Thread(() -> {
            try (Session session = new Session(Streams.system(), null, List.of(), true)) {
                session.eval("[1].collect { it }");
            }
        }, "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static Ends ends(boolean fromGuest) throws IOException {
        return StandardStreams.inputIsTerminal() && StandardStreams.outputIsTerminal() ? TerminalEnds.system(colour(), fromGuest)
            : PipeEnds.system();
    }

    private static boolean colour() {
        String no = System.getenv("NO_COLOR");
        return (no == null || no.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    private static Session session(Ends ends, Path script) {
        Streams streams = new Streams(System.in, ends.out(), ends.err(), ends.interactive());
        Session session = new Session(streams, script == null ? null : script.toAbsolutePath().normalize().getParent(), List.of(), true);
        session.consoles(ends::console);
        return session;
    }
}
