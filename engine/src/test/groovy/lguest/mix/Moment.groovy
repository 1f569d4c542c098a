package lguest.mix

import groovy.transform.CompileStatic
import java.util.zip.CRC32C
import lguest.cpu.CpuDifference
import lguest.cpu.CpuState
import lguest.machine.Guest
import lguest.machine.Stop
import lguest.mem.PhysicalMemory

/** All of a guest's state, its memory as a checksum. */
@CompileStatic
class Moment {
    final String stop
    final boolean alive
    final long nanos
    final long memory
    final CpuState cpu = new CpuState()

    Moment(Guest guest, Stop stop) {
        this.stop = "${stop.kind()} ${guest.alive() ? '' : stop.reason()}"
        alive = guest.alive()
        nanos = guest.nanos()
        cpu.copyFrom(guest.cpu())
        memory = checksum(guest.physical())
    }

    private static long checksum(PhysicalMemory physical) {
        def sum = new CRC32C()
        byte[] some = new byte[1 << 16]
        for (int at = 0; at < physical.size(); at += some.length) {
            int length = Math.min(some.length, physical.size() - at)
            physical.read(at, some, 0, length)
            sum.update(some, 0, length)
        }
        sum.value
    }

    /** What is different here from another, which should be the same; null if nothing is. */
    String difference(Moment other) {
        if (stop != other.stop) {
            return "it is $stop, but $other.stop"
        }
        String registers = CpuDifference.between(cpu, other.cpu)
        if (registers) {
            return registers
        }
        if (nanos != other.nanos) {
            return "it is $nanos ns, but $other.nanos ns"
        }
        memory != other.memory ? String.format('memory has checksum %08x, but %08x', memory, other.memory) : null
    }
}
