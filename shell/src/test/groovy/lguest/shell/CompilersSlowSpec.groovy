package lguest.shell

import spock.lang.Requires
import spock.lang.Specification
import spock.lang.Title

@Title('The start script has the JVM compile translated code as it should be')
class CompilersSlowSpec extends Specification {
    static final File SCRIPTS = Samples.folder.resolveSibling('scripts').toFile()
    /** The second generation comes when the first has run for a while, which takes longer where others want the processors. */
    private static final int MOST_SECONDS = 120

    /** A JVM with the options of the script that concern compilers, which runs a workload of the benchmark. */
    private static Process started(List<String> options, String workload, int seconds) {
        def fromScript = new File(SCRIPTS, 'lguest').text.findAll(/-XX:(?:CompileCommand|PerMethodTrapLimit|Tier4\w+|\+)[\w.*:=,+]+|-Dlguest[\w.]+=true/)
        if (Runtime.version().feature() >= 22) {
            fromScript << '-XX:-ProfileExceptionHandlers'
        }
        def command = Java.command(fromScript - '-XX:+UseSerialGC' + ['-XX:TieredStopAtLevel=4',
            '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED', "-XX:CompilerDirectivesFile=$SCRIPTS/lguest.directives".toString()] + options,
            [Samples.folder.resolve('bench/guest.lgs').toString(), workload, '1000000', seconds as String])
        def process = new ProcessBuilder(command).redirectErrorStream(true).start()
        process.outputStream.close()
        process
    }

    /**
     * What the JVM says of the methods that it compiles, until C2 has begun with the second generation.
     *
     * @param complaints gets what it does not understand of what it is told
     */
    private static List<Compiled> compiled(List<String> complaints) {
        def process = started(['-XX:+PrintCompilation'], 'diverse', MOST_SECONDS)
        def all = []
        try {
            for (line in process.inputReader().lines()) {
                complaints.addAll(line.findAll(/(?:Value|Key|Syntax|Structure|Internal|Bad|Unknown) error.*|CompileCommand: .*/))
                // Time, number, marks, level, method.
                def said = line =~ /^ *\d+ +\d+ [ %sb!n]+(\d) +lguest[.](?:translate|isa)[.](\w+)\S*::(\w+) /
                if (said.find()) {
                    all << new Compiled(said[0][2], said[0][3], said[0][1] as int)
                    if (all.last().isSecond() && all.last().level() == 4) {
                        break
                    }
                }
            }
        } finally {
            process.destroyForcibly().waitFor()
        }
        all
    }

    /** @param type generation or other class */
    record Compiled(String type, String method, int level) {
        boolean isFirst() { type.startsWith('Region1_') && method == 'run' }

        boolean isSecond() { type.startsWith('Region2_') && method == 'run' }
    }

    def "the first generation by C1 at once, the second by C1 with counters and then by C2, and what translates only by C1"() {
        given:
        def complaints = []

        when:
        def all = compiled(complaints)
        def first = all.findAll { it.isFirst() }*.level()
        def second = all.findAll { it.isSecond() }*.level()
        def translator = all.findAll { it.type() in ['Flow', 'RegionWriter', 'Code', 'Decoder'] }*.level()

        then:
        complaints.empty

        and:
        first.size() > 20
        first.toSet() == [1].toSet()

        and:
        second.contains(4)
        second.every { it in [3, 4] }

        and:
        translator.contains(1)
        !translator.contains(4)
    }

    @Requires({ jvm.java22Compatible })
    def "what C2 has made of translated code stays, whatever happens in it later"() {
        when:
        def process = started(['-Xlog:deoptimization=debug', '-Xlog:jit+compilation=debug'], 'core', 15)
        def said = process.inputReader().readLines()
        def thrownAway = said.findAll { it.contains('[deoptimization') }
        process.waitFor()

        then:
        said.any { it ==~ /.* 4 +lguest[.]translate[.]Region2_.*::run .*/ }
        ['take', 'count'].every { way -> thrownAway.count { it.contains("lguest.translate.Doubt.$way") } == 1 }
        thrownAway.findAll { it.contains('lguest.translate.Region2_') } == []
    }
}
