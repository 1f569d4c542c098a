package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.GuestDied
import lguest.dsl.ScriptExit
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.Session
import org.codehaus.groovy.control.MultipleCompilationErrorsException
import org.codehaus.groovy.control.messages.SyntaxErrorMessage
import org.codehaus.groovy.syntax.SyntaxException

/** A failure that knows its place better than its stack trace does. */
@CompileStatic
final class PlacedFailure extends ScriptFailure {
    private static final long serialVersionUID = 1

    private final String place
    private final int status

    private PlacedFailure(String message, String place, int status, Throwable cause) {
        super(message, cause)
        this.place = place
        this.status = status
    }

    /** Something that a line of the script asked for has failed after that line was over. */
    static PlacedFailure at(String place, String message, Throwable cause) { new PlacedFailure(message, place, STATUS, cause) }

    /**
     * A closure failed while a guest ran: the guest is paused, and the message says where.
     *
     * @param place of the hook, if the failure does not know better
     */
    static PlacedFailure inGuest(Session session, ScriptedGuest guest, String place, Throwable trouble) {
        Explanation why = Explanation.of(session, trouble)
        String message = "${why.message} (guest ${guest.name} ${guest.engine.alive() ? 'paused' : guest.state} at ${guest.where})"
        new PlacedFailure(message, why.place ?: place, why.status, trouble)
    }

    /** A thread of the script has ended with a failure. @param place if the failure does not know better */
    static PlacedFailure inThread(Session session, String place, Thread thread, Throwable trouble) {
        Explanation why = Explanation.of(session, trouble)
        String message = trouble instanceof GuestDied || trouble instanceof ScriptExit ? trouble.message : why.message
        new PlacedFailure("thread ${thread.name}: ${message}", why.place ?: place, why.status, trouble)
    }

    /** A script does not compile: its first error. */
    static PlacedFailure inSource(String fileName, String text, MultipleCompilationErrorsException errors) {
        def first = errors.errorCollector.errors.find { it instanceof SyntaxErrorMessage }
        if (first == null) {
            return new PlacedFailure(Explanation.firstLine(errors.message - 'startup failed:'), fileName, STATUS, errors)
        }
        SyntaxException error = ((SyntaxErrorMessage) first).cause
        new PlacedFailure(message(error, text), "${fileName}:${error.startLine}", STATUS, errors)
    }

    /** All errors of a script, in order: {@code LINE:COLUMN: message}. */
    static List<String> all(String text, MultipleCompilationErrorsException errors) {
        errors.errorCollector.errors.findAll { it instanceof SyntaxErrorMessage }.collect { ((SyntaxErrorMessage) it).cause }
            .sort { SyntaxException a, SyntaxException b -> a.startLine <=> b.startLine ?: a.startColumn <=> b.startColumn }
            .collect { SyntaxException it -> "${it.startLine}:${it.startColumn}: ${message(it, text)}".toString() }.unique()
            ?: ["1:1: ${Explanation.firstLine(errors.message - 'startup failed:')}".toString()]
    }

    private static String message(SyntaxException error, String text) {
        List<String> lines = text.readLines()
        String advice = error.startLine > lines.size() ? null : Advice.line(lines[error.startLine - 1])
        advice ?: Explanation.firstLine(error.originalMessage).replaceFirst(/ @ line \d+, column \d+\.?$/, '')
    }

    @Override
    String place() { place }

    @Override
    int exitStatus() { status }
}
