package lguest.device

import lguest.mem.PhysicalMemory

/** A Host of a few lines: one array of structs per key, and a list of the lines that were raised. */
class FakePort implements DmaPort {
    final PhysicalMemory memory
    final Map<Integer, List<Integer>> bound = [:]
    final Map<Integer, Integer> lines = [:]
    final List<Integer> raised = []
    final List<List> received = []

    FakePort(PhysicalMemory memory) {
        this.memory = memory
    }

    void bind(int key, int line, int... structs) {
        bound[key] = structs as List
        lines[key] = line
    }

    @Override
    int take(int key) {
        if (!bound[key]) {
            return NOT_BOUND
        }
        def free = bound[key].find { !memory.contains(it, 4) || memory.read32(it) == 0 }
        return free == null ? BUSY : taken(key, free)
    }

    @Override
    int takeInTurn(int key) { take(key) }

    @Override
    int takeOrLast(int key) {
        def found = take(key)
        return found == BUSY ? taken(key, bound[key].last()) : found
    }

    private int taken(int key, int struct) {
        memory.write32(struct, lines[key])
        return struct
    }

    @Override
    void raise(int line) {
        raised << line
    }

    @Override
    int receive(int key, Parcel parcel) {
        received << [key, parcel.bytes()]
        return parcel.bytes().length
    }
}
