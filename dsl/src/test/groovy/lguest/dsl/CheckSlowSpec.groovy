package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.internal.ScriptRunner
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a script can be looked over without running it')
class CheckSlowSpec extends Specification {
    @TempDir
    Path folder

    private List<String> check(String text) {
        Path script = Files.writeString(folder.resolve('t.lgs'), text)
        new ScriptRunner().check(script).collect { it - "$folder/t.lgs:" }
    }

    def "#line"() {
        expect:
        check("guest('x') { kernel 'vmlinux' }\n$line\n") == mistakes

        where:
        line                                          || mistakes
        'println cpu.eax'                             || []
        'consle.text'                                 || ['2:1: no word consle; did you mean console?']
        'frobnicate 3'                                || ['2:1: no word frobnicate']
        'cpu.eaz = 1'                                 || ['2:5: no member eaz of Cpu; did you mean eax?']
        'println memory.u31(3)'                       || ['2:16: no member u31 of Memory; did you mean u32?']
        'before hypercall(SET_PET) run { }'           || ['2:18: no hypercall SET_PET; did you mean SET_PTE?']
        'stop at("f") when { cpl == 1 }'              || ['2:21: no word cpl; did you mean cpu?']
        'def cpu = [eaz: 1]; println cpu.eaz'         || []
        'foo 1\nbar 2'                                || ['2:1: no word foo', '3:1: no word bar']
        'console.lines.each { println it }'           || []
        'new Date().with { getTime(); anything() }'   || []
    }

    def "what does not compile is named with its place"() {
        expect:
        check('def x = [1, 2\n').every { it ==~ /\d+:\d+: .+/ }
        check('def x = [1, 2\n').size() == 1
    }

    def "shipped scripts have no mistakes: #script"() {
        expect:
        new ScriptRunner().check(script) == []

        where:
        script << [Scripts.SAMPLES, ToolsSlowSpec.TOOLS].collectMany { folder ->
            folder.toFile().listFiles().findAll { it.name.endsWith('.lgs') }*.toPath().sort()
        }
    }
}
