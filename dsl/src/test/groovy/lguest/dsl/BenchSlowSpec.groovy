package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('the workloads of the benchmark compute the same here and elsewhere')
class BenchSlowSpec extends Specification {
    static final Path BENCH = Scripts.SAMPLES.resolve('bench')
    static final List<List<String>> EXPECTED = Files.readAllLines(BENCH.resolve('bench.expected'))*.split(' ')*.toList()
    static final String QEMU = System.getenv('PATH').split(File.pathSeparator).collect { Path.of(it, 'qemu-system-i386') }
        .find { Files.isExecutable(it) }?.toString()

    @Shared
    @TempDir
    Path compiled

    private Scripts.Ended run(String... words) { Scripts.runFile(BENCH.resolve('guest.lgs'), words.toList(), compiled) }

    def "#workload"() {
        when:
        def ended = run(workload, '1')

        then:
        ended.err == ''
        ended.out ==~ /\[$sum\.]\n\n\d+ instructions\n/
        ended.status == 0

        where:
        [workload, sum] << EXPECTED
    }

    def "it goes on until the time is over"() {
        when:
        def ended = run('calls', '1000000', '0')

        then:
        ended.out ==~ /\[00712511\.\n\d+ instructions\n/
        ended.status == 0
    }

    def "what is no workload ends with status 1"() {
        when:
        def ended = run('callsign', '1')

        then:
        ended.out.startsWith('no such workload: callsign 1\n')
        ended.status == 1
    }

    @Requires({ instance.QEMU })
    def "#workload under QEMU"() {
        given:
        def out = compiled.resolve('out').toFile()

        when:
        def process = new ProcessBuilder(QEMU, '-accel', 'tcg', '-m', '32', '-display', 'none', '-serial', 'none', '-monitor', 'none',
            '-debugcon', "file:$out", '-device', 'isa-debug-exit,iobase=0xf4', '-kernel', "$BENCH/bench.elf", '-append', "$workload 1")
            .redirectErrorStream(true).start()

        then:
        process.text == ''
        process.waitFor() == 1
        out.text == "[$sum.]\n"

        where:
        [workload, sum] << EXPECTED.findAll { !it[0].startsWith('h') }
    }
}
