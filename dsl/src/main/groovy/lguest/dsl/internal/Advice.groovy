package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.Console
import lguest.dsl.Hook
import lguest.dsl.LgsScript
import lguest.dsl.ScriptedGuest
import lguest.dsl.Tally
import lguest.dsl.event.ScriptEvent

/** What to say instead, where somebody has said what other tools, or plain sense, would understand. */
@CompileStatic
final class Advice {
    private static final Set<String> VERBS = ['stop', 'before', 'after', 'replace', 'trace', 'count', 'time'] as Set<String>
    private static final Set<String> CLAUSES = ['when', 'run', 'by'] as Set<String>
    /** What a guest has, and a script does not. */
    private static final Set<String> OF_GUESTS =
        ['where', 'instructions', 'statistics', 'memoryHash', 'region', 'call', 'devices', 'time'] as Set<String>
    /** Words of other tools. */
    private static final Map<String, String> ELSEWHERE = [
        watch: "stop on(write(0xC0300000)) or stop on(change('jiffies'))", rwatch: 'stop on(read(0xC0300000))',
        awatch: 'stop on(access(0xC0300000))', tbreak: "stop at('start_kernel') once()", breakpoint: "stop at('start_kernel')",
        watchpoint: 'stop on(write(0xC0300000))', kprobe: "before at('do_fork') run { }",
        probe: "before at('do_fork') run { }", cont: "boot(), or run(2.seconds)", wait: 'waitFor { } or sleep 1.second',
        next: 'stepOver()', finish: 'stepOut()', bt: 'backtrace', regs: 'cpu', registers: 'cpu', mem: 'memory',
        hook: 'before, after or replace', printf: "log String.format('...')", spawn: "guest('name') { }",
        interact: 'the prompt: lguest repl', source: "include 'other.lgs'",
        load: "include 'other.lgs', or symbols.load 'System.map'", snapshot: "save 'file' or fork()"
    ]
    /** Words of Groovy that cannot be called. */
    private static final Map<String, String> KEYWORDS = [
        'break': "stop at('start_kernel')", 'continue': 'boot(), or run(2.seconds)', 'catch': 'stop on(fault(GP))'
    ]

    private Advice() {
    }

    /** About a word that is none. Empty if there is nothing to say. */
    static String word(String name, List<Class<?>> where) {
        Class<?> type = where[0]
        if (ELSEWHERE.containsKey(name) && Script.isAssignableFrom(where.last())) {
            return "; say ${ELSEWHERE[name]}"
        }
        if (ScriptEvent.isAssignableFrom(type) && (CLAUSES.contains(name) || Explanation.words(Hook).contains(name))) {
            return ": an event does nothing without a verb; say before, after, replace, stop, trace, count or time first"
        }
        if (type == Hook && name == 'by') {
            return '; only count and time tell things apart'
        }
        if (type in [Hook, Tally] && name in ['then', 'do', 'call', 'doing']) {
            return '; say run { }'
        }
        if (type == ScriptedGuest && Explanation.words(Console).contains(name)) {
            return "; its console has: say console.${name}"
        }
        Script.isAssignableFrom(type) && OF_GUESTS.contains(name) ? "; a guest has: say guest('name').${name}" : ''
    }

    /** About a word that is one, but is not followed by what it takes. Null if there is nothing to say. */
    static String arguments(String name, Object[] arguments, Class<?> type) {
        Object only = arguments.length == 1 ? arguments[0] : null
        if (type in [Hook, Tally] && CLAUSES.contains(name)) {
            return "${name} takes a closure: ${name} { }"
        }
        if (only instanceof CharSequence && type.simpleName.endsWith('Spec') && Explanation.words(type).contains(only.toString())) {
            return "${name} '${only}': say ${name} ${only}, without quotes"
        }
        if (!Script.isAssignableFrom(type) && type != ScriptedGuest) {
            return null
        }
        if (name == 'guest') {
            return "a guest has a name, and a block that says what it is made of: guest('tiny') { kernel 'vmlinux' }"
        }
        if (name == 'waitFor') {
            return 'waitFor takes a closure: waitFor(60.seconds) { state == \'off\' }'
        }
        if (VERBS.contains(name)) {
            return only instanceof CharSequence ? "${name} '${only}': say which event, ${name} at('${only}')"
                : only instanceof Closure ? "${name} { }: say first which event, ${name} hypercall(SET_PTE)"
                : arguments.length == 0 ? alone(name) : null
        }
        name != 'on' ? null : arguments.length == 2 && arguments[1] instanceof Closure
            ? 'on does nothing by itself: say a verb, before at(\'start_kernel\') run { }'
            : only instanceof CharSequence ? "on('${only}'): say which event, stop at('${only}') or stop on(write('${only}'))" : null
    }

    /** About a word that is one, but stands there alone. */
    static String alone(String name) {
        String other = OF_GUESTS.contains(name) ? "; that of a guest is guest('name').${name}" : ''
        VERBS.contains(name) ? "${name}: say which event, as in ${name} hypercall(SET_PTE)${other}"
            : "${name}: say what, ${name} ..., or ${name}()"
    }

    /** About a line that does not compile. Null if there is nothing to say. */
    static String line(String source) {
        String first = source.trim().takeWhile { it ==~ /\w/ }
        KEYWORDS.containsKey(first) ? "${first} is a word of Groovy, and none of this language: say ${KEYWORDS[first]}" : null
    }
}
