package lguest.shell

import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.Title

@Title('The start script has the JVM compile translated code as it should be')
class CompilersSlowSpec extends Specification {
    static final File SCRIPTS = Samples.folder.resolveSibling('scripts').toFile()
    private static final int SECONDS = 8

    /** What the JVM says of the methods that it compiles: generation or other class, and level. */
    private static List<Compiled> compiled() {
        def fromScript = new File(SCRIPTS, 'lguest').text.findAll(/-XX:(?:PerMethodTrapLimit|CompileCommand|\+)[\w.*:=,+]+|-Dlguest[\w.]+=true/)
        def command = Java.command(fromScript - '-XX:+UseSerialGC' + ['-XX:TieredStopAtLevel=4', '-XX:+PrintCompilation',
            '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED', "-XX:CompilerDirectivesFile=$SCRIPTS/lguest.directives".toString()],
            [Samples.folder.resolve('bench/guest.lgs').toString(), 'diverse', '1000', SECONDS as String])
        def process = new ProcessBuilder(command).redirectErrorStream(true).start()
        process.outputStream.close()
        def said = process.text
        assert process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0 : said
        // Time, number, marks, level, method.
        (said =~ /(?m)^ *\d+ +\d+ [ %sb!n]+(\d) +lguest[.](?:translate|isa)[.](\w+)\S*::(\w+) /).collect { new Compiled(it[2], it[3], it[1] as int) }
    }

    record Compiled(String type, String method, int level) { }

    def "the first generation by C1 at once, the second by C2 in the end, and what translates only by C1"() {
        when:
        def all = compiled()
        def first = all.findAll { it.type().startsWith('Region1_') && it.method() == 'run' }*.level()
        def second = all.findAll { it.type().startsWith('Region2_') && it.method() == 'run' }*.level()
        def translator = all.findAll { it.type() in ['Flow', 'RegionWriter', 'Code', 'Decoder'] }*.level()

        then:
        first.size() > 20
        first.toSet() == [1].toSet()

        and:
        second.contains(4)
        second.every { it in [2, 3, 4] }

        and:
        translator.contains(1)
        !translator.contains(4)
    }
}
