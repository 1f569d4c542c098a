package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a script is a test, and a test has the words of the language')
class GuestTestSpec extends Specification {
    @TempDir
    Path folder

    @AutoCleanup
    @Delegate
    GuestFixture lguest = new GuestFixture(Scripts.SAMPLES)

    private GuestTest.Outcome outcome(String script) { GuestTest.in(Files.writeString(folder.resolve('t.lgs'), script))[0].run() }

    def "#script is #result"() {
        when:
        def outcome = outcome(script)

        then:
        outcome.result.name() == result
        outcome.message == null && message == null || outcome.message =~ message

        where:
        script                                                                      || result    | message
        'println 1'                                                                 || 'PASSED'  | null
        'exit 0'                                                                    || 'PASSED'  | null
        'exit 3'                                                                    || 'FAILED'  | /^exit 3$/
        'assert 1 + 1 == 3'                                                         || 'FAILED'  | /^t\.lgs:1: assertion failed: assert 1 \+ 1 == 3\n/
        'frob()'                                                                    || 'ERROR'   | /^t\.lgs:1: no word frob/
        "skip 'no image'; assert false"                                             || 'SKIPPED' | /^t\.lgs:1: skipped: no image$/
        Scripts.hello() + "boot(); expect 'Goodbye'"                                || 'FAILED'  | /^t\.lgs:2: no match for 'Goodbye'/
        Scripts.hello() + "before hypercall(CRASH) run { assert it.ebx == 7 }; boot()" || 'FAILED' | /^t\.lgs:2: assertion failed: .*\n.*(?s).*guest hello paused at/
        Scripts.puppy("cmdline 'kill=16'") + 'boot()'                               || 'FAILED'  | /^lguest: /
        'atEnd { exit 0 }'                                                          || 'PASSED'  | null
        'atEnd { exit 6 }'                                                          || 'FAILED'  | /^exit 6$/
        'atEnd { assert false }'                                                    || 'FAILED'  | /^t\.lgs:1: assertion failed: assert false/
        'atEnd { frob() }'                                                          || 'ERROR'   | /^t\.lgs:1: no word frob/
        'atEnd { frob() }; assert false'                                            || 'FAILED'  | /^t\.lgs:1: assertion failed: assert false/
        'atEnd { assert false }; exit 0'                                            || 'FAILED'  | /^t\.lgs:1: assertion failed: assert false/
        "Thread.start('dog') { exit 7 }.join(); exit 0"                             || 'FAILED'  | /^t\.lgs:1: thread dog: exit 7$/
    }

    def "a failure shows where the guests are"() {
        expect:
        outcome(Scripts.hello() + "boot(); waitFor { state == 'off' }; assert false").guests ==~
            /guest hello: off, CRASH: Power down at 0x[0-9a-f]{8} \S+, after 10 instructions\n    \| Hello from a guest of one page\.\n/
    }

    def "a folder of scripts is a list of tests, which can be checked one by one"() {
        given:
        Files.createDirectory(folder.resolve('more'))
        Files.writeString(folder.resolve('more/bad.lgs'), 'assert false')
        Files.writeString(folder.resolve('good.lgs'), '1')
        Files.writeString(folder.resolve('notes.txt'), '')

        when:
        def tests = GuestTest.in(folder)

        then:
        tests*.name == ['good', 'more/bad']
        tests[0].check()

        when:
        tests[1].check()

        then:
        AssertionError failed = thrown()
        failed.message.startsWith('bad.lgs:1: assertion failed')
    }

    def "a specification fails whose thread has failed"() {
        given:
        def other = new GuestFixture()

        when:
        Thread.start('dog') { throw new IOException('bone') }.join()
        other.close()

        then:
        ScriptFailure failed = thrown()
        failed.message ==~ /GuestTestSpec\.groovy:\d+: thread dog: IOException: bone/
    }

    def "a specification can use the words"() {
        given:
        guest('tiny') { memory 16.MB; kernel 'hello/hello.elf' }
        def calls = count hypercalls

        when:
        boot 'tiny'

        then:
        lguest.expect('Hello') as boolean
        waitFor { state == 'off' }
        calls.total == 3
        probes.empty || probes[0].place ==~ /GuestTestSpec\.groovy:\d+/
    }
}
