package lguest.dsl

import groovy.transform.CompileStatic
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.dsl.internal.ClassCache
import lguest.dsl.internal.Explanation
import lguest.dsl.internal.ScriptRunner

/**
 * A script that is a test: it passes if it ends, and its guests with it, without a failed {@code assert}, a wait in vain or a guest
 * that dies. {@code lguest test} runs them; so does any framework that can make tests of data. In Spock:
 *
 * <pre>
 * def "#test"() {
 *     expect: test.check()
 *     where:  test &lt;&lt; GuestTest.in(Path.of('src/test/lgs'))
 * }
 * </pre>
 *
 * and in JUnit: {@code @TestFactory Stream<DynamicTest> guests() { return GuestTest.in(folder).stream().map(t ->
 * dynamicTest(t.getName(), t.getUri(), t::check)); }}
 */
@CompileStatic
final class GuestTest {
    /** How a test ended. */
    static enum Result { PASSED, FAILED, ERROR, SKIPPED }

    /** What came of a test. */
    static final class Outcome {
        final GuestTest test
        final Result result
        /** Why, with the place; null if it passed. */
        final String message
        /** What the script printed. */
        final String out
        final String err
        /** How it stands with the guests that the script built, and the end of what each had printed. */
        final String guests
        final Duration time

        private Outcome(Map<String, ?> its) {
            test = (GuestTest) its.test
            result = (Result) its.result
            message = its.message
            out = its.out
            err = its.err
            guests = its.guests
            time = (Duration) its.time
        }

        boolean isWell() { result in [Result.PASSED, Result.SKIPPED] }

        @Override
        String toString() { "${result.name().toLowerCase(Locale.ROOT)} ${test.name}${message ? ": $message" : ''}" }
    }

    private static final int TAIL_LINES = 10

    /** The path below the folder that was searched, without {@code .lgs}. */
    final String name
    final Path script

    private GuestTest(String name, Path script) {
        this.name = name
        this.script = script
    }

    /** All tests in a folder and below it, in order of their names; or the one that the path itself is. */
    static List<GuestTest> 'in'(Path folder) {
        if (!Files.isDirectory(folder)) {
            return [new GuestTest(folder.fileName.toString() - ~/\.lgs$/, folder)]
        }
        Files.walk(folder).withCloseable { files ->
            files.filter { it.fileName.toString().endsWith('.lgs') && Files.isRegularFile(it) }.sorted().map {
                new GuestTest(folder.relativize(it).toString() - ~/\.lgs$/, it)
            }.toList()
        }
    }

    URI getUri() { script.toUri() }

    /** Runs it. What goes wrong in it is part of the outcome: it passes if nothing has, {@code exit 0} or not. */
    Outcome run() {
        ByteArrayOutputStream out = new ByteArrayOutputStream()
        ByteArrayOutputStream err = new ByteArrayOutputStream()
        Streams streams = new Streams(InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false)
        Session session = new Session(streams, script.toAbsolutePath().normalize().parent, [], false)
        long began = System.nanoTime()
        Result result = Result.PASSED
        String message = null
        try {
            new ScriptRunner(false, ClassCache.ofUser()).execute(session, script)
            int status = session.finish()
            if (status != 0) {
                result = Result.FAILED
                message = "a guest ended with ${status}"
            }
        } catch (Throwable thrown) {
            Explanation why = Explanation.of(session, thrown)
            result = of(thrown, why)
            message = said(result, why)
        }
        String guests = session.guests.values().collect { describe(it) }.join('\n')
        try {
            session.close()
        } catch (Throwable thrown) {
            if (result == Result.PASSED) {
                Explanation why = Explanation.of(session, thrown)
                result = of(thrown, why)
                message = said(result, why)
            }
        }
        if (session.threadFailure != null && result == Result.PASSED) {
            result = Result.FAILED
            message = session.describe(session.threadFailure, false)
        }
        new Outcome(test: this, result: result, message: message, out: out.toString(StandardCharsets.UTF_8),
            err: err.toString(StandardCharsets.UTF_8), guests: guests, time: Duration.ofNanos(System.nanoTime() - began))
    }

    private static String said(Result result, Explanation why) { result == Result.PASSED ? null : why.line ?: "exit ${why.status}" }

    private static Result of(Throwable thrown, Explanation why) {
        switch (thrown) {
            case Skipped: return Result.SKIPPED
            case ScriptExit: return why.status == 0 ? Result.PASSED : Result.FAILED
            case AssertionError: case Timeout: case GuestDied: return Result.FAILED
            default: return why.status == Explanation.ASSERTION ? Result.FAILED : Result.ERROR
        }
    }

    private static String describe(ScriptedGuest guest) {
        List<String> lines = guest.console.lines
        String end = lines.takeRight(TAIL_LINES).collect { "    | ${it.replaceAll(/[\p{Cntrl}&&[^\t]]/, '?')}\n" }.join('')
        "${guest} at ${guest.where}, after ${guest.instructions} instructions\n${end}"
    }

    /**
     * Runs it as part of somebody else's test.
     *
     * @throws AssertionError if it does not pass; a test that skips itself passes
     */
    void check() {
        Outcome outcome = run()
        if (!outcome.well) {
            throw new AssertionError((Object) "${outcome.message}\n${outcome.guests}${outcome.err}".toString())
        }
    }

    @Override
    String toString() { name }
}
