package lguest.sem

import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.PortHandler
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import spock.lang.Specification
import spock.lang.Title

@Title('The system half of the processor, as a program sees it')
class SystemProgramSpec extends Specification {
    Guest guest

    def "on the #engine, the program #name finds what the SDM says"() {
        given:
        def printed = new ByteArrayOutputStream()
        def config = new GuestConfig('system')
            .platform(GuestConfig.Platform.BARE)
            .engine(engine)
            .kernel(resource("${name}.elf"))
            .port(0xE9, writing { printed.write(it) })
            .port(0xF4, writing { guest.exit(it) })
        guest = Guest.create(config)

        when:
        guest.run(Limit.hostTime(Duration.ofMinutes(2)))
        Files.writeString(Path.of('target', "${name}.printed"), printed.toString('ISO-8859-1'))
        def found = differences(printed.toString('ISO-8859-1'), Files.readString(resource("${name}.expected")))

        then:
        found == []

        cleanup:
        guest?.close()

        where:
        [name, engine] << [['system', 'debug'], [GuestConfig.Engine.INTERPRETER, GuestConfig.Engine.TRANSLATOR]].combinations()
    }

    private static PortHandler writing(Closure action) {
        [write: { int port, int value, int bits -> action(value) }] as PortHandler
    }

    /** The first lines that differ, as {@code line: section: printed instead of expected}. */
    private static List<String> differences(String printed, String expected) {
        def (ours, theirs) = [printed.readLines(), expected.readLines()]
        String section = ''
        (0..<Math.max(ours.size(), theirs.size())).findResults {
            section = theirs[it]?.startsWith('--') ? theirs[it] : section
            ours[it] == theirs[it] ? null : "${it + 1}: $section: ${ours[it]} instead of ${theirs[it]}".toString()
        }.take(5)
    }

    private static Path resource(String name) {
        Path.of(SystemProgramSpec.getResource(name).toURI())
    }
}
