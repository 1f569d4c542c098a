package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import lguest.device.LauncherExit
import lguest.dsl.Constants
import lguest.dsl.DmaKeys
import lguest.dsl.FaultName
import lguest.dsl.GuestDied
import lguest.dsl.Hook
import lguest.dsl.HypercallName
import lguest.dsl.LgsScript
import lguest.dsl.ScriptExit
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.Session
import lguest.dsl.Tally
import lguest.dsl.Units
import lguest.dsl.event.ScriptEvent
import lguest.machine.AddressException
import org.codehaus.groovy.runtime.metaclass.MethodSelectionException
import org.codehaus.groovy.runtime.typehandling.GroovyCastException

/** A failure as people want to hear of it: what, where, and with which status the command ends. */
@CompileStatic
final class Explanation {
    static final int ASSERTION = 1
    /** What people call things whose types have other names. */
    private static final Map<Class<?>, String> NAMES = [
        (ScriptedGuest): 'a guest', (Hook): 'a hook', (Tally): 'a count', (DmaKeys): 'dma'
    ] as Map<Class<?>, String>
    private static final ClassValue<List<String>> WORDS = new ClassValue<List<String>>() {
        @Override
        protected List<String> computeValue(Class<?> type) { wordsOf(type) }
    }

    /** {@code file.lgs:4}; null where no line is to blame. */
    final String place
    final String message
    final int status

    private Explanation(String place, String message, int status) {
        this.place = place
        // Control characters, of a source or a file, would do something to a terminal.
        this.message = message?.replaceAll(/[\p{Cntrl}&&[^\n\t]]/, '?')
        this.status = status
    }

    /** What is printed. */
    String getLine() { place == null || message == null ? message : "${place}: ${message}" }

    static Explanation of(Session session, Throwable thrown) {
        switch (thrown) {
            case ScriptExit:
                return new Explanation(null, null, ((ScriptExit) thrown).status())
            case GuestDied:
                return new Explanation(null, "lguest: ${thrown.message}", GuestDied.STATUS)
            case ScriptFailure:
                ScriptFailure failure = (ScriptFailure) thrown
                return new Explanation(failure.place() ?: place(session, thrown), failure.message, failure.exitStatus())
            case AssertionError:
                return new Explanation(place(session, thrown), "assertion failed: ${thrown.message}", ASSERTION)
        }
        new Explanation(place(session, thrown), describe(thrown), ScriptFailure.STATUS)
    }

    private static String describe(Throwable thrown) {
        switch (thrown) {
            case Delegation.UnknownWord:
                Delegation.UnknownWord unknown = (Delegation.UnknownWord) thrown
                return missing(unknown.cause, [(Class<?>) unknown.block(), (Class<?>) LgsScript])
            case MissingMethodException: case MissingPropertyException:
                return missing(thrown, [])
            case MethodSelectionException:
                String ambiguous = (thrown.message =~ /which method (\w+)/).with { it.find() ? it.group(1) : 'the method' }
                return Advice.arguments(ambiguous, [] as Object[], LgsScript) ?: "${ambiguous} does not take what it is given here"
            case LauncherExit: case AddressException: case GroovyCastException:
            case IllegalArgumentException: case IllegalStateException:
                return firstLine(thrown.message ?: thrown.class.simpleName)
            case StackOverflowError:
                return 'calls itself without end'
            case OutOfMemoryError:
                return "needs more memory than there is, ${Runtime.runtime.maxMemory() >> 20} MiB: LGUEST_JAVA_OPTS=-Xmx8g gives more"
        }
        String text = thrown.message ? ": ${firstLine(thrown.message)}" : ''
        "${thrown.class.simpleName}${text}"
    }

    static String firstLine(String text) { text.readLines().find { !it.blank } ?: text }

    // ---- words that nobody knows

    private static String missing(Throwable thrown, List<Class<?>> blocks) {
        if (thrown instanceof ReadOnlyPropertyException) {
            return "${thrown.property}${of([(Class<?>) (thrown.type ?: Object)])} can only be read"
        }
        if (thrown instanceof MissingPropertyException) {
            String name = thrown.property
            List<Class<?>> where = blocks ?: [thrown.type ?: Object]
            return name ==~ /[A-Z][A-Z0-9_]*/ && inScript(where) ? unknownConstant(null, name)
                : Number.isAssignableFrom(where[0]) && where[0].name.startsWith('java.') ? "no unit ${name}" + Similar.hint(name, units())
                : where.any { words(it).contains(name) } ? Advice.alone(name)
                : unknown('property', name, where)
        }
        MissingMethodException missing = (MissingMethodException) thrown
        List<Class<?>> where = blocks ?: [missing.type ?: Object]
        List<String> known = where.collectMany { words(it) }
        if (missing.method == 'doCall') {
            return "the closure does not take (${missing.arguments.collect { argument(it) }.join(', ')})"
        }
        if (known.contains(missing.method)) {
            return Advice.arguments(missing.method, missing.arguments, where.find { words(it).contains(missing.method) }) ?:
                "${missing.method} does not take (${missing.arguments.collect { argument(it) }.join(', ')})"
        }
        unknown('method', missing.method, where)
    }

    /** @param kind what it would be, were it not a word of the language */
    private static String unknown(String kind, String name, List<Class<?>> where) {
        "no ${inScript(where) ? 'word' : kind} ${name}${of(where)}" + hint(name, where)
    }

    /** What may have been meant by a word that is none. */
    static String hint(String name, List<Class<?>> where) {
        Advice.word(name, where) ?: Similar.hint(name, where.collectMany { words(it) })
    }

    private static String argument(Object value) {
        value == null ? 'null' : value instanceof CharSequence ? "'${value}'" : value instanceof Closure ? '{ }'
            : value instanceof Number ? "${value}" : value.class.simpleName
    }

    private static boolean inScript(List<Class<?>> where) { where.any { Script.isAssignableFrom(it) } }

    static String of(List<Class<?>> where) {
        Class<?> first = where[0]
        String name = first.simpleName
        Script.isAssignableFrom(first) ? '' : name.endsWith('Spec') ? " in ${name[0..-5].toLowerCase()} { }"
            : ScriptEvent.isAssignableFrom(first) ? ' of an event' : " of ${NAMES[first] ?: name}"
    }

    /** Methods and properties that a type declares for its users. */
    static List<String> words(Class<?> type) { WORDS.get(type) }

    private static List<String> wordsOf(Class<?> type) {
        Class<?> at = Script.isAssignableFrom(type) ? LgsScript : type
        Set<String> words = [] as TreeSet<String>
        for (; at != null && at != Object && at != Script; at = at.superclass) {
            at.declaredMethods.each { Method method ->
                if (Modifier.isPublic(method.modifiers) && !method.synthetic && !method.name.contains('$')) {
                    String name = method.name
                    words << name
                    def getter = name =~ /(?:get|is)([A-Z])(.*)/
                    if (method.parameterCount == 0 && getter.matches()) {
                        words << getter.group(1).toLowerCase() + getter.group(2)
                    }
                }
            }
            at.recordComponents?.each { words << it.name }
        }
        words.removeAll(['getMetaClass', 'setMetaClass', 'metaClass', 'invokeMethod', 'getProperty', 'setProperty'])
        if (Script.isAssignableFrom(type)) {
            words.remove('start')
        }
        words.toList().asImmutable()
    }

    private static List<String> units() {
        Units.declaredMethods.findAll { Modifier.isPublic(it.modifiers) && it.name.startsWith('get') }*.name*.substring(3).collect {
            it ==~ /[A-Z]+/ ? it : it[0].toLowerCase() + it.substring(1)
        }
    }

    static List<String> hypercalls() { (HypercallName.values()*.name()) + ['TS'] }

    static List<String> faults() { FaultName.values()*.name() }

    static List<String> constants() {
        hypercalls() + faults() + Constants.fields*.name
    }

    /** @param event the word in whose arguments it stands: hypercall, fault or null */
    static String unknownConstant(String event, String name) {
        switch (event) {
            case ['hypercall', 'hypercalls']: return "no hypercall ${name}" + Similar.hint(name, hypercalls())
            case ['fault', 'faults']: return "no fault ${name}" + Similar.hint(name, faults())
            default: return "no constant ${name}" + Similar.hint(name, constants())
        }
    }

    // ---- places

    /** The innermost line of a script in a stack trace, the cause's first; null if none is. What the compiler adds to a method has no line. */
    static String place(Session session, Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.cause) {
            StackTraceElement line = each.stackTrace.find { it.lineNumber > 0 && session.isScript(it.fileName) }
            if (line != null) {
                return "${line.fileName}:${line.lineNumber}"
            }
        }
        null
    }
}
