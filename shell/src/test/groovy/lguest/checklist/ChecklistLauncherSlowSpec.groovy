package lguest.checklist

import java.nio.file.Path
import lguest.conformance.SmallGuests
import spock.lang.IgnoreIf
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title
import spock.lang.Unroll

@Title('Checklist 1, 2, 13, 70, 71: what only the command line shows')
@IgnoreIf({ SmallGuests.missingTools() })
class ChecklistLauncherSlowSpec extends Specification {
    @Shared
    @TempDir
    Path work

    @Unroll('1, 2: #name: exit status 1')
    def "1, 2: what is refused ends with status 1"() {
        when:
        def outcome = new SmallGuests(work).record(name)

        then:
        outcome.contains('exit| 1')

        where:
        name << ['012-offset-differs', '013-no-tag']
    }

    @Unroll
    def "13: `64`, `64m` and `64G` give the same memory size, as 16, 16m and 16G do: #memory"() {
        when:
        def run = new SmallGuests(work).launch(memory, SmallGuests.FOLDER.resolve('009-mem-suffix.elf').toString())

        then:
        run.status() == 0
        run.text().readLines() == ['e820 size 01000000', 'pde 768 00ffb007', 'pde 772 00000000']

        where:
        memory << ['16', '16m', '16G']
    }

    def "70: three separate 0x03 reads within a second: exit status 2"() {
        expect:
        new SmallGuests(work).record('195-ctrl-c').contains('exit| 2')
    }

    def "70: three in one read, or with another key between: no exit"() {
        when:
        def strict = new SmallGuests(work, '--strict').compare('196-ctrl-c-together')

        then:
        strict.text().startsWith('ok ')
    }

    def "71: guest power-off: stderr `lguest: CRASH: Power down`, status 1, with --strict"() {
        given:
        def outcome = new SmallGuests(work, '--strict').record('001-hello')

        expect:
        outcome.containsAll(['exit| 1', 'stderr| lguest: CRASH: Power down'])
    }

    def "71: without --strict a power-off is silent, status 0"() {
        given:
        def outcome = new SmallGuests(work).record('001-hello')

        expect:
        outcome.contains('exit| 0')
        outcome.findAll { it.startsWith('stderr|') } == []
    }
}
