package lguest.shell.repl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.shell.Samples
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

class CompletionsSpec extends Specification {
    @Shared
    @AutoCleanup
    Session session = new Session(Streams.system(), null, [], true)

    @Shared
    Completions completions = new Completions(new SessionVocabulary(session, { ['regs', 'r', 'break', 'boot', 'help'] }))

    @TempDir
    Path folder

    def setupSpec() {
        session.eval("guest('tiny') { memory 16.MB; kernel '${Samples.folder}/puppy/puppy.elf'; console { } }; answer = 42")
    }

    def "behind #text may come #words"() {
        expect:
        completions.at(text) == words

        where:
        text                          || words
        ':re'                         || ['regs']
        ':b'                          || ['boot', 'break']
        'reg'                         || ['regs']
        'wait'                        || ['waitFor']
        'x = ans'                     || ['answer']
        'cpu.eb'                      || ['ebp', 'ebx']
        'guests.tiny.exit'            || ['exitReason', 'exitValue']
        "stop at('page_ma"            || ['page_map', 'page_map.cold']
        'break page_ma'               || ['page_map', 'page_map.cold']
        'replace hypercall(SET_P'     || ['SET_PMD', 'SET_PTE']
        "before hypercall('SEND"      || ['SEND_DMA']
        'stop on(fault(P'             || ['PF']
        "use 'ti"                     || ['tiny']
        'boot t'                      || ['tiny']
        'help bo'                     || ['boot']
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
