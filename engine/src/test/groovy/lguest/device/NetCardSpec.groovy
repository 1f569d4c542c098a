package lguest.device

import lguest.mem.PhysicalMemory
import lguest.net.Wire
import spock.lang.Specification
import spock.lang.Title

@Title('A network card and the buffers that its guest has bound')
class NetCardSpec extends Specification {
    static final int RAM = 16 << 20
    static final int KEY = RAM + 4096 + 4

    /** Gives what it is told to. */
    static class Given implements Wire {
        final Deque<byte[]> frames = new ArrayDeque<>()

        String name() { 'given' }

        List<String> description() { [] }

        byte[] mac() { new byte[6] }

        void plug(Runnable arrived, java.util.function.LongSupplier nanos) { }

        int send(byte[] frame) { frame.length }

        boolean pending() { !frames.empty }

        byte[] receive() { frames.poll() }

        void close() { }
    }

    /** Some structs, of which it hands out the next one, and the first one again when all are free. */
    static class Turns extends FakePort {
        int turn

        Turns(PhysicalMemory memory) { super(memory) }

        @Override
        int takeInTurn(int key) {
            def structs = bound[key]
            def free = { memory.read32(it) == 0 }
            if (!(turn == 0 ? structs.every(free) : free(structs[turn]))) {
                return BUSY
            }
            int struct = structs[turn]
            turn = (turn + 1) % structs.size()
            memory.write32(struct, lines[key])
            struct
        }
    }

    def wire = new Given()
    long now = 0
    def bus = new Bus(RAM, { })
    def card = bus.add(new NetCard(wire, { now }, { }, { }))
    def memory = new PhysicalMemory(RAM + bus.pages() * 4096)
    def port = new Turns(memory)

    def setup() {
        bus.attach(memory, port)
        port.bind(KEY, 3, 0x1000, 0x1064, 0x10C8)
        3.times {
            memory.write32(0x1004 + 100 * it, 0x10000 + 0x1000 * it)
            memory.write16(0x1044 + 100 * it, 1514)
        }
    }

    void arrive(int... numbers) {
        numbers.each { wire.frames << (new byte[60].tap { bytes -> bytes[0] = (byte) it }) }
        bus.service()
    }

    /** What the guest finds, looking through its buffers once from the first one on. */
    List<Integer> found(int most = 3) {
        def found = []
        3.times {
            if (found.size() < most && memory.read32(0x1000 + 100 * it) != 0) {
                found << (int) memory.read8(0x10000 + 0x1000 * it)
                memory.write32(0x1000 + 100 * it, 0)
            }
        }
        found
    }

    def "frames are found in the order in which they came, wherever the guest is when more come"() {
        when:
        arrive(1, 2)

        then:
        found(1) == [1]

        when: 'the first buffer is free again, and the guest is beyond it'
        arrive(3, 4)

        then:
        found() == [2, 3]

        when:
        bus.service()
        arrive(5)

        then:
        found() == [4, 5]
    }

    def "a frame that has waited too long for its turn takes any buffer"() {
        given:
        arrive(1, 2, 3, 4)
        found(1)
        bus.service()

        expect:
        memory.read32(0x1000) == 0
        bus.deadline() == 10_000_000L

        when:
        now = bus.deadline()
        bus.expire(now)

        then:
        found(1) == [4]
        bus.deadline() == Long.MAX_VALUE
    }
}
