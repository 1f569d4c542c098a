package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('ports, console output, the end, and time are events like any other')
class EventsSpec extends Specification {
    static final String GREETING = 'Hello from a guest of one page.'
    static final String END = 'CRASH: Power down'

    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    /** A bare guest that writes 1 to port 0x10, reads port 0x11 and writes what that gave to port 0x12. */
    private String ports(String more = '') {
        Files.write(folder.resolve('ports.bin'), [0xB0, 0x01, 0xE6, 0x10, 0xE4, 0x11, 0xE6, 0x12, 0xF4] as byte[])
        """
            def written = []
            guest('flat') {
                platform bare
                kernel 'ports.bin', at: 0x100000
                port(0x10) { write { written << it } }
                port(0x11) { read { 0x21 } }
                port(0x12) { write { written << it; exit 0 } }
            }
            $more
            boot()
            waitFor { state in ['off', 'paused'] }
            println written
        """
    }

    def "ports of a bare guest: #verbs"() {
        when:
        def ended = run(ports(verbs))

        then:
        ended.err == ''
        ended.out.readLines() == out

        where:
        verbs                                                                         || out
        'before port(0x10) run { println it }'                                        || ['port 0x10 <- 0x1, 8 bits', '[1, 33]']
        'before port(0x10..0x12) run { println "$it.port $it.bits $it.write $it.value" }' ||
            ['16 8 true 1', '17 8 false 255', '18 8 true 33', '[1, 33]']
        'after port(0x11) run { println it; it.value = 7 }'                           || ['port 0x11 -> 0x21, 8 bits', '[1, 7]']
        'before port(0x10) run { it.value = 0x102 }'                                  || ['[2, 33]']
        'replace port(0x11) run { 0x35 }'                                             || ['[1, 53]']
        'replace port(0x10)'                                                          || ['[33]']
        'replace port(0x10) run { proceed 9 }'                                        || ['[9, 33]']
        'replace port(0x11) run { proceed() }'                                        || ['[1, 33]']
        'stop on(port(0x11)) when { !it.write }'                                      || ['[1]']
        'def n = count port(0x10..0x12) by { it.write }; atEnd { println n.counts }'  || ['[1, 33]', '[true:2, false:1]']
        'def t = time port(0x11); atEnd { println t.total }'                          || ['[1, 33]', '1']
        'before port(0x10) when { false } run { println it }'                         || ['[1, 33]']
    }

    def "a hook at a port that fails leaves the access as it would have been"() {
        when:
        def ended = run(ports("$verb port(0x11) run { throw new IOException('no') }"))

        then:
        ended.status == 3
        ended.err.contains('IOException: no (guest flat paused')

        where:
        verb << ['before', 'after']
    }

    def "under lguest's Host nothing is at a port, unless a hook is: #verbs"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet selftest '") + """
            def seen = [] as Set
            $verbs
            boot()
            expect ~/selftest: .*/
            println seen
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == out

        where:
        verbs                                                               || out
        'after port(0..0xFFFF) run { seen << it.toString() }'               || '[port 0x60 -> 0xff, 8 bits, port 0x60 -> 0xffffffff, 32 bits, port 0x60 -> 0xffff, 16 bits, ' +
            'port 0x80 <- 0x78, 8 bits, port 0x80 <- 0x12345678, 32 bits]\n'
    }

    def "console output: #verbs"() {
        when:
        def ended = run(Scripts.hello('console stdout') + "$verbs\nboot()\nwaitFor { state in ['off', 'paused'] }")

        then:
        ended.err == ''
        ended.out.readLines() == out

        where:
        verbs                                                                      || out
        'before console run { println "before $it.name" }'                         || ["before $GREETING", GREETING]
        'after console run { println "after ${it.bytes.length}" }'                 || [GREETING, 'after 32']
        'before console run { it.text = it.text.toUpperCase() }'                   || [GREETING.toUpperCase()]
        'replace console run { println "instead" }'                                || ['instead']
        'replace console run { proceed "more\\n" }'                                || ['more']
        'replace console when { it.text.contains("nothing") }'                     || [GREETING]
        'before on(console) run { println it }'                                    || ["console: $GREETING", GREETING]
        'before console("a guest") run { println "found" }'                        || ['found', GREETING]
        'before console(~/g.est/) run { println "found" }'                         || ['found', GREETING]
        'before console("nowhere") run { println "found" }'                        || [GREETING]
        'def n = count console; atEnd { println n.total }'                         || [GREETING, '1']
        'def t = time console; atEnd { println t.total }'                          || [GREETING, '1']
        'stop on(console("one page")); atEnd { println state }'                    || [GREETING, 'paused']
    }

    def "a pattern of the console is found across messages, and again behind where it was found"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + '''
            def prompts = count console(~/puppy> /)
            boot()
            expect 'puppy> '
            sendLine ''
            expect 'puppy> '
            println prompts.total
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out == '2\n'
    }

    def "the end: #verbs"() {
        when:
        def ended = run(Scripts.hello() + "$verbs\nboot()\nwaitFor { state in ['off', 'dead', 'paused'] }\nprintln state")

        then:
        ended.err == ''
        ended.out.readLines() == out

        where:
        verbs                                                                          || out
        'before exit run { println "$it.reason, $state" }'                             || ["$END, running", 'off']
        'after exit run { println "$it.reason, $state" }'                              || ["$END, off", 'off']
        'stop on(exit); atEnd { boot(); waitFor { state == "off" }; println exitReason }' || ['paused', END]
        'stop on(exit) when { it.reason =~ "panic" }'                                  || ['off']
        'def n = count exit; atEnd { print n }'                                        || ['off', 'what               count', "$END      1"]
        'before exit run { cpu.eax = 77 }; atEnd { println cpu.eax }'                  || ['off', '77']
    }

    def "a guest that is about to end cannot be saved"() {
        when:
        def ended = run(Scripts.hello() + "stop on(exit)\nboot()\nwaitFor { state == 'paused' }\nsave 'late.lg'")

        then:
        ended.status == 3
        ended.err == "test.lgs:5: save 'late.lg': guest hello is ending: $END\n"
    }

    def "a hook at the end that fails does not keep it from coming"() {
        when:
        def ended = run(Scripts.hello() + "before exit run { assert it.reason == 'never' }\nboot()")

        then:
        ended.status == 1
        ended.err.startsWith('test.lgs:2: assertion failed: assert it.reason == \'never\'')
        ended.err.contains('(guest hello off at')
    }

    def "time: every #period"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            def counts = []
            def looks = every $period run { counts << ($what) }
            run $limit
            println counts.size() + ' ' + counts.take(3)
            println looks.toString().tokenize(',')[0]
        """)

        then:
        ended.err == ''
        ended.out.readLines() == [counts, shown]

        where:
        period              | what                          | limit               || counts                         | shown
        '1000.instructions' | 'cpu.instructions'            | '5500.instructions' || '5 [1000, 2000, 3000]'         | 'every 1000 instructions'
        '9000.instructions' | 'it.eip == cpu.eip'           | '30000.instructions' || '3 [true, true, true]'        | 'every 9000 instructions'
        '0.5.ms'            | 'guests.puppy.time.toNanos()' | '2.ms'              || '4 [500000, 1000000, 1500000]' | 'every 0.5 ms'
        '100.ms'            | 'it.asleep'                   | '10.seconds'        || '100 [true, true, true]'       | 'every 100 ms'
    }

    def "every does not change what a guest does"() {
        when:
        def ended = run("""
            def hashes = [0, 1].collect { looking ->
                guest("g\$looking") { memory 16.MB; kernel '$Scripts.PUPPY'; cmdline 'quiet selftest '; time virtual }
                if (looking) {
                    every 777.instructions run { }
                    every 13.us run { }
                }
                boot()
                expect ~/selftest: (\\d+) ok, 0 failed/
                run 1000000.instructions
                [cpu.instructions, guests["g\$looking" as String].memoryHash]
            }
            println hashes[0] == hashes[1]
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == 'true\n'
    }

    def "what is changed is told from what is only written: #event"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            long at = symbols.address('boot_stack')
            memory[at] = 5
            def seen = []
            before on($event) run { seen << [it.old, it.value, it.write] }
            def put = { value -> memory[at + 8] = 0 }
            physical.write(0x1000, [0xC7, 0x05, at & 0xFF, at >> 8 & 0xFF, at >> 16 & 0xFF, at >> 24 & 0xFF, 5, 0, 0, 0,
                                    0xC7, 0x05, at & 0xFF, at >> 8 & 0xFF, at >> 16 & 0xFF, at >> 24 & 0xFF, 6, 0, 0, 0])
            cpu.eip = 0xC0001000L
            step 2
            println seen
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == out

        where:
        event               || out
        'write(at)'         || '[[5, 5, true], [5, 6, true]]\n'
        'change(at)'        || '[[5, 6, true]]\n'
    }

    def "verbs that an event has no moment for say so: #code"() {
        when:
        def ended = run(Scripts.puppy() + code)

        then:
        ended.status == 3
        ended.err == "test.lgs:2: $message\n"

        where:
        code                                   || message
        'replace exit'                         || 'replace exit: only hypercalls, DMAs, port accesses and console output can be replaced'
        'after at("console_write")'            || "after at('console_write'): nothing comes after it; say before"
        'after on(fault(PF))'                  || 'after fault(PF): nothing comes after it; say before'
        'every 5'                              || 'every 5: say the unit, 5.ms or 5.instructions'
        'every 0.ms'                           || 'every 0 ms: must be more than nothing, as in 1.ms or 1000.instructions'
        'port(65536)'                          || 'port(0x00010000): ports are 0 to 0xffff, or a range of them'
        'console(5)'                           || 'console(5): give text or a pattern, ~/.../'
        'exit'                                 || 'exit ends nothing like this: say exit() or exit 0'
    }
}
