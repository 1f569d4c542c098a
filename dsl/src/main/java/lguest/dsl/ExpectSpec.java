package lguest.dsl;

import groovy.lang.Closure;

/**
 * The words inside {@code expect { }}: what may come, and what to do then. What comes first counts; of two at the same place, the
 * one said first.
 *
 * <pre>
 * expect(30.seconds) {
 *     on ~/login: *$/   run { console.sendLine 'root'; again() }
 *     on ~/(\d+) users/ run { it[1] as int }
 *     on end            run { reason -> exit 1 }
 *     on timeout        run { 'nobody' }
 * }
 * </pre>
 */
public interface ExpectSpec {
    /** What may happen besides text. */
    enum Other {
        /** The guest is off or dead; its closure gets the reason. */
        END,
        /** Nothing else came in time; its closure gets what was printed since the last match. */
        TIMEOUT
    }

    /** What to do when it comes. */
    interface Then {
        /** Gets the {@link Match}, or with several parameters the groups of the pattern. What it returns is what {@code expect} gives. */
        Then run(Closure<?> action);
    }

    /** @param what text, a pattern like {@code ~/login:/}, several with {@link LgsScript#any}, {@link #getEnd} or {@link #getTimeout} */
    Then on(Object what);

    /** The guest is off or dead. */
    default Other getEnd() {
        return Other.END;
    }

    /** Nothing else came in time. */
    default Other getTimeout() {
        return Other.TIMEOUT;
    }

    /** In a closure of {@code run}: goes on expecting, with the full time again. */
    void again();
}
