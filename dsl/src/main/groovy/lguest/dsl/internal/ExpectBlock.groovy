package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.charset.StandardCharsets
import java.time.Duration
import java.util.regex.Pattern
import lguest.device.ConsoleTranscript
import lguest.dsl.Console
import lguest.dsl.ExpectSpec
import lguest.dsl.ExpectSpec.Other
import lguest.dsl.ExpectSpec.Then
import lguest.dsl.HostTime
import lguest.dsl.Match
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.Timeout

/** What may come on a guest's console, and the wait for the first of it. */
@CompileStatic
final class ExpectBlock implements ExpectSpec {
    private static final class Case implements Then {
        /** What to look for, and as it was given. */
        final Map<Pattern, Object> patterns
        final Other other
        Closure<?> action

        Case(Map<Pattern, Object> patterns, Other other) {
            this.patterns = patterns
            this.other = other
        }

        @Override
        Then run(Closure<?> work) {
            action = work
            this
        }

        Object act(Object of) {
            if (action == null) {
                return of
            }
            int wanted = action.maximumNumberOfParameters
            ClosureShape.call(action, of instanceof Match && wanted > 1 ? ((Match) of).groups.drop(1).take(wanted) : [of])
        }
    }

    private static final class Found {
        Case which
        Object pattern
        ConsoleTranscript.Found match
    }

    private final ScriptedGuest guest
    private final Console console
    private final List<Case> cases = []
    private boolean goesOn

    ExpectBlock(ScriptedGuest guest) {
        this.guest = guest
        console = guest.console
    }

    private ConsoleTranscript getTranscript() { guest.engine.transcript() }

    @Override
    Then on(Object what) {
        Case added = what instanceof Other ? new Case([:], (Other) what)
            : new Case((what instanceof Collection ? (Collection<?>) what : [what]).collectEntries { [pattern(it), it] } as Map<Pattern, Object>, null)
        cases << added
        added
    }

    private static Pattern pattern(Object what) {
        switch (what) {
            case '': throw new ScriptFailure("expect '': nothing is always there already; give text, or a pattern like ~/login:/")
            case Pattern: return (Pattern) what
            case CharSequence: return Pattern.compile(Pattern.quote(what.toString()))
            default: throw new ScriptFailure("expect(${what}): give text, or a pattern like ~/login:/")
        }
    }

    @Override
    void again() { goesOn = true }

    /**
     * Lets guests run until one of the cases comes.
     *
     * @return what its closure gives, or the match if it has none
     * @throws Timeout if none comes, and there is no case for that
     */
    Object await(Object timeout) {
        checkPatience("expect: within ${timeout}", timeout)
        if (cases.empty) {
            throw new ScriptFailure("expect { }: say what to expect, on 'login:' run { }")
        }
        while (true) {
            goesOn = false
            Object result = first(timeout)
            if (!goesOn) {
                return result
            }
        }
    }

    /** @throws ScriptFailure if this is no time to wait, beginning with what it is for */
    static void checkPatience(String what, Object time) {
        if (!(time instanceof Duration || time instanceof HostTime)) {
            throw new ScriptFailure("${what}: say the unit, ${time}.seconds or ${time}.seconds.host")
        }
    }

    private Object first(Object timeout) {
        Case end = cases.find { it.other == Other.END }
        Found found = null
        long seen = -1
        try {
            String complaint = "no match for ${this} on the console of guest ${guest.name}"
            guest.session.await(guest, complaint, timeout, { Shown.tail(console.rest) }) {
                if (transcript.end() != seen) {
                    seen = transcript.end()
                    found = look()
                }
                found != null || end != null && !guest.engine.alive()
            }
        } catch (Timeout late) {
            Case otherwise = cases.find { it.other == Other.TIMEOUT }
            if (otherwise == null) {
                throw late
            }
            return otherwise.act(console.rest)
        }
        if (found == null) {
            return end.act(guest.exitReason)
        }
        ConsoleTranscript.Found match = found.match
        int passed = (int) (match.from() - Math.max(console.cursor, transcript.start()))
        String before = new String(transcript.bytes(console.cursor), 0, passed, StandardCharsets.UTF_8)
        console.cursor = match.to()
        found.which.act(new Match(before, match.groups(), found.pattern))
    }

    /** The earliest match of all cases; null if there is none. */
    private Found look() {
        long echo = console.passEcho()
        Found earliest = null
        for (Case each : cases) {
            for (Map.Entry<Pattern, Object> wanted : each.patterns.entrySet()) {
                ConsoleTranscript.Found match = transcript.find(wanted.key, console.cursor)
                if (match != null && match.from() < echo && (earliest == null || match.from() < earliest.match.from())) {
                    earliest = new Found(which: each, pattern: wanted.value, match: match)
                }
            }
        }
        earliest
    }

    /** {@code 'login:' or /[#$] $/}. */
    @Override
    String toString() {
        cases.collectMany { it.patterns.values() }.collect { it instanceof Pattern ? "/${it}/" : "'${it}'" }.join(' or ')
    }
}
