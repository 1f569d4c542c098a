package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a script talks to a guest over its console')
class ExpectingSpec extends Specification {
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
        'ticks'      || 'nothing but ticks'
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
        "login 'x', pasword: 'y'"   || 'login: no option pasword; did you mean password?'
    }

    def "login answers what it is asked, and knows a refusal"() {
        given:
        String conversation = """
            guest('getty') { memory 16.MB; kernel '$Scripts.PUPPY'; cmdline 'quiet' }
            boot 'getty'
            expect 'puppy> '
            sendLine 'echo login: '
            def asked = ~'\\\\nlogin:\\\\s+puppy> '
        """

        expect:
        new Scripts(folder).run(conversation + "login 'echo Password: ', password: 'echo welcome #', at: asked; println console.rest.trim(); exit 0")
            .with { it.status == 0 && it.err == '' }
        new Scripts(folder).run(conversation + "login 'echo Login incorrect', at: asked")
            .with { it.status == 3 && it.err =~ /test\.lgs:\d+: login of echo Login incorrect on guest getty: incorrect\n/ }
    }
}
