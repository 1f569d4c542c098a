package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('verb event [when { filter }] [run { action }]')
class HooksSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "a closure is told what it asks for: #closure"() {
        when:
        def ended = run(Scripts.hello() + "before hypercall(SEND_DMA) run $closure\nboot()")

        then:
        ended.err == ''
        ended.out ==~ out

        where:
        closure                                                       || out
        '{ println it }'                                              || 'SEND_DMA\\(0x0, 0x1000d8, 0x0\\)\n'
        '{ println it.name }'                                         || 'SEND_DMA\n'
        '{ println "$it.number $it.key $it.edx $it.asynchronous" }'   || '13 0 0 false\n'
        '{ key -> println key }'                                      || '0\n'
        '{ key, dma -> println "$key ${hex dma}" }'                   || '0 0x001000d8\n'
        '{ a, b, c -> println "$a $c" }'                              || '0 0\n'
        '{ -> println "called" }'                                     || 'called\n'
        '{ lguest.dsl.event.HypercallMade call -> println call.name }' || 'SEND_DMA\n'
        '{ println "${symbol it.eip} $it.cpl" }'                      || '\\S+ 1\n'
    }

    def "verbs do what they say: #verbs"() {
        when:
        def ended = run(Scripts.hello('console stdout') + "$verbs\nboot()\nwaitFor { state in ['off', 'dead'] }; println exitReason")

        then:
        ended.err == ''
        ended.out.readLines() == out

        where:
        verbs                                                                        || out
        'before hypercall(SEND_DMA) run { println "before" }'                        || ['before', 'Hello from a guest of one page.', 'CRASH: Power down']
        'after hypercall(SEND_DMA) run { println "after" }'                          || ['Hello from a guest of one page.', 'after', 'CRASH: Power down']
        'replace hypercall(SEND_DMA) run { println "instead" }'                      || ['instead', 'CRASH: Power down']
        'replace hypercall(SEND_DMA)'                                                || ['CRASH: Power down']
        'replace hypercall(SEND_DMA) run { proceed() }'                              || ['Hello from a guest of one page.', 'CRASH: Power down']
        'replace hypercall(SEND_DMA) run { key, dma -> proceed key + 2, dma }'       || ['bad sending DMA key']
        'replace hypercall(SEND_DMA) when { it.key == 1 } run { }'                   || ['Hello from a guest of one page.', 'CRASH: Power down']
        'before hypercall(SEND_DMA) run { it.edx = 2 }'                              || ['bad sending DMA key']
        'after hypercall(SEND_DMA) run { it.result = 5 }; after hypercall(SEND_DMA) run { println it.result }' || ['Hello from a guest of one page.', '5', 'CRASH: Power down']
        'replace hypercall(SEND_DMA) run { 77 }; stop at("power_down"); before hypercall(CRASH) run { println "$cpu.eax" }' || ['2', 'CRASH: Power down']
        'before dma(CONSOLE_KEY) run { print it.text.toUpperCase() }'                || ['HELLO FROM A GUEST OF ONE PAGE.', 'Hello from a guest of one page.', 'CRASH: Power down']
        'replace dma(CONSOLE_KEY) run { print it.text.reverse().trim() + "\\n" }'    || ['.egap eno fo tseug a morf olleH', 'CRASH: Power down']
        'replace dma(CONSOLE_KEY) run { proceed() }'                                 || ['Hello from a guest of one page.', 'CRASH: Power down']
        'before hypercalls() run { println it.name }'                                || ['LGUEST_INIT', 'SEND_DMA', 'Hello from a guest of one page.', 'CRASH', 'CRASH: Power down']
        'before hypercalls(CRASH, "LGUEST_INIT") run { println it.name }'            || ['LGUEST_INIT', 'Hello from a guest of one page.', 'CRASH', 'CRASH: Power down']
        '(before hypercalls() run { println it.name }).once()'                       || ['LGUEST_INIT', 'Hello from a guest of one page.', 'CRASH: Power down']
        '(before hypercalls() run { println it.name }).ignore(2)'                    || ['Hello from a guest of one page.', 'CRASH', 'CRASH: Power down']
        'def b; before hypercall(CRASH) run { b.remove() }; b = before hypercalls run { println it.name }' || ['LGUEST_INIT', 'SEND_DMA', 'Hello from a guest of one page.', 'CRASH: Power down']
        '(before hypercalls() run { println it.name }).remove(); println probes'     || ['[]', 'Hello from a guest of one page.', 'CRASH: Power down']
        '(before hypercalls() run { println it.name }).disable()'                    || ['Hello from a guest of one page.', 'CRASH: Power down']
    }

    def "where a hook sends the guest, there it goes on: #hook"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            long there = symbols.address('console_write')
            long flushes = hypercalls[FLUSH_TLB]
            physical.write(0x1000, $code)
            cpu.eip = 0xC0001000L
            $hook run { cpu.eip = there }
            stop at(there)
            run 1.ms
            println "\${cpu.eip == there} \${hypercalls[FLUSH_TLB] - flushes}"
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == "true $calls\n"

        where:
        hook                                | code                                     || calls
        'before at(0xC0001000L)'            | '[0xEB, 0xFE]'                           || 0
        'before hypercall(FLUSH_TLB)'       | '[0xB8, 5, 0, 0, 0, 0xCD, 0x1F, 0xEB, 0xFE]' || 1
        'replace hypercall(99)'             | '[0xB8, 99, 0, 0, 0, 0xCD, 0x1F, 0xEB, 0xFE]' || 0
        'after hypercall(FLUSH_TLB)'        | '[0xB8, 5, 0, 0, 0, 0xCD, 0x1F, 0xEB, 0xFE]' || 1
    }

    def "faults, interrupts and accesses are events, too"() {
        when:
        def ended = run(Scripts.puppy() + '''
            def faults = count faults by { it.name }
            def ticks = count interrupt(0)
            def pages = []
            before on(fault(PF)) when { it.cpl == 3 } run { pages << it.address }
            boot()
            expect 'puppy> '
            def writes = count write('clock_ticks')
            console.sendLine 'run grow'
            expect '[1] grow'
            console.sendLine 'run sleeper'
            expect '[2] sleeper'
            println faults['PF'] > 0
            println pages.every { it > 0 }
            println pages.size() > 0
            println ticks.total > 0
            println writes.total == ticks.total
            println memory['clock_ticks'] == ticks.total
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['true'] * 6
    }

    def "a closure is about the guest it happens to, whichever is current"() {
        when:
        def ended = run("""
            def seen = []
            ['a', 'b'].each { name ->
                guest(name) { memory 16.MB; kernel '$Scripts.HELLO' }
                before hypercall(SEND_DMA) run { seen << [name, guests.find { it.value.cpu.is(cpu) }.key] }
                boot()
            }
            waitFor { guests.values().every { it.state == 'off' } }
            println seen
        """)

        then:
        ended.out == '[[a, a], [b, b]]\n'
    }

    def "what is counted can be asked for by name"() {
        when:
        def ended = run(Scripts.hello() + '''
            def all = count hypercalls
            def keyed = count hypercall(SEND_DMA) by { it.key } when { it.ebx > 0 }
            def slow = time hypercalls by { it.name } top 1
            boot()
            waitFor { state == 'off' }
            println all.counts
            println "${all['SEND_DMA']} ${all['HALT']} $all.total $keyed.counts"
            print keyed
            println slow.toString().readLines().size()
            println probes.size()
        ''')

        then:
        ended.err == ''
        ended.out == '''\
            [CRASH:1, LGUEST_INIT:1, SEND_DMA:1]
            1 0 3 [0:1]
            what  count
               0      1
            3
            3
            '''.stripIndent()
    }

    def "a device said after the guest joins it, hooks and all, until it has run"() {
        when:
        def ended = run("guest('shy') { memory 16.MB; kernel '$Scripts.ECHO'; console stdout }" + '''
            before hypercall(SEND_DMA) run { log "key ${hex it.key}" }
            device('echo') { type 64; sent { reply 'x' * it.bytes.length } }
            boot()
            waitFor { state == 'off' }
            device('late') { type 65 }
        ''')

        then:
        ended.status == 3
        ended.out == 'x' * 21
        ended.err == 'key 0x01001000\nkey 0x00000000\ntest.lgs:6: device late: guest shy has run already; say it before boot\n'
    }
}
