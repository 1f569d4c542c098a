package lguest.checklist

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.conformance.SmallGuests
import lguest.device.BlockDisk
import lguest.device.LauncherExit
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.Stop
import spock.lang.Specification
import spock.lang.TempDir

/**
 * Statements of the checklist, each proved by guest code: small guests of the conformance folder, puppy's self-test and its ways to
 * die, or a guest put together on the spot. Guests run in this process, under virtual time, as scripts run them.
 */
abstract class ChecklistSpecification extends Specification {
    private static final Limit PATIENCE = Limit.hostTime(Duration.ofMinutes(1))

    @TempDir
    Path folder

    List<String> warnings = []
    Guest guest
    Stop stop
    private List<Guest> guests = []

    def cleanup() {
        guests*.close()
    }

    /** Says what all guests have in common: nothing here. */
    GuestConfig configure(GuestConfig config) {
        config
    }

    /** The puppy whose guests are configured like all. */
    Puppy getPuppy() {
        Puppy.PLAIN
    }

    /**
     * Makes a guest that has not run yet.
     *
     * @param with {@code memory} in MiB, {@code disk} and {@code initrd} in bytes, {@code net} (there is one), {@code cmdline},
     *     {@code strict}
     */
    Guest make(Map with = [:], Path kernel) {
        def config = new GuestConfig("guest ${guests.size()}").kernel(kernel).memoryBytes((with.memory ?: 16) * 0x100000L)
            .cmdline(with.cmdline ?: '').strict(with.strict ?: false).warnings { warnings << it }
        if (with.initrd) {
            config.initrd(file('initrd', with.initrd))
        }
        if (with.disk) {
            config.block(file('disk', with.disk), BlockDisk.Mode.READ_WRITE)
        }
        if (with.net) {
            config.sharenet(folder.resolve('net'))
        }
        guest = Guest.create(configure(config))
        guests << guest
        guest
    }

    Guest make(Map with = [:], String name) {
        make(with, SmallGuests.FOLDER.resolve("${name}.elf"))
    }

    Guest make(Map with = [:], TinyGuest tiny) {
        make(with, tiny.write(folder.resolve("tiny${guests.size()}.elf")))
    }

    /** Runs a guest until it powers off. @return the lines it printed */
    List<String> printedBy(Map with = [:], kernel) {
        run(make(with, kernel))
        assert stop.kind() == Stop.Kind.OFF : stop.reason()
        printed
    }

    /** Runs a guest until something kills it. @return what the launcher says */
    String deathOf(Map with = [:], kernel) {
        run(make(with, kernel))
        assert stop.kind() == Stop.Kind.DEAD
        stop.reason()
    }

    /** What the launcher says of a guest that it does not start. */
    String refusalOf(String name) {
        try {
            make(name)
            null
        } catch (LauncherExit refused) {
            refused.message
        }
    }

    Stop run(Guest guest, Limit limit = PATIENCE) {
        stop = guest.run(limit)
    }

    List<String> getPrinted() {
        guest.transcript().lines()
    }

    /** A doubleword of guest memory, which may look at what a dead guest left behind. */
    int word(int physical) {
        guest.physical().read32(physical)
    }

    /** Whether puppy's self-test has something to say of a statement, and nothing against it. */
    boolean puppyAgrees(int statement) {
        def said = puppy.said(statement)
        assert said && said.every { it.startsWith('ok ') }
        true
    }

    /** So many times the letter x. */
    Path file(String name, int lengthBytes) {
        Files.writeString(folder.resolve(name), 'x' * lengthBytes)
    }
}
