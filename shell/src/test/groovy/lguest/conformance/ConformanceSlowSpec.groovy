package lguest.conformance

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.Future
import spock.lang.AutoCleanup
import spock.lang.IgnoreIf
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title
import spock.lang.Unroll

@Title('Small guests have the outcomes observed on the original hypervisor')
@IgnoreIf({ SmallGuests.missingTools() })
class ConformanceSlowSpec extends Specification {
    static final String DIED = 'exit| 1'
    static final String WELL = 'exit| 0'
    static final String POWERED_OFF = 'stderr| lguest: CRASH: Power down'
    static final String NO_BUFFER = 'stderr| lguest: console: no dma buffer! <error text>'

    @Shared
    @TempDir
    Path work

    /** Each guest is a process or two; two runs at a time keep a small machine busy. */
    @Shared
    @AutoCleanup('shutdownNow')
    ExecutorService two = Executors.newFixedThreadPool(2)

    @Shared
    Map<String, Future<SmallGuests.Run>> runs = [:]

    def setupSpec() {
        def strict = new SmallGuests(work.resolve('strict'), '--strict')
        SmallGuests.names().each { name -> runs[name] = two.submit { strict.compare(name) } }
    }

    @Unroll('#name: #shows')
    def "a guest's outcome under --strict"() {
        given:
        def run = runs[name].get()

        expect:
        run.status() == 0
        run.text().startsWith("ok    $name")

        where:
        name << SmallGuests.names()
        shows = SmallGuests.shows(name)
    }

    @Unroll('#name without --strict: #differs')
    def "a guest's outcome without --strict"() {
        given:
        def original = SmallGuests.expected(name)

        when:
        def outcome = new SmallGuests(work.resolve("plain-$name")).record(name)

        then:
        original - outcome == theirs
        outcome - original == ours

        where:
        name                    | theirs                                | ours                           | differs
        '001-hello'             | [DIED, POWERED_OFF]                   | [WELL]                         | 'a power-off is no failure'
        '036-crash-long'        | []                                    | []                             | 'any other end is one'
        '076-halt-blocked'      | []                                    | []                             | 'sleeping for ever takes for ever'
        '096-in-out'            | [DIED, POWERED_OFF]                   | [WELL]                         | 'ports read as ones all the same'
        '098-in-al'             | [DIED, inAl('1234ffff'), POWERED_OFF] | [WELL, inAl('123456ff')]       | 'IN AL writes AL'
        '138-setpte-bad-flags'  | []                                    | []                             | 'what SET_PTE refuses stays'
        '149-user-page'         | [DIED, userPage(4), POWERED_OFF]      | [WELL, userPage(5)]            | 'P of a page fault is the processor\'s'
        '192-console-no-buffer' | [DIED, NO_BUFFER, POWERED_OFF]        | [WELL]                         | 'its wait is over before anything is typed'
    }

    def "010-verbose without --strict: what -v says comes when it is said, before the guest prints"() {
        when:
        def outcome = new SmallGuests(work.resolve('plain-verbose')).record('010-verbose')

        then:
        outcome.findAll { it.startsWith('stdout| ') }*.substring(8) == [
            'device 0: console',
            'Section 0: size 8192 addr 0x100000',
            'Linear mapping of 4096 pages in 4 pte pages at 0xffb000',
            'words 20792078',
            'then 00000000',
        ]
    }

    @Requires({ SmallGuests.onPath('nasm') && SmallGuests.onPath('python3') })
    def "the images are what their sources assemble to"() {
        given:
        SmallGuests.FOLDER.toFile().listFiles().findAll { !it.name.endsWith('.elf') }.each {
            Files.copy(it.toPath(), work.resolve(it.name))
        }

        when:
        def build = new ProcessBuilder('sh', work.resolve('build.sh').toString()).redirectErrorStream(true).start()
        def said = build.inputStream.text

        then:
        build.waitFor() == 0
        said == ''
        SmallGuests.FOLDER.toFile().list().findAll { it.endsWith('.elf') && !SmallGuests.shows(it - '.elf').startsWith('the command') }
            .findAll { Files.mismatch(SmallGuests.FOLDER.resolve(it), work.resolve(it)) != -1 } == []
    }

    private static String inAl(String eax) {
        "stdout| eax $eax"
    }

    private static String userPage(int errorCode) {
        "stdout| ends at: vec=0e err=0000000$errorCode cs=0073 eip=+000a if=0 ss=007b usedstack=0000 frame=1c"
    }
}
