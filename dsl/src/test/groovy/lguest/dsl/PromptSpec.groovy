package lguest.dsl

import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import lguest.machine.Stop
import spock.lang.AutoCleanup
import spock.lang.Specification
import spock.lang.Timeout
import spock.lang.Title

@Title('a session that somebody types into')
@Timeout(60)
class PromptSpec extends Specification {
    def out = new ByteArrayOutputStream()
    def streams = new Streams(new ByteArrayInputStream(new byte[0]), new PrintStream(out, true), new PrintStream(out, true), true)

    @AutoCleanup
    def session = new Session(streams, null, [], true)

    private String fails(String text) {
        try {
            session.eval(text)
            return null
        } catch (Exception e) {
            return session.describe(e, false)
        }
    }

    def "what was typed lasts: #first then #second"() {
        when:
        session.eval(first)

        then:
        session.eval(second) == value

        where:
        first                             | second                     || value
        'x = 1'                           | 'x + 1'                    || 2
        'def x = 1'                       | 'x + 1'                    || 2
        'int x = 1'                       | 'x + 1'                    || 2
        'def x'                           | 'x'                        || null
        'def (a, b) = [1, 2]'             | 'a + b'                    || 3
        'def f(n) { n * 2 }'              | 'f(21)'                    || 42
        'f = { it * 2 }'                  | 'f 21'                     || 42
        'class P { int n }'               | 'new P(n: 3).n'            || 3
        'import java.time.Year'           | 'Year.of(2007).leap'       || false
        'import static java.lang.Math.max' | 'max(1, 2)'               || 2
        'LIMIT = 5'                       | 'LIMIT'                    || 5
        '1'                               | '64.MB'                    || 67108864
    }

    def "failures are a line: #text"() {
        expect:
        fails(text) == message

        where:
        text                       || message
        'consle'                   || 'no word consle; did you mean console?'
        'hypercall(SET_PET)'       || 'no hypercall SET_PET; did you mean SET_PTE?'
        '[1, 2'                    || "Unexpected input: '<EOF>'"
        'cpu.eax'                  || "there is no guest yet: build one with guest('name') { }"
        '1 / 0'                    || 'ArithmeticException: Division by zero'
    }

    def "a guest runs in the background, and stands still while it is looked at"() {
        given:
        session.eval(Scripts.puppy())
        session.eval('boot()')

        expect:
        session.eval("expect('puppy> ').text") == 'puppy> '
        session.eval('console.sendLine "spin 1000000"; state') == 'running'
        session.eval('a = cpu.instructions; waitFor(20.seconds) { cpu.instructions > a }')
        fails('cpu.eax = 1') == 'guest puppy is running: pause it to change its eax'
        session.eval('pause(); state') == 'paused'
        session.eval('a = cpu.instructions; step 5; cpu.instructions - a') == 5
        session.eval('cpu.eax = 7; cpu.eax') == 7
        session.eval('boot(); state') == 'running'
        session.eval('100.times { assert cpu.cpl in [1, 3] }; state') == 'running'
        out.toString().contains('puppy: type help')
    }

    def "a stop in the background is told of"() {
        given:
        def told = new CountDownLatch(1)
        def stops = []
        session.onStop { guest, stop ->
            if (stop.kind() != Stop.Kind.PAUSED) {
                stops << "$guest.name ${stop.kind()}"
                told.countDown()
            }
        }
        session.eval(Scripts.puppy() + 'stop at("console_write"); boot()')

        expect:
        told.await(20, TimeUnit.SECONDS)
        stops == ['puppy BREAKPOINT']
        session.eval('symbol cpu.eip') == 'console_write'
        session.eval('state') == 'paused'
    }

    def "that a call has come back is not told of, but that it was stopped on its way is"() {
        given:
        def stops = []
        session.eval(Scripts.puppy() + 'stop at("console_write") once(); boot(); waitFor(20.seconds.host) { state == "paused" }')
        session.onStop { guest, stop -> stops << stop.kind() }

        expect:
        session.eval('guest("puppy").call("clock_nsec")') > 0
        stops == []

        when:
        session.eval('stop at("clock_nsec")')

        then:
        fails('guest("puppy").call("clock_nsec")').startsWith("call('clock_nsec') did not come back: ")
        stops == [Stop.Kind.BREAKPOINT]
    }

    def "a hook that fails in the background is told of in a line"() {
        given:
        def told = new CountDownLatch(1)
        String reason = null
        session.onStop { guest, stop ->
            if (stop.kind() == Stop.Kind.FAILED) {
                reason = stop.reason()
                told.countDown()
            }
        }
        session.eval(Scripts.puppy() + 'before hypercall(SET_PTE) run { throw new IOException("x") }; boot()')

        expect:
        told.await(20, TimeUnit.SECONDS)
        reason.contains('IOException: x')
    }

    /** Somebody presses Ctrl-C until it helps: on a busy machine the first may come before the line has begun. */
    private String failsOnceInterrupted(String line) {
        def over = new CountDownLatch(1)
        def hand = Thread.start { while (!over.await(300, TimeUnit.MILLISECONDS)) { session.interrupt() } }
        try {
            return fails(line)
        } finally {
            over.countDown()
            hand.join()
        }
    }

    def "whoever waits can be called back"() {
        given:
        session.eval(Scripts.puppy() + 'boot()')

        expect:
        failsOnceInterrupted('waitFor { false }') == 'interrupted'
    }

    def "so can whoever loops: #loop"() {
        expect:
        failsOnceInterrupted(loop) == 'interrupted'
        session.eval('def n = 0; for (i in 1..10) { n += i }; n') == 55

        where:
        loop << ['while (true) { }', 'while (true);', 'for (;;) { }', 'do { } while (true)', 'def c = { true }; while (c()) { }',
                 'int fib(int n) { n < 2 ? n : fib(n - 1) + fib(n - 2) }; fib(60)', '(1..10_000_000_000L).each { }']
    }

    def "completes #text"() {
        given:
        session.eval(Scripts.puppy() + 'counter = 1')

        expect:
        session.complete(text).containsAll(words)

        where:
        text                    || words
        'cons'                  || ['console']
        'cou'                   || ['count', 'counter']
        'before hypercall(SET_' || ['SET_PTE', 'SET_PMD', 'SET_STACK', 'SET_CLOCKEVENT']
        'cpu.e'                 || ['eax', 'ebx', 'eip', 'eflags']
        'console.l'             || ['lines']
        'guests.'               || ['puppy']
        'stop at("console_w'    || ['console_write', 'console_wait_key']
    }

    def "completion calls nothing and never fails: #text"() {
        expect:
        session.complete(text) == []

        where:
        text << ['nothing.such', 'cpu.e', 'exit().x', "stop at('x", 'zzz']
    }
}
