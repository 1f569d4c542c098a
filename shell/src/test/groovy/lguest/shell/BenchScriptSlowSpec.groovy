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

    def "what it does not know, it says: #word"() {
        when:
        def ended = Command.run(folder, [BENCH, word])

        then:
        ended.err.startsWith("bench.lgs: no $what; there is ")
        ended.status == 2

        where:
        word        || what
        'integers'  || 'workload integers'
        'turns=2'   || 'option turns'
    }
}
