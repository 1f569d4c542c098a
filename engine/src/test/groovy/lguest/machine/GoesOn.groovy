package lguest.machine

import java.nio.file.Path
import java.time.Duration

/** Restores a guest in a process of its own, lets it execute so many instructions, and prints what became of it. */
class GoesOn {
    static void main(String[] args) {
        Snapshot snapshot = SnapshotFile.read(Path.of(args[0]))
        Guest guest = Guest.restore(snapshot.config('elsewhere', [:], []), snapshot)
        guest.run(Limit.instructions(args[1] as long).andGuestTime(Duration.ofSeconds(5)))
        println "${guest.instructions()} ${guest.memoryHash().encodeHex()}"
    }
}
