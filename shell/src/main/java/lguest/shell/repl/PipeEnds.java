package lguest.shell.repl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import lguest.device.Console;
import lguest.shell.launcher.StandardStreams;

/** Lines from a pipe or file: no prompt, no echo, no escape sequences. */
final class PipeEnds implements Ends {
    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;

    PipeEnds(InputStream in, PrintStream out, PrintStream err) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.err = err;
    }

    /** Those of this process. */
    static PipeEnds system() {
        return new PipeEnds(System.in, StandardStreams.text(), System.err);
    }

    @Override
    public String read(Supplier<String> prompt) throws IOException {
        String text = in.readLine();
        if (text == null || text.strip().startsWith(":")) {
            return text;
        }
        while (Unfinished.is(text)) {
            String more = in.readLine();
            if (more == null) {
                return text;
            }
            text += '\n' + more;
        }
        return text;
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return err;
    }

    @Override
    public OutputStream console(String guest) {
        return out;
    }

    @Override
    public void settle() {
        out.flush();
    }

    @Override
    public boolean attach(String guest, Console console, BooleanSupplier running) {
        throw new IllegalStateException("no terminal to attach to guest " + guest);
    }

    @Override
    public void serve(Completions completions, Supplier<Set<String>> commands, Function<String, String> tips, Runnable onInterrupt) {
        // Nobody is here who could strike Tab or Ctrl-C.
    }

    @Override
    public boolean status(Supplier<String> text) {
        return false;
    }

    @Override
    public boolean interactive() {
        return false;
    }

    @Override
    public void close() {
        out.flush();
    }
}
