package lguest.shell.launcher

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.conformance.SmallGuests
import lguest.device.LauncherExit
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.translate.Tuning
import spock.lang.IgnoreIf
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title
import spock.lang.Unroll

@Title('Small guests run the same, instruction for instruction, whichever engine executes them')
@IgnoreIf({ !SmallGuests.onPath('sh') || !SmallGuests.onPath('dd') })
class SmallGuestsEnginesSlowSpec extends Specification {
    /** Everything is translated, before it is executed for the first time. */
    private static final Tuning EAGER = new Tuning(0, 100, true)
    /** Some sleep for ever. */
    private static final Limit PATIENCE = Limit.instructions(20_000_000).andGuestTime(Duration.ofSeconds(10))

    @TempDir
    Path folder

    /** Those that need neither anybody who types nor another guest. */
    static List<String> names() {
        SmallGuests.names().findAll { Files.exists(SmallGuests.FOLDER.resolve("${it}.elf")) && !(command(it) =~ /FEED|ARGS2/) }
    }

    private static String command(String name) {
        Files.readString(SmallGuests.FOLDER.resolve("${name}.cmd"))
    }

    @Unroll('#name: #shows')
    def "a guest's outcome"() {
        given:
        def interpreted = outcome(name, GuestConfig.Engine.INTERPRETER)

        expect:
        outcome(name, GuestConfig.Engine.TRANSLATOR) == interpreted
        outcome(name, GuestConfig.Engine.BOTH) == interpreted

        where:
        name << names()
        shows = SmallGuests.shows(name)
    }

    /** What it says and leaves behind, and how far it came. */
    private List outcome(String name, GuestConfig.Engine engine) {
        def files = Files.createDirectory(folder.resolve("$engine"))
        def config
        try {
            config = LauncherOptions.parse(arguments(name, files), { }).config
        } catch (UsageException | LauncherExit refused) {
            return [refused.class]
        }
        // The number of a guest is in its memory, and depends on who else runs one on this machine.
        config.sharesGuestIds(false).time(GuestConfig.TimeKind.VIRTUAL).engine(engine).warnings { }
            .translates({ Runnable work -> work.run() }, EAGER)
        try (def guest = Guest.create(config)) {
            def stop = guest.run(PATIENCE)
            [stop.kind(), stop.reason(), guest.transcript().bytes(0).encodeHex() as String, guest.instructions(), guest.nanos(),
             guest.memoryHash().encodeHex() as String, files.toFile().listFiles().sort().collectEntries { [it.name, it.bytes.encodeHex() as String] }]
        } catch (LauncherExit refused) {
            [refused.class]
        }
    }

    /** As run.sh has them, with files that it would make there. */
    private static List<String> arguments(String name, Path files) {
        def script = 'ARGS="16m GUEST"; setup() { :; }; . "$1" && setup >&2 && echo "$ARGS"'
        def shell = new ProcessBuilder('sh', '-c', script, 'sh', SmallGuests.FOLDER.resolve("${name}.cmd").toString())
            .directory(files.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        def words = shell.inputStream.text.trim()
        assert shell.waitFor() == 0
        words.replaceAll(/(--\w+=)(\w+)/, "\$1$files/\$2").replace('GUEST', SmallGuests.FOLDER.resolve("${name}.elf").toString()).tokenize()
    }
}
