package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('hypercalls, interrupts, dma and console are events, too, each of the guest whose they are')
class EventNounsSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "#verb is about the first guest, though the second is current"() {
        when:
        def ended = run("""
            def a = guest('a') { memory 16.MB; kernel '$Scripts.HELLO' }
            def b = guest('b') { memory 16.MB; kernel '$Scripts.HELLO' }
            def made = $verb
            boot a
            boot b
            waitFor { a.state != 'running' && b.state == 'off' }
            println "\$a.state \${made.${verb =~ /count|time/ ? 'total' : 'hits'}} \${a.probes.size()} \${b.probes.size()}"
            exit 0
        """)

        then:
        ended.out == out

        where:
        verb                                                          || out
        'count a.hypercalls'                                          || 'off 3 1 0\n'
        'time a.dma'                                                  || 'off 1 1 0\n'
        'before a.console run { assert cpu.is(guests.a.cpu) }'        || 'off 1 1 0\n'
        'after(on(a.console))'                                        || 'off 1 1 0\n'
        'replace a.dma run { assert cpu.is(guests.a.cpu) }'           || 'off 1 1 0\n'
        'trace a.hypercalls when { it.name == "CRASH" }'              || 'off 1 1 0\n'
        'stop on(a.dma)'                                              || 'paused 1 1 0\n'
        'a.count(hypercalls)'                                         || 'off 3 1 0\n'
        'a.before console run { assert cpu.is(guests.a.cpu) }'        || 'off 1 1 0\n'
        'a.stop dma'                                                  || 'paused 1 1 0\n'
        'a.count interrupts'                                          || 'off 0 1 0\n'
    }

    def "a report is about the guest whose events they are"() {
        given:
        Path report = folder.resolve('both.md')

        when:
        def ended = run("""
            def a = guest('a') { memory 16.MB; kernel '$Scripts.HELLO' }
            def b = guest('b') { memory 16.MB; kernel '$Scripts.HELLO' }
            report('$report') { count a.console by { it.text.trim() }; time dma; count a.hypercalls by { it.name } }
            boot a
        """)

        then:
        ended.err == ''
        Files.readString(report).contains('| Hello from a guest of one page. | 1 |')
        Files.readString(report).contains('## time dma\n\nNone.')
        Files.readString(report).contains('| LGUEST_INIT | 1 |')
    }

    def "#words is #title, and its lines are #lines"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            def all = count $words by { it.name }
            boot()
            expect 'puppy> '
            sendLine ''
            expect 'puppy> '
            println all.title
            println all.counts
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines()[0] == "count $title"
        ended.out.readLines()[1] ==~ lines

        where:
        words               || title                  | lines
        'interrupts'        || 'interrupts'           | /\[1:1]/
        'interrupt(1)'      || 'interrupt(1)'         | /\[1:1]/
        'interrupt(0..1)'   || 'interrupts(0, 1)'     | /\[1:1]/
        'interrupts(2, 3)'  || 'interrupts(2, 3)'     | /\[:]/
        'dma'               || 'dma'                  | /\[0:\d+]/
        'ports'             || 'port(0x0..0xffff)'    | /\[:]/
    }

    def "count and time #clause"() {
        when:
        def ended = run(Scripts.hello() + """
            def calls = count hypercalls $clause
            $more
            boot()
            waitFor { state == 'off' }
            println calls.total
        """)

        then:
        ended.err == ''
        ended.out.readLines() == out

        where:
        clause                                       | more                                  || out
        'run { println it.name }'                    | ''                                    || ['LGUEST_INIT', 'SEND_DMA', 'CRASH', '3']
        'by { it.key } run { println it.name } once()' | ''                                  || ['LGUEST_INIT', '1']
        'ignore 2'                                   | ''                                    || ['1']
        'when { it.name != "CRASH" } ignore 1'       | ''                                    || ['1']
        ''                                           | 'calls.disable(); assert !calls.enabled' || ['0']
        ''                                           | 'calls.disable(); before hypercall(CRASH) run { calls.enable() }; atEnd { assert calls.enabled }' || ['0']
        ''                                           | 'calls.remove(); println probes'      || ['[]', '0']
    }
}
