package lguest.shell.repl

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.function.BooleanSupplier
import java.util.function.Function
import java.util.function.Supplier
import lguest.device.Console
import lguest.dsl.Session
import lguest.dsl.Streams

/** A prompt whose lines come from a transcript; where one lets a guest go, the next waits until that stops. */
class Transcript implements Ends {
    private final Iterator<String> inputs
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream()
    final PrintStream out = new PrintStream(screen, true)
    private boolean runs
    private int start

    private Transcript(String transcript) {
        inputs = transcript.readLines().findAll { it =~ /^lguest.*?> / }.collect { it.replaceFirst(/^lguest.*?> /, '') }.iterator()
    }

    /** @return what the screen shows in the end */
    static String replay(String transcript, Path folder) {
        def ends = new Transcript(transcript)
        new Session(new Streams(System.in, ends.out, ends.out, false), folder, [], true).withCloseable {
            it.consoles { ends.out }
            new Repl(ends, it, null, false).run()
        }
        ends.screen.toString()
    }

    @Override
    String read(Supplier<String> prompt) {
        if (runs) {
            awaitStop()
        }
        if (!inputs.hasNext()) {
            return null
        }
        String line = inputs.next()
        runs = line in ['boot', 'cont']
        start = screen.size()
        out.println(prompt.get() + line)
        line
    }

    /** A guest that was let go says so when it stops. */
    private void awaitStop() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
        while (!(screen.toString().substring(start) =~ /(?m)^\w+ (stopped|is off|died|paused).*\n/)) {
            assert System.nanoTime() < end : "the guest does not stop: ${screen.toString().substring(start)}"
            Thread.sleep(1)
        }
    }

    @Override
    boolean status(Supplier<String> text) { false }

    @Override
    void settle() { out.flush() }

    @Override
    PrintStream err() { out }

    @Override
    PrintStream out() { out }

    @Override
    OutputStream console(String guest) { out }

    @Override
    boolean attach(String guest, Console console, BooleanSupplier running) { throw new UnsupportedOperationException() }

    @Override
    void serve(Completions completions, Supplier<Set<String>> commands, Function<String, String> tips, Runnable onInterrupt) { }

    @Override
    boolean interactive() { true }

    @Override
    void close() { }
}
