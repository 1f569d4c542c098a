package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.charset.CharacterCodingException
import java.nio.file.Files
import java.nio.file.Path
import lguest.device.SystemError
import lguest.dsl.LgsScript
import lguest.dsl.NeedsGuest
import lguest.dsl.ScriptExit
import lguest.dsl.ScriptFailure
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.dsl.internal.ClassCache

/** Runs scripts and says how they ended. */
@CompileStatic
final class ScriptRunner {
    /** What editors of another world begin a file of UTF-8 with. */
    private static final String BYTE_ORDER_MARK = '\uFEFF'

    private final ScriptCompiler compiler
    private final boolean stacktrace

    /** @param stacktrace whether a failure shows where in Java it came from */
    ScriptRunner(boolean stacktrace = false, ClassCache cache = ClassCache.ofUser()) {
        this.stacktrace = stacktrace
        compiler = new ScriptCompiler(cache)
    }

    /** Runs a script file, to the end of its guests. @return the exit status */
    static int run(Path script, List<String> args, Streams streams) { new ScriptRunner().runFile(script, args, streams) }

    /**
     * @return the exit status
     * @throws NeedsGuest if the script is a tool, and wants a guest to be about
     */
    int runFile(Path script, List<String> args, Streams streams) {
        Path file = script.toAbsolutePath().normalize()
        Session session = new Session(streams, file.parent, args, false)
        conclude(session) {
            session.including(file) { execute(session, script) }
            session.finish()
        }
    }

    int runCode(String code, List<String> args, Streams streams) {
        Session session = new Session(streams, null, args, false)
        conclude(session) {
            execute(session, '-e', code)
            session.finish()
        }
    }

    /** Runs the lines of a script in a session and comes back; its guests do not go on by themselves. @return its value */
    Object execute(Session session, Path script, List<String> args = session.args, Binding variables = new Binding()) {
        execute(session, script.fileName.toString(), read(script), args, variables)
    }

    Object execute(Session session, String name, String text, List<String> args = session.args, Binding variables = new Binding()) {
        session.knows(name)
        LgsScript script = compiler.compile(name, text).getConstructor().newInstance()
        script.binding = variables
        script.start(session, args)
        script.run()
    }

    /** What is wrong with a script that can be seen without running it: {@code file.lgs:4:9: no word consle}, in order; best empty. */
    List<String> check(Path script) {
        String name = script.fileName
        try {
            return ScriptCompiler.check(name, read(script)).collect { "${script}:${it}".toString() }
        } catch (ScriptFailure unreadable) {
            return [unreadable.message]
        }
    }

    private static String read(Path script) {
        try {
            String text = Files.readString(script)
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text
        } catch (CharacterCodingException e) {
            throw new ScriptFailure("${script}: not text in UTF-8", e)
        } catch (IOException e) {
            throw new ScriptFailure("${script}: ${SystemError.text(e)}", e)
        }
    }

    private int conclude(Session session, Closure<Integer> work) {
        session.complaints((Throwable thrown) -> complain(session, thrown))
        Ending ending = new Ending()
        NeedsGuest needing = null
        try {
            ending.with(work.call())
        } catch (NeedsGuest tool) {
            needing = tool
        } catch (Throwable thrown) {
            ending.by(thrown, complain(session, thrown))
        }
        int status = end(session, ending)
        session.streams.out().flush()
        session.streams.err().flush()
        if (needing != null && status == 0) {
            throw needing
        }
        status
    }

    /** Lets a script say its last words. @param ending so far. @return the exit status */
    int end(Session session, Ending ending) {
        try {
            session.close()
        } catch (Throwable thrown) {
            ending.by(thrown, complain(session, thrown))
        }
        ending.status(session.threadStatus)
    }

    /** Says what went wrong, on standard error. @return the exit status */
    int complain(Session session, Throwable thrown) {
        Explanation why = Explanation.of(session, thrown)
        if (why.message != null) {
            session.streams.out().flush()
            session.log(why.line)
            if (stacktrace) {
                thrown.printStackTrace(session.streams.err())
            }
        }
        why.status
    }
}
