package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('guests run while a script waits, and how scripts end')
class WaitingSpec extends Specification {
    @TempDir
    Path folder

    def "#what is status #status"() {
        when:
        def ended = new Scripts(folder).run(text)

        then:
        ended.status == status
        ended.err == err

        where:
        what                        | text                                                                         || status | err
        'an empty script'           | ''                                                                           || 0      | ''
        'a script that ends'        | 'println 1'                                                                  || 0      | ''
        'a guest that powers off'   | Scripts.hello() + 'boot()'                                                   || 0      | ''
        'a guest that is not booted'| Scripts.hello()                                                              || 0      | ''
        'exit'                      | 'exit()'                                                                     || 0      | ''
        'exit 7'                    | 'exit 7'                                                                     || 7      | ''
        'exit before its guests'    | Scripts.puppy() + 'boot(); exit 5'                                           || 5      | ''
        'exit from a hook'          | Scripts.hello() + 'before hypercall(SEND_DMA) run { exit 9 }; boot()'        || 9      | ''
        'a guest that dies'         | Scripts.puppy("cmdline 'crash=alas'") + "boot(); expect 'puppy> '; console.sendLine 'crash alas'" || 1 | 'lguest: CRASH: alas\n'
        'a death that was waited for' | Scripts.puppy() + "boot(); expect 'puppy> '; console.sendLine 'crash alas'; waitFor { state == 'dead' }" || 0 | ''
        'a strict power-off'        | Scripts.hello('strict true') + 'boot()'                                      || 0      | ''
    }

    def "a guest that dies while its echo is awaited ends the script"() {
        when:
        def ended = new Scripts(folder).run("""
            guest('mute') { memory 16.MB; kernel '$Scripts.ECHO' }
            boot()
            sendLine 'x'
            println 'went on'
        """)

        then:
        ended.status == 1
        ended.out == ''
        ended.err.readLines().last().startsWith('lguest: ')
    }

    def "a death that was forgiven is not what another guest's wait ends with: #wait"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy("cmdline 'crash=alas'") + Scripts.hello() + """
            boot 'puppy'
            use 'puppy'
            expect 'puppy> '
            try { sendLine 'crash alas'; expect 'never' } catch (Exception forgiven) { }
            boot 'hello'
            use 'hello'
            $wait
        """.replaceAll(/(?m)^ +/, ''))

        then:
        ended.status == 4
        ended.err ==~ message

        where:
        wait                  || message
        "expect 'login:'"     || /test\.lgs:\d+: no match for 'login:' on the console of guest hello, and nothing more will happen: .*\n/
        'waitFor { false }'   || /test\.lgs:\d+: the condition of waitFor did not come true, and nothing more will happen: .*\n/
    }

    def "a wait that takes too long is status 4: #wait"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "boot()\n$wait\n")

        then:
        ended.status == 4
        ended.err ==~ message

        where:
        wait                                           || message
        'expect "login:", 2.seconds'                   || /test\.lgs:3: no match for 'login:' on the console of guest puppy within 2 s: it ends with '.*puppy> '\n/
        'expect ~\'lo(gin):\', 500.ms'                 || /test\.lgs:3: no match for \/lo\(gin\):\/ on the console .* within 0\.5 s: .*\n/
        'waitFor(2.seconds) { cpu.eax == 0xDEADBEEF }' || /test\.lgs:3: the condition of waitFor did not come true within 2 s: guest puppy: halted\n/
        'waitFor { false }'                            || /test\.lgs:3: the condition of waitFor did not come true, and nothing more will happen: guest puppy: halted\n/
        ''                                             || /the script is over, and guest puppy sleeps for ever: nothing is left that could wake it\n/
    }

    def "a wait for a guest that is off is over at once"() {
        when:
        def ended = new Scripts(folder).run(Scripts.hello() + "boot()\nexpect 'login:'\n")

        then:
        ended.status == 4
        ended.err == "test.lgs:3: no match for 'login:' on the console of guest hello, and nothing more will happen: " +
            "it ends with 'Hello from a guest of one page.\\n'; guest hello: off, CRASH: Power down\n"
    }

    def "nothing happens between boot and the first wait"() {
        when:
        def ended = new Scripts(folder).run(Scripts.hello() + '''
            boot 'hello'
            println "$state $cpu.instructions"
            def calls = count hypercalls
            before hypercall(LGUEST_INIT) run { println 'missed nothing' }
            waitFor { state == 'off' }
            println "$state $calls.total $exitReason"
        ''')

        then:
        ended.out == 'running 0\nmissed nothing\noff 3 CRASH: Power down\n'
    }

    def "the last line of a script is not the end of its guests"() {
        expect:
        new Scripts(folder).run(Scripts.hello('console stdout') + "boot 'hello'").out == 'Hello from a guest of one page.\n'
    }

    def "a stop is told of when the script is over"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "boot()\nstop at('console_write')\n")

        then:
        ended.status == 0
        ended.err ==~ /guest puppy stopped: guest puppy: paused at 0x[0-9a-f]{8} console_write by stop at\('console_write'\), test\.lgs:3\n/
    }

    def "run and step come back where they should: #how"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "def stop = $how\nprintln \"\$stop.kind \$state\"; $then")

        then:
        ended.err == ''
        ended.out == out

        where:
        how                                                | then                                       || out
        'step()'                                           | 'println cpu.instructions'                 || 'LIMIT paused\n1\n'
        'step(10)'                                         | 'println cpu.instructions'                 || 'LIMIT paused\n10\n'
        'run(1000.instructions)'                           | 'println cpu.instructions'                 || 'LIMIT paused\n1000\n'
        'run(3.ms)'                                        | 'println(guest("puppy").time >= 3.ms)'     || 'LIMIT halted\ntrue\n'
        'run { hypercalls[SEND_DMA] == 2 }'                | 'println hypercalls[SEND_DMA]'             || 'CONDITION paused\n2\n'
        '{ stop at("console_write"); run 9.seconds }()'    | 'println symbol(cpu.eip)'                  || 'BREAKPOINT paused\nconsole_write\n'
        '{ before hypercall(SET_PTE) run { it.stop() }; run 9.seconds }()' | 'println hypercalls[SET_PTE]' || 'BREAKPOINT paused\n1\n'
        '{ before hypercall(SET_PTE) run { pause() }; run 9.seconds }()'   | 'println hypercalls[SET_PTE]' || 'PAUSED paused\n1\n'
        'run(10.seconds)'                                  | 'println guest("puppy").time'              || 'LIMIT halted\nPT10S\n'
    }

    def "a stopped guest goes on from where it stopped"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + '''
            def s = stop at('console_write')
            3.times { run 5.seconds; print "${symbol cpu.eip} $s.hits " }
            s.remove()
            println run(5.seconds).kind
            println console.text.contains('puppy> ')
        ''')

        then:
        ended.out == 'console_write 1 console_write 2 console_write 3 LIMIT\ntrue\n'
    }

    def "several guests take turns"() {
        when:
        def ended = new Scripts(folder).run("""
            2.times { n -> guest("g\$n") { memory 16.MB; kernel '$Scripts.PUPPY' } }
            guests.each { name, g -> boot name }
            guests.each { name, g -> g.console.expect 'puppy> ' }
            sleep 10.ms
            def times = guests.values()*.time
            println(times[0] - times[1] < 2.ms)
            println guests.values()*.state
            use('g0').console.sendLine 'poweroff'
            waitFor { state == 'off' }
            println guests.values()*.state
            use 'g1'
            println state
            guest('g1').stop()
            println guests.values()*.state
        """)

        then:
        ended.err == ''
        ended.out == 'true\n[halted, halted]\n[off, halted]\nhalted\n[off, off]\n'
    }

    def "under virtual time a run repeats, to the last bit of memory"() {
        given:
        String text = Scripts.puppy() + '''
            boot()
            expect 'puppy> '
            console.sendLine 'run count 3'
            expect 'puppy> '
            sleep 1.second
            println "$cpu.instructions ${guest('puppy').memoryHash} $hypercalls.counts"
            exit 0
        '''

        expect:
        new Scripts(folder).run(text).out == new Scripts(folder).run(text).out
    }

    def "expect looks only behind what it found before, and gives its groups"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + '''
            boot()
            def m = expect ~/guest (\\d+), (\\d+) MiB/
            println "$m ${m[1]} ${m[2]}"
            expect 'puppy> '
            console.sendLine 'echo one two'
            println expect(~/(?m)^one (.*)$/)[1].trim()
            expect 'puppy> '
            console.sendLine 'mem'
            println expect('puppy> ').before.readLines()[0]
            println console.lines[0]
            console.cursor = 0
            println expect('puppy').text
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['guest 0, 16 MiB 0 16', 'two', 'RAM               16384 KiB',
                                  'puppy: a small kernel for lguest, guest 0, 16 MiB, 0 disks', 'puppy']
    }
}
