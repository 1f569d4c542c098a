package lguest.shell.repl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.shell.Samples
import lguest.shell.command.PromptCommands
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

class CompletionsSpec extends Specification {
    @Shared
    @AutoCleanup
    Session session = new Session(Streams.system(), null, [], true)

    @Shared
    Completions completions = new Completions(new SessionVocabulary(session, PromptCommands.of(null)))

    @TempDir
    Path folder

    def setupSpec() {
        session.eval("guest('tiny') { memory 16.MB; kernel '${Samples.folder}/puppy/puppy.elf'; console { } }; answer = 42")
        session.eval('class Failing { def getPart() { throw new IllegalStateException() } }')
        session.eval('failing = new Failing()')
    }

    def "behind #text may come #words"() {
        expect:
        completions.at(text) == words

        where:
        text                          || words
        ':reg'                        || ['regs']
        ':bo'                         || ['boot']
        'reg'                         || ['regs']
        'wait'                        || ['waitFor']
        'x = ans'                     || ['answer']
        'cpu.eb'                      || ['ebp', 'ebx']
        'guests.tiny.exit'            || ['exitReason', 'exitValue']
        "stop at('page_ma"            || ['page_map', 'page_map.cold']
        'break page_ma'               || ['page_map', 'page_map.cold']
        'replace hypercall(SET_P'     || ['SET_PMD', 'SET_PTE']
        'stop on(f'                   || ['fault', 'faults']
        'stop on(ch'                  || ['change']
        'before ans'                  || ['answer']
        'before h'                    || ['hypercall', 'hypercalls']
        "before hypercall('SEND"      || ['SEND_DMA']
        'stop on(fault(P'             || ['PF']
        "use 'ti"                     || ['tiny']
        'boot t'                      || ['tiny']
        'help bo'                     || ['boot']
        'console t'                   || ['tiny']
        'status o'                    || ['off', 'on']
        'regs es'                     || ['es', 'esi', 'esp']
        'regs eax ed'                 || ['edi', 'edx']
        'info re'                     || ['registers']
        'info symbol page_ma'         || ['page_map', 'page_map.cold']
        'trace hy'                    || ['hypercalls']
        'trace hypercalls SET_P'      || ['SET_PMD', 'SET_PTE']
        'trace faults G'              || ['GP']
        'trace at page_map.'          || ['page_map.cold']
        'step 1'                      || []
        'x/4xw $es'                   || ['$es', '$esi', '$esp']
        'p cpu.eb'                    || ['ebp', 'ebx']
        'p ans'                       || ['answer']
        'break page_map if cpu.eb'    || ['ebp', 'ebx']
        'break page_map if ans'       || ['answer']
        'dis cpu.ei'                  || ['eip']
        "guest('tiny').exit"          || ['exitReason', 'exitValue']
        "guest('tiny').cpu.eb"        || ['ebp', 'ebx']
        "guest('x') { kern"           || ['kernel']
        "stop at('page_map') w"       || ['when']
        'h = count hypercalls b'      || ['by']
        'before hypercall(SET_PTE) when { it.key } r' || ['run']
        'before hypercall(SET_PTE) when { cpu.ei' || ['eip']
        'before hypercall(SET_PTE) run { ans' || ['answer']
        "stop at('page_map'); println ans" || ['answer']
        'getCp'                       || []
        'x = "is ${cpu.eb'            || ['ebp', 'ebx']
        'failing.par'                 || ['part']
        'failing.part.x'              || []
        'memory[0].fo'                || []
        'nosuch.thi'                  || []
        'xyzzy'                       || []
    }

    def "setters and getters are not offered beside their properties"() {
        when:
        def words = completions.at('cpu.')

        then:
        words.contains('eax')
        !words.any { it.startsWith('getE') || it.startsWith('setE') }
    }

    def "files are offered where a file is wanted"() {
        given:
        Files.createFile(folder.resolve('vmlinux'))
        Files.createFile(folder.resolve('vmlinux.old'))
        Files.createDirectory(folder.resolve('vault'))
        Files.createFile(folder.resolve('.vim'))

        expect:
        completions.at("kernel '$folder/v") == ['vault/', 'vmlinux', 'vmlinux.old']
        completions.at("kernel '$folder/nosuch/v") == []
        completions.at(":source $folder/v") == ['vault/', 'vmlinux', 'vmlinux.old']
        completions.at("include '$folder/vm") == ['vmlinux', 'vmlinux.old']
        completions.at("load $folder/vm") == ['vmlinux', 'vmlinux.old']
    }

    def "however long it is: #begin"() {
        expect:
        completions.at(begin + piece * 10_000 + end) == words

        where:
        begin  | piece     | end     || words
        'x = ' | "f('y') + " | 'ans' || ['answer']
        'x = ' | 'xyz'     | ''      || []
        ':dis' | ' a'      | ' pr'   || completions.at(':dis pr')
        "x = '" | 'xyz '   | ''      || []
        'f = {\n' | "    println 'y'\n" | '}\ncpu.eb' || ['ebp', 'ebx']
    }

    def "a guest that runs is not stopped by completion"() {
        given:
        session.eval("boot 'tiny'")
        def before = session.guests.tiny.engine.state()

        when:
        completions.at('cpu.e')
        completions.at("stop at('pr")

        then:
        before == session.guests.tiny.engine.state() || session.guests.tiny.state == 'running'

        cleanup:
        session.eval('pause()')
    }
}
