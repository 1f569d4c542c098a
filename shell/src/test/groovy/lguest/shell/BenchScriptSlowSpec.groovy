package lguest.shell

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('samples/bench.lgs runs, compares and prints')
class BenchScriptSlowSpec extends Specification {
    static final String BENCH = "$Samples.folder/bench.lgs"

    @TempDir
    Path folder

    def "a quick one has a row for each workload, and boots"() {
        when:
        def ended = Command.run(folder, [BENCH, 'times=3', 'rounds=1', 'against=tcg', 'calls', 'hypercall', 'boots'])
        def tables = ended.out.split('\n\n')

        then:
        ended.err == '..\n'
        ended.status == 0
        tables[0] ==~ /JDK [\d.]+, \d+ processors, load [\d.]+, 1 runs of 3 repetitions each/
        ['calls', 'hypercall'].every { tables[1] =~ /\n$it +\d+\.\d\d +\d+\.\d{3}/ && tables[2] =~ /\n$it +\d+\.\d{3}/ }
        tables[3] =~ /\nhypercall +\d+/
        tables[4] =~ /hello.lgs on jdk \d+ +\d+\.\d\d/
        tables[4] =~ /puppy on jdk \d+ +\d+\.\d\d/
    }

    def "who does not take turns runs alone"() {
        when:
        def ended = Command.run(folder, [BENCH, 'times=3', 'rounds=1', 'turn=0', 'against=tcg', 'calls'])

        then:
        ended.err == '.\n'
        ended.status == 0
        ended.out =~ /\ncalls +\d+\.\d\d +\d+\.\d{3}/
    }

    def "what it does not know or cannot do, it says: #word"() {
        when:
        def ended = Command.run(folder, [BENCH, word])

        then:
        ended.err.startsWith("bench.lgs: $what")
        ended.status == 2

        where:
        word          || what
        'integers'    || 'no workload integers; there is '
        'turns=2'     || 'no option turns; there is '
        'seconds=abc' || 'seconds=abc: must be a number of 1 to 3600'
        'seconds=0'   || 'seconds=0: must be'
        'rounds=-1'   || 'rounds=-1: must be'
        'times=few'   || 'times=few: must be'
        'turn=10001'  || 'turn=10001: must be a number of 0 to 10000'
    }
}
