package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.device.BlockDisk
import spock.lang.Specification
import spock.lang.TempDir

/** Whole systems from power-on to power-off. */
abstract class Boots extends Specification {
    static final Duration PATIENCE = Duration.ofSeconds(120)
    /** What a driver has made of its device in the end: acknowledged, driver found, driver ready. */
    static final int DRIVEN = 7

    @TempDir
    Path folder

    List<Guest> guests = []

    def cleanup() {
        guests*.close()
    }

    Path disk() {
        folder.resolve('disk')
    }

    /** @param pristine what the disk is a copy of, made anew for every guest */
    Guest create(GuestConfig config, byte[] pristine) {
        guests*.close()
        guests << Guest.create(config.block(Files.write(disk(), pristine), BlockDisk.Mode.READ_WRITE))
        return guests.last()
    }

    /** Runs to the end, which must come within {@link #PATIENCE} of the host's time. */
    void runToPowerOff(Guest guest) {
        def stop = guest.run(Limit.hostTime(PATIENCE))
        assert stop.kind() == Stop.Kind.OFF: String.format('%s (%s) instead of power-off within %d s of host time, after %,d instructions: %s',
            stop.kind(), stop.reason(), PATIENCE.toSeconds(), guest.instructions(), guest.transcript().lines().takeRight(5))
        assert guest.state() == Guest.State.OFF
        assert guest.exitReason() == 'CRASH: Power down'
    }

    static boolean allDriven(Guest guest) {
        guest.bus().descriptors().size() == guest.bus().devices().size() && guest.bus().descriptors()*.status().every { it == DRIVEN }
    }
}
