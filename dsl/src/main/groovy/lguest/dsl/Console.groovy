package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.time.Duration
import java.util.regex.Pattern
import lguest.device.ConsoleTranscript
import lguest.dsl.ExpectSpec
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent
import lguest.dsl.internal.Delegation
import lguest.dsl.internal.Echo
import lguest.dsl.internal.ExpectBlock
import lguest.dsl.internal.Shown
import lguest.dsl.internal.Similar

/** The console of a guest. Everything it ever printed is remembered, so no line is missed however late a script looks. */
@CompileStatic
final class Console implements EventNoun {
    /** How long {@code expect} waits unless told otherwise. */
    static final Duration PATIENCE = Duration.ofSeconds(60)
    /** How long {@code sendLine} waits for an echo that may not come. */
    private static final Duration ECHO_PATIENCE = Duration.ofSeconds(1)
    private static final Pattern SHELL_PROMPT = ~/[#$%>] *$/
    private static final Set<String> LOGIN_WORDS = ['password', 'at', 'prompt', 'timeout'] as Set<String>
    private static final String MARK = 'lguest-status'

    final ScriptedGuest guest
    private String text = ''
    private long textEnd = 0

    private long cursor = 0
    /** Of the line typed last, while nothing behind it has been looked at. */
    private Echo echo

    @PackageScope
    Console(ScriptedGuest guest) {
        this.guest = guest
    }

    /** Where {@code expect} goes on looking: a position in bytes since the first one printed. */
    long getCursor() { cursor }

    /** @throws ScriptFailure if it is no position */
    void setCursor(Object position) {
        if (!(position instanceof Integer || position instanceof Long) || ((Number) position).longValue() < 0) {
            String said = position instanceof CharSequence ? "'${position}'" : position
            throw new ScriptFailure("console.cursor = ${said}: must be a count of bytes")
        }
        cursor = ((Number) position).longValue()
        echo = null
    }

    @Override
    ScriptEvent getEvents() { Events.console() }

    private ConsoleTranscript getTranscript() { guest.engine.transcript() }

    /** @throws ScriptFailure always: nobody prints in the guest's name */
    void setText(Object text) {
        throw new ScriptFailure("console.text is what guest ${guest.name} has printed; to type, say console.send")
    }

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

    /** Where somebody can read and type: {@code tcp:127.0.0.1:4555}, {@code pty:/dev/pts/3}. */
    List<String> getAddresses() { guest.engine.consoleAddresses()*.toString() }

    /** Types: text (as UTF-8) or bytes, exactly as they are; Enter is {@code '\n'}. */
    void send(Object data) {
        if (guest.engine.console() == null) {
            throw new ScriptFailure("guest ${guest.name} is bare: it has no console to send to")
        }
        guest.onlyNow('type')
        guest.engine.console().offer(Data.bytes(data))
    }

    /**
     * Types a line and Enter, and waits for its echo: {@code expect} looks behind that. So neither what was printed before, a prompt
     * that nobody has looked at, nor what was typed is taken for an answer. Of several lines each waits for the echo of the one before.
     *
     * <p>A guest that does not echo is not waited for longer than a second of its time; {@code sendLine secret, echo: false}
     * does not wait at all, and {@code sendLine text, echo: 10.seconds} insists. A guest that does not run, because it is not booted
     * or because a hook types, gets the line, and its echo is passed over when it comes.
     *
     * @param how {@code echo}: false, or how long to wait for it
     * @throws ScriptFailure if that, or the line, is something else; nothing is typed then
     * @throws Timeout if an echo that was insisted on does not come
     */
    void sendLine(Map<String, ?> how = [:], Object text) {
        String unknown = how.keySet().find { it != 'echo' }
        if (unknown != null) {
            throw new ScriptFailure("sendLine: no option ${unknown}" + Similar.hint(unknown, ['echo']))
        }
        checkLine(text)
        checkEcho(how.echo)
        if (how.echo == false) {
            setCursor(transcript.end())
            send("${text}\n")
            return
        }
        String.valueOf(text).split('\n', -1).each { typeLine(it, how.echo) }
    }

    private static void checkLine(Object text) {
        if (text instanceof Map) {
            throw new ScriptFailure("sendLine: which line? Text comes first: sendLine 'ls', echo: false")
        }
        if (text == null || text instanceof Collection || text.class.array) {
            throw new ScriptFailure("sendLine(${text == null ? text : text.class.simpleName}): not a line; give text, and bytes to send")
        }
    }

    private static void checkEcho(Object echo) {
        if (echo == null || echo == false) {
            return
        }
        if (echo instanceof Number) {
            ExpectBlock.checkPatience("sendLine, echo: ${echo}", echo)
        }
        Object time = echo instanceof HostTime ? ((HostTime) echo).time() : echo
        if (!(time instanceof Duration)) {
            throw new ScriptFailure("sendLine, echo: ${echo}: say echo: false, or how long to wait")
        }
        if (((Duration) time) <= Duration.ZERO) {
            throw new ScriptFailure("sendLine, echo: ${((Duration) time).toMillis()} ms: must be longer than nothing; " +
                'echo: false does not wait')
        }
    }

    private void typeLine(String line, Object patience) {
        Echo awaited = new Echo(line, transcript)
        setCursor(transcript.end())
        echo = awaited
        send("${line}\n")
        if (patience == null) {
            session.linger(guest, ECHO_PATIENCE) { awaited.over() }
        } else {
            session.await(guest, "no echo of '${line}' on the console of guest ${guest.name}", patience, { Shown.tail(rest) }) {
                awaited.over()
            }
        }
        passEcho()
    }

    private Session getSession() { guest.session }

    /** Moves the cursor behind what has been typed, if it has been printed by now. @return where an echo begins that is not complete */
    long passEcho() {
        if (echo == null) {
            return Long.MAX_VALUE
        }
        long start = echo.start()
        if (echo.end() < 0) {
            return start
        }
        setCursor(echo.end())
        Long.MAX_VALUE
    }

    /**
     * Waits until text is printed behind {@link #getCursor cursor}, which moves behind it. The guest stops right there, before it
     * prints more.
     *
     * @param pattern text, a regular expression: {@code ~/\d+ users/}, or several with {@code any}
     * @param timeout {@code 30.seconds} of guest time, or {@code 30.seconds.host}
     * @throws Timeout if it does not come
     */
    Match expect(Object pattern, Object timeout = PATIENCE) {
        ExpectBlock wanted = new ExpectBlock(guest)
        wanted.on(pattern)
        (Match) wanted.await(timeout)
    }

    /** The same for several things that may come, each with what to do then. @return what that gives, or the match if it does nothing */
    Object expect(Object timeout = PATIENCE, @DelegatesTo(value = ExpectSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        ExpectBlock wanted = new ExpectBlock(guest)
        Delegation.configure(block, ExpectSpec, wanted)
        wanted.await(timeout)
    }

    /**
     * Logs in at a {@code login:} prompt, and waits for the prompt of a shell.
     *
     * <p>How that looks can be said: {@code login 'root', password: 'secret', at: 'user: ', prompt: ~/% $/, timeout: 90.seconds}.
     *
     * @throws ScriptFailure if the guest says that the login is incorrect
     * @throws Timeout if it says nothing
     */
    Match login(Map<String, ?> how = [:], String user) {
        String unknown = how.keySet().find { !(it in LOGIN_WORDS) }
        if (unknown != null) {
            throw new ScriptFailure("login: no option ${unknown}" + Similar.hint(unknown, LOGIN_WORDS))
        }
        Object timeout = how.timeout ?: PATIENCE
        expect(how.at ?: ~/login: *$/, timeout)
        sendLine(user)
        ExpectBlock next = new ExpectBlock(guest)
        next.on(~/(?i)incorrect|authentication failure/).run { Match said ->
            throw new ScriptFailure("login of ${user} on guest ${guest.name}: ${said}")
        }
        if (how.password != null) {
            next.on(~/(?i)password: *$/).run { sendLine(how.password, echo: false); next.again() }
        }
        next.on(how.prompt ?: SHELL_PROMPT)
        (Match) next.await(timeout)
    }

    /**
     * Has the guest's shell run a command, and waits for its end: a POSIX shell must be at its prompt.
     *
     * @throws Timeout if the command does not end
     */
    ShellResult sh(String command, Object timeout = PATIENCE) {
        if (command == null) {
            throw new ScriptFailure('sh(null): give a command')
        }
        // What is typed is echoed: in the echo, unlike in what printf makes of it, the mark is not followed by a number.
        send("${command.trim()}\nprintf '\\n%s %d\\n' ${MARK} \$?\n")
        Match end = expect(~/(?m)^${MARK} (\d+)\r?$/, timeout)
        Match prompt = expect(~/[#$%>] *$/, timeout)
        List<String> lines = end.before.replace('\r', '').readLines()
        int first = lines.findIndexOf { it.endsWith(command.trim()) }
        // A shell that was busy when this was typed shows it again where it reads it.
        Pattern again = ~/.*[#$%>] +\Q${command.trim()}\E/
        List<String> printed = lines.drop(first + 1).findAll { !it.contains("printf '\\n%s") }.dropWhile { it ==~ again }
        new ShellResult(command, printed.join('\n').replaceAll(/^\n+|\n+$/, ''), end[1] as int)
    }

    @Override
    String toString() { getText() }
}
