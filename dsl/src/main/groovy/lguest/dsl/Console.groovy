package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.charset.StandardCharsets
import java.time.Duration
import java.util.regex.Pattern
import lguest.device.ConsoleTranscript

/** The console of a guest. Everything it ever printed is remembered, so no line is missed however late a script looks. */
@CompileStatic
final class Console {
    /** How long {@code expect} waits unless told otherwise. */
    static final Duration PATIENCE = Duration.ofSeconds(60)
    private static final int TAIL = 60

    private final ScriptedGuest guest
    private String text = ''
    private long textEnd = 0

    /** Where {@code expect} goes on looking: a position in bytes since the first one printed. */
    long cursor = 0

    @PackageScope
    Console(ScriptedGuest guest) {
        this.guest = guest
    }

    private ConsoleTranscript getTranscript() { guest.engine.transcript() }

    /** Everything printed so far. */
    synchronized String getText() {
        long end = transcript.end()
        if (end != textEnd) {
            text = transcript.text()
            textEnd = end
        }
        text
    }

    /** The same, line by line. */
    List<String> getLines() { transcript.lines() }

    /** What was printed since the last match. */
    String getRest() { transcript.text(cursor) }

    /** Types: text (as UTF-8) or bytes, exactly as they are; Enter is {@code '\n'}. */
    void send(Object data) {
        if (guest.engine.console() == null) {
            throw new ScriptFailure("guest ${guest.name} is bare: it has no console to send to")
        }
        guest.engine.console().offer(Data.bytes(data))
    }

    /** Types a line and Enter. */
    void sendLine(Object text) { send("${text}\n") }

    /**
     * Waits until text is printed behind {@link #getCursor cursor}, which moves behind it. The guest stops right there, before it
     * prints more.
     *
     * @param pattern text, or a regular expression: {@code ~/\d+ users/}
     * @throws Timeout if it does not come
     */
    Match expect(Object pattern, Duration timeout = PATIENCE) {
        Pattern wanted = pattern instanceof Pattern ? (Pattern) pattern
            : pattern instanceof CharSequence ? Pattern.compile(Pattern.quote(pattern.toString())) : null
        if (wanted == null) {
            throw new ScriptFailure("expect(${pattern}): give text, or a pattern like ~/login:/")
        }
        ConsoleTranscript.Found found = null
        long seen = -1
        guest.session.await("no match for ${describe(pattern)} on the console of guest ${guest.name}", timeout, { tail() }) {
            long end = transcript.end()
            if (end != seen) {
                seen = end
                found = transcript.find(wanted, cursor)
            }
            found != null
        }
        ConsoleTranscript.Found match = found
        int passed = (int) (match.from() - Math.max(cursor, transcript.start()))
        String before = new String(transcript.bytes(cursor), 0, passed, StandardCharsets.UTF_8)
        cursor = match.to()
        new Match(before, match.groups())
    }

    private static String describe(Object pattern) {
        pattern instanceof Pattern ? "/${pattern}/" : "'${pattern}'"
    }

    private String tail() {
        String last = rest
        if (last.empty) {
            return 'nothing new was printed'
        }
        String shown = last.length() > TAIL ? '...' + last.substring(last.length() - TAIL) : last
        "it ends with '${shown.replace('\\', '\\\\').replace('\n', '\\n').replace('\r', '\\r')}'"
    }

    @Override
    String toString() { getText() }
}
