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
 * The same image on QEMU's processor. Every word that it prints otherwise has its reason in {@link QemuDifference}; target/qemu.txt
 * lists them one by one.
 */
@Title('system.S on QEMU prints the same, but where QEMU departs from the SDM')
@Requires(value = { QemuSlowSpec.isThere() }, reason = 'needs qemu-system-i386 7.2, whose departures are in the table')
class QemuSlowSpec extends Specification {
    private static final String QEMU = 'qemu-system-i386'
    private static final Pattern WORD = ~/L[0-9a-f]+@[0-9a-f]+\[[^\]]*\]|\S+/

    @TempDir
    Path folder

    def "every difference has a reason, and every reason a difference"() {
        given:
        List<String> ours = Files.readAllLines(resource('system.expected'))
        List<String> theirs = printed().readLines()
        List<Difference> found = differences(ours, theirs)

        when:
        Map<QemuDifference, List<Difference>> reasons = found.groupBy { QemuDifference.find(it.section, it.ours, it.qemu, it.test) }
        write(reasons)

        then:
        theirs.size() == ours.size()
        reasons[null] == null
        QemuDifference.ALL.findAll { !reasons.containsKey(it) }*.why == []
    }

    private String printed() {
        Path console = folder.resolve('console')
        Process qemu = new ProcessBuilder(QEMU, '-accel', 'tcg', '-cpu', 'pentium2', '-m', '64', '-display', 'none', '-no-reboot', '-debugcon',
            "file:$console", '-device', 'isa-debug-exit,iobase=0xf4', '-kernel', resource('system.elf').toString()).inheritIO().start()
        boolean ended = qemu.waitFor(5, TimeUnit.MINUTES)
        if (!ended) {
            qemu.destroyForcibly()
        }
        assert ended: "$QEMU does not end"
        Files.readString(console, java.nio.charset.StandardCharsets.ISO_8859_1)
    }

    /** A line that continues a test's begins without its name. */
    private static List<Difference> differences(List<String> ours, List<String> theirs) {
        String section = 'ring 0'
        String test = ''
        List<Difference> found = []
        ours.eachWithIndex { String line, int i ->
            section = line.startsWith('-- ') ? line.substring(3) : section
            List<String> words = line.findAll(WORD)
            List<String> other = theirs[i].findAll(WORD)
            test = words && words[0] ==~ /[a-z][a-z0-9]*/ ? words[0] : test
            assert words.size() == other.size(): "line ${i + 1}: ${theirs[i]}"
            words.eachWithIndex { String word, int at ->
                if (word != other[at]) {
                    found << new Difference(section, test, i + 1, at + 1, word, other[at])
                }
            }
        }
        found
    }

    private static void write(Map<QemuDifference, List<Difference>> reasons) {
        StringBuilder out = new StringBuilder()
        reasons.each { reason, differences ->
            out << "${differences.size()} words: ${reason?.why ?: 'NO REASON'}\n"
            differences.each { out << "  $it\n" }
        }
        Files.createDirectories(Path.of('target'))
        Files.writeString(Path.of('target', 'qemu.txt'), out.toString())
        println "QEMU: ${reasons.values().sum { it.size() }} words differ, for ${reasons.size()} reasons, in engine/target/qemu.txt"
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
