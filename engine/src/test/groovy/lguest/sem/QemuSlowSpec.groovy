package lguest.sem

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.regex.Pattern
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/**
 * The same images on QEMU's processor. Every word or line that it prints otherwise has its reason in {@link QemuDifference};
 * target/qemu-system.txt and target/qemu-debug.txt list them one by one.
 */
@Title('system.S and debug.S on QEMU print the same, but where QEMU departs from the SDM')
@Requires(value = { QemuSlowSpec.isThere() }, reason = 'needs qemu-system-i386 7.2, whose departures are in the table')
class QemuSlowSpec extends Specification {
    private static final String QEMU = 'qemu-system-i386'
    /** What follows is not for QEMU 7.2, which ends with a failed assertion. */
    private static final String BEYOND_QEMU = '-- frames'
    private static final String END = 'end'
    /** Of a line, exceptions and values behind the name of a test. */
    private static final Pattern NOT_NAME = ~/ ([0-9a-f]{2}@|[0-9a-f]{8}).*/
    private static final Pattern WORD = ~/L[0-9a-f]+@[0-9a-f]+\[[^\]]*\]|\S+/

    @TempDir
    Path folder

    def "every difference of #name has a reason, and every reason a difference"() {
        given:
        List<String> ours = Files.readAllLines(resource("${name}.expected")).takeWhile { it != BEYOND_QEMU }
        List<String> theirs = printed(name).readLines().takeWhile { it != END || name == 'system' }
        List<Difference> found = differences(ours, theirs, parts)

        when:
        Map<QemuDifference, List<Difference>> reasons = found.groupBy { QemuDifference.find(table, it.section, it.ours, it.qemu, it.test) }
        write(name, reasons)

        then:
        theirs.size() == ours.size()
        reasons[null] == null
        table.findAll { !reasons.containsKey(it) }*.why == []

        where:
        name     | table                    | parts
        'system' | QemuDifference.OF_SYSTEM | { it.findAll(WORD) }
        'debug'  | QemuDifference.OF_DEBUG  | { [it] }
    }

    private String printed(String name) {
        Path console = folder.resolve('console')
        Process qemu = new ProcessBuilder(QEMU, '-accel', 'tcg', '-cpu', 'pentium2', '-m', '64', '-display', 'none', '-no-reboot', '-debugcon',
            "file:$console", '-device', 'isa-debug-exit,iobase=0xf4', '-kernel', resource("${name}.elf").toString()).inheritIO().start()
        boolean ended = qemu.waitFor(5, TimeUnit.MINUTES)
        if (!ended) {
            qemu.destroyForcibly()
        }
        assert ended: "$QEMU does not end"
        Files.readString(console, java.nio.charset.StandardCharsets.ISO_8859_1)
    }

    /** A line that continues a test's begins without its name. */
    private static List<Difference> differences(List<String> ours, List<String> theirs, Closure<List<String>> parts) {
        String section = 'ring 0'
        String test = ''
        List<Difference> found = []
        ours.eachWithIndex { String line, int i ->
            section = line.startsWith('-- ') ? line.substring(3) : section
            List<String> words = parts(line)
            List<String> other = parts(theirs[i])
            test = words && words[0] ==~ /[a-z][a-z0-9]*/ ? words[0] : words.size() == 1 ? line.replaceFirst(NOT_NAME, '') : test
            assert words.size() == other.size(): "line ${i + 1}: ${theirs[i]}"
            words.eachWithIndex { String word, int at ->
                if (word != other[at]) {
                    found << new Difference(section, test, i + 1, at + 1, word, other[at])
                }
            }
        }
        found
    }

    private static void write(String name, Map<QemuDifference, List<Difference>> reasons) {
        StringBuilder out = new StringBuilder()
        reasons.each { reason, differences ->
            out << "${differences.size()} times: ${reason?.why ?: 'NO REASON'}\n"
            differences.each { out << "  $it\n" }
        }
        Files.createDirectories(Path.of('target'))
        Files.writeString(Path.of('target', "qemu-${name}.txt"), out.toString())
        println "QEMU, $name: ${reasons.values().sum { it.size() }} differences, for ${reasons.size()} reasons, in engine/target/qemu-${name}.txt"
    }

    static boolean isThere() {
        try {
            new ProcessBuilder(QEMU, '--version').start().text.contains('version 7.2')
        } catch (IOException notThere) {
            println "QemuSlowSpec: $notThere.message"
            false
        }
    }

    private static Path resource(String name) {
        Path.of(QemuSlowSpec.getResource(name).toURI())
    }

    private record Difference(String section, String test, int line, int word, String ours, String qemu) {
        String toString() {
            "$section, line $line, word $word${test ? " ($test)" : ''}: $ours, QEMU $qemu"
        }
    }
}
