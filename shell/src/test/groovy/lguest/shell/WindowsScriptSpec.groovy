package lguest.shell

import spock.lang.Specification
import spock.lang.Title

@Title('lguest.cmd starts Java as lguest does')
class WindowsScriptSpec extends Specification {
    static final File SCRIPTS = Samples.folder.resolveSibling('scripts').toFile()

    /** What differs by nature: archives are made in another way, priorities are other numbers, whether a terminal is there Java finds out. */
    static final List<String> OWN = ['-XX:AOTCacheOutput', '-XX:AOTCache', '-XX:ArchiveClassesAtExit', '-XX:SharedArchiveFile',
                                     '-XX:+AutoCreateSharedArchive', '-XX:ThreadPriorityPolicy', '-XX:CompilerThreadPriority',
                                     '-Dlguest.stdin', '-Dlguest.stdout', '-Dlguest.compiler.directed=false']

    /** Options of java in a script, without what is filled in. */
    private static Set<String> options(String name) {
        def code = new File(SCRIPTS, name).readLines().findAll { !(it.strip() =~ /^(#|rem\b)/) }.join('\n')
        (code =~ /(?<![\w-])(-X[\w:+-][\w:+.*,=]*|-Dlguest[\w.]*(?:=true|=false)?)/).collect { it[1] }.collect { String option ->
            option.startsWith('-XX:CompilerDirectivesFile') ? '-XX:CompilerDirectivesFile' : option
        }.findAll { String option -> OWN.every { !option.startsWith(it) } }.toSet()
    }

    def "both give Java the same options"() {
        expect:
        options('lguest.cmd') == options('lguest')
        options('lguest').containsAll(['-XX:+UseSerialGC', '-Xmx3g', '-XX:CompilerDirectivesFile', '-Dlguest.compiler.directed=true', '-Dlguest.home='[0..-2]])
    }

    def "both end with #status and say '#words'"() {
        expect:
        ['lguest', 'lguest.cmd'].every { name ->
            def text = new File(SCRIPTS, name).text.replace('^', '')
            text.contains(words) && text =~ /exit (\/b )?$status\b/
        }

        where:
        status | words
        127    | 'no JDK 17 or newer'
        127    | 'not built yet, and there is no Maven (mvn) on the PATH to do it: install Maven 3.8 or newer'
        127    | 'on the PATH to build them; starting what is there'
        126    | 'the build failed; all it said is in '
    }

    def "every label that is called is there"() {
        given:
        def lines = new File(SCRIPTS, 'lguest.cmd').readLines()

        expect:
        lines.collectMany { (it =~ /call (:\w+)/).collect { it[1] } }.every { it in lines }
    }
}
