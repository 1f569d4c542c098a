package lguest.dsl

import java.nio.file.Path
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicBoolean
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a script talks to a guest over its console')
class ExpectingSlowSpec extends Specification {
    @Shared String reference
    @TempDir
    Path folder

    private Scripts.Ended run(String text) {
        new Scripts(folder).run(Scripts.puppy() + "boot()\nexpect 'puppy> '\n$text")
    }

    def "what comes first counts, and its closure gives the result: #printed"() {
        when:
        def ended = run("""
            sendLine '$typed'
            println expect {
                on 'never'                 run { 'not this' }
                on ~/RAM +(\\d+) (KiB)/    run { size, unit -> "\$size of \$unit" }
                on any('Thu', 'up ')       run { it.pattern }
                on ~/pid \\d/
                on end                     run { "ended: \$it" }
                on timeout                 run { rest -> "nothing but \${rest.trim().tokenize()[0]}" }
            }
            exit 0""")

        then:
        ended.err == ''
        ended.out == printed + '\n'

        where:
        typed        || printed
        'mem'        || '16384 of KiB'
        'run hello'  || 'pid 1'
        'poweroff'   || 'ended: CRASH: Power down'
        'crash alas' || 'ended: CRASH: alas'
        'ticks'      || 'nothing but 0'
    }

    def "again goes on expecting"() {
        when:
        def ended = run('''
            sendLine 'run count 3'
            def seen = []
            expect(20.seconds) {
                on(~/(\\d+)\\r?\\n/) run { seen << it[1]; again() }
                on 'puppy> '
            }
            println seen
            exit 0''')

        then:
        ended.err == ''
        ended.out =~ /\[.*1.*2.*3.*\]/
    }

    def "waits are counted in the guest's time or the host's: #wait"() {
        when:
        def ended = run(wait)

        then:
        ended.status == 4
        ended.err ==~ message

        where:
        wait                                                    || message
        "expect 'login:', 2.seconds"                            || /test\.lgs:4: no match for 'login:' on the console of guest puppy within 2 s: nothing new was printed\n/
        "sendLine 'spin 100000'; expect ~/x/, 200.ms.host"      || /test\.lgs:4: no match for \/x\/ on .* within 0\.2 s of host time: .*\n/
        "expect(1.second) { on 'a'; on ~'b' }"                  || /test\.lgs:4: no match for 'a' or \/b\/ on .* within 1 s: .*\n/
        "sendLine 'spin 100000'; waitFor(200.ms.host) { 0 }"    || /test\.lgs:4: the condition of waitFor did not come true within 0\.2 s of host time: .*\n/
    }

    def "#mistake is told"() {
        when:
        def ended = run(mistake)

        then:
        ended.status == 3
        ended.err == "test.lgs:4: $message\n"

        where:
        mistake                     || message
        'expect { }'                || "expect { }: say what to expect, on 'login:' run { }"
        'expect { on 5 run { } }'   || 'expect(5): give text, or a pattern like ~/login:/'
        'expect { agian() }'        || 'no word agian in expect { }; did you mean again?'
        "expect 'x', 5"             || 'expect: within 5: say the unit, 5.seconds or 5.seconds.host'
        "sendLine 'x', ehco: false" || 'sendLine: no option ehco; did you mean echo?'
        "sendLine 'x', echo: 5"     || 'sendLine, echo: 5: say the unit, 5.seconds or 5.seconds.host'
        "sendLine 'x', echo: true"  || 'sendLine, echo: true: say echo: false, or how long to wait'
        "sendLine 'x', echo: 'no'"  || 'sendLine, echo: no: say echo: false, or how long to wait'
        "sendLine 'x', echo: 0.ms"  || 'sendLine, echo: 0 ms: must be longer than nothing; echo: false does not wait'
        "sendLine 'x', echo: 0.seconds.host" || 'sendLine, echo: 0 ms: must be longer than nothing; echo: false does not wait'
        "sendLine 'x', echo: 2.ms - 3.ms" || 'sendLine, echo: -1 ms: must be longer than nothing; echo: false does not wait'
        'sendLine echo: false'      || "sendLine: which line? Text comes first: sendLine 'ls', echo: false"
        'sendLine null'             || 'sendLine(null): not a line; give text, and bytes to send'
        'sendLine "x".bytes'        || 'sendLine(byte[]): not a line; give text, and bytes to send'
        'sendLine([1, 2])'          || 'sendLine(ArrayList): not a line; give text, and bytes to send'
        'sh null'                   || 'sh(null): give a command'
        'console.cursor = "x"'      || "console.cursor = 'x': must be a count of bytes"
        'console.cursor = -1'       || 'console.cursor = -1: must be a count of bytes'
        'console.cursor = 1.5'      || 'console.cursor = 1.5: must be a count of bytes'
        "login 'x', pasword: 'y'"   || 'login: no option pasword; did you mean password?'
    }

    def "a line with an impossible option is not typed"() {
        when:
        def ended = run('''
            def end = console.text.size()
            try { sendLine 'x', echo: 5 } catch (Exception told) { println told.message }
            sleep 1.second
            println console.text.size() - end
            exit 0''')

        then:
        ended.err == ''
        ended.out == 'sendLine, echo: 5: say the unit, 5.seconds or 5.seconds.host\n0\n'
    }

    def "a line is answered by what comes behind its echo: #what"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "boot()\nexpect 'help'\n$text\nexit 0")

        then:
        ended.err == ''
        ended.out == out

        where:
        what                        | text                                                                                    || out
        'not by an old prompt'      | "sleep 1.second; sendLine 'run hello'; print expect('puppy> ').before.count('pid')"     || '1'
        'not by a prompt to come'   | "sendLine 'run hello'; print expect('puppy> ').before.count('pid')"                     || '1'
        'not by the line itself'    | "sendLine 'echo word'; print expect('word').before"                                     || ''
        'nor before it is printed'  | "sendLine 'spin 3'; print expect { on('spin') run { 'echo' }; on('million') run { it.before } }" || '3 '
        'of two, of the second'     | "sendLine 'echo a'; sendLine 'echo b'; print expect(~/[ab]/)"                            || 'b'
        'of two in one, as well'    | "sendLine 'echo a\\necho b'; print expect(~/[ab]/)"                                    || 'b'
        'an empty line'             | "sendLine ''; sendLine ''; print expect('puppy> ').before"                              || ''
        'one with a mistake in it'  | "sendLine 'echo abX\\bc', echo: 10.seconds; print expect('abc').before"                  || ''
        'one with two'              | "sendLine 'echo aXY\\u007f\\u007fbc', echo: 10.seconds; print expect('abc').before"      || ''
        'a long one'                | "sendLine 'echo ' + 'x' * 200; print expect(~/x+\\n/).text.size()"                      || '201'
    }

    def "an echo that nobody can wait for is passed over when it comes: #what"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "boot(); expect 'puppy> '\n$text\nprint expect('word').before; exit 0")

        then:
        ended.err == ''
        ended.out == ''

        where:
        what                                 | text
        'of a guest that does not run'       | "pause(); sendLine 'echo word'; assert console.rest.empty; boot()"
        'of what a hook types'               | "every(1.ms) once() run { sendLine 'echo word' }"
        'of a guest that is busy for longer' | "sendLine 'spin 300'; sendLine 'echo word'; assert console.rest.empty"
    }

    def "whoever does not echo holds nobody up: #what"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + Scripts.hello('time virtual') + """
            use 'puppy'
            boot 'puppy'
            expect 'puppy> '
            def begun = guest('puppy').time
            $typed
            println((guest('puppy').time - begun).toMillis())
            exit 0""")

        then:
        ended.status == 0
        (ended.out as int) in most

        where:
        what                             | typed                                                             || most
        'a line that is echoed'          | "sendLine 'mem'"                                                  || 0..20
        'a secret'                       | "sendLine 'mem', echo: false"                                     || 0..0
        'one that echoes something else' | "(before console run { it.text = it.text.reverse() + '.' }); sendLine 'mem'" || 1000..1001
        'a guest with no use for it'     | "stop at('console_write'); sendLine 'mem'; sendLine 'mem'"        || 0..20
        'a guest that ends meanwhile'    | "boot 'hello'; guest('hello').console.sendLine 'x'; assert guest('hello').state == 'off'" || 0..20
    }

    def "what is typed without an echo is not answered by what was there before"() {
        when:
        def ended = run("sendLine 'ticks'\nsleep 1.second\nsendLine 'mem', echo: false\nprint expect('puppy> ').before.count('RAM'); exit 0")

        then:
        ended.err == ''
        ended.out == '1'
    }

    def "an echo may be insisted on"() {
        expect:
        run("sendLine 'echo x', echo: 10.seconds; print expect('x').before; exit 0").with { it.err == '' && it.out == '' }

        when:
        def ended = run("before console run { it.text = '?' }\nsendLine 'mem', echo: 10.seconds")

        then:
        ended.status == 4
        ended.err ==~ /test\.lgs:5: no echo of 'mem' on the console of guest puppy within 10 s: it ends with '\?+'\n/
    }

    def "two runs with lines typed are one"() {
        given:
        String text = "sendLine 'run count 3'; sendLine 'x', echo: false; expect 'puppy> '; sendLine ''\n" +
            'println "$cpu.instructions $console.cursor ${guest(\'puppy\').memoryHash}"; exit 0'

        expect:
        run(text).out == run(text).out
    }

    def "a guest stands at the instruction that completed the pattern: #engine"() {
        given:
        String text = """
            guest('puppy') { memory 16.MB; kernel '$Scripts.PUPPY'; engine $engine }
            boot()
            expect ~/guest (\\d+),/
            println "\$cpu.instructions \${symbol cpu.eip} \${console.rest.empty}"
            expect 'puppy> '
            sendLine 'run count 300'
            expect 'count 277'
            println "\$cpu.instructions \${symbol cpu.eip} \${console.rest.empty}"
            sendLine 'x', echo: false
            expect 'count 300'
            println "\$cpu.instructions \${guest('puppy').memoryHash}"
            exit 0
        """
        def stop = new AtomicBoolean()
        def load = Executors.newFixedThreadPool(6)

        when: 'once alone, and twice while the host is busy'
        def alone = new Scripts(folder).run(text)
        6.times { load.submit { while (!stop.get()) { Thread.onSpinWait() } } }
        def loaded = (1..2).collect { new Scripts(folder).run(text) }

        then:
        alone.err == ''
        loaded*.out == [alone.out] * 2
        alone.out == (reference = reference ?: alone.out)

        and: 'that is the instruction behind the hypercall that printed it'
        alone.out.readLines()[1] ==~ /\d+ hcall\+0x\w+ \w+/

        cleanup:
        stop.set(true)
        load?.shutdown()

        where:
        engine << ['interpreter', 'translator', 'both']
    }

    def "#how is status 1 when the guest dies, and says why"() {
        when:
        def ended = run(how)

        then:
        ended.status == 1
        ended.err == 'lguest: CRASH: alas\n'

        where:
        how << ["sendLine 'crash alas'; expect 'never'",
                "send 'crash alas\\n'; waitFor { false }",
                "sh 'crash alas'",
                "sendLine 'crash alas'; sleep 1.hours; println 'not reached'",
                "sendLine 'crash alas'; waitFor { state == 'dead' }; expect 'never'",
                "(before console run { it.text = '.' }); sendLine 'crash alas'; expect 'never'",
                "sendLine 'crash alas'"]
    }

    def "login answers what it is asked, and knows a refusal"() {
        given:
        String conversation = """
            guest('getty') { memory 16.MB; kernel '$Scripts.PUPPY'; cmdline 'quiet' }
            boot 'getty'
            expect 'puppy> '
            sendLine 'echo login: '
            def asked = ~'login:\\\\s+puppy> '
        """

        expect:
        new Scripts(folder).run(conversation + "login 'echo Password: ', password: 'echo welcome #', at: asked; println console.rest.trim(); exit 0")
            .with { it.status == 0 && it.err == '' }
        new Scripts(folder).run(conversation + "login 'echo Login incorrect', at: asked")
            .with { it.status == 3 && it.err =~ /test\.lgs:\d+: login of echo Login incorrect on guest getty: incorrect\n/ }
    }
}
