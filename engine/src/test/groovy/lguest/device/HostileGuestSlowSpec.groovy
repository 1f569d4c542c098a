package lguest.device

import java.nio.file.Files
import java.nio.file.Path
import lguest.disk.DiskImage
import lguest.mem.PhysicalMemory
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** A guest that wants to hurt: whatever it asks of a device, the launcher exits with a message or serves it. */
class HostileGuestSlowSpec extends Specification {
    static final int RAM = 0x20000
    static final int DISK_BYTES = 5000

    @TempDir
    @Shared
    Path folder

    def warnings = []
    def bus = new Bus(RAM, { warnings << it })
    def sink = new Collected()
    PhysicalMemory memory
    WildPort port

    /** Hands out whatever addresses it was told to. */
    static class WildPort implements DmaPort {
        int address
        int tries

        @Override
        int take(int key) {
            return tries-- > 0 ? address : NOT_BOUND
        }

        @Override
        int takeInTurn(int key) { take(key) }

        @Override
        int takeOrLast(int key) {
            return address
        }

        @Override
        void raise(int line) {
            assert line in 0..31
        }

        @Override
        int receive(int key, Parcel parcel) {
            throw new AssertionError((Object) "nobody sends to key $key")
        }
    }

    Path disk(long seed) {
        return Files.write(folder.resolve("disk$seed"), new byte[DISK_BYTES])
    }

    void attach(Path disk, BlockDisk.Mode mode) {
        bus.add(BlockDisk.open(DiskImage.of(disk), mode, { }, { }, null))
        bus.add(new ScriptedDevice('s', 64, 0, 1))
        bus.add(new Console(sink, { warnings << it }, { 0L }, { }))
        memory = new PhysicalMemory(RAM + bus.pages() * 4096)
        port = new WildPort()
        bus.attach(memory, port)
    }

    def cleanup() {
        bus.close()
    }

    def "a malformed DMA list to any device is fatal and moves nothing (seed #seed)"() {
        given:
        def random = new Random(seed)
        def path = disk(seed)
        attach(path, BlockDisk.Mode.READ_WRITE)
        int top = memory.size()
        def good = (0..<random.nextInt(16)).collect { [random.nextInt(top / 2 as int), 1 + random.nextInt(0x1000)] }
        def bad = [[top + random.nextInt(1 << 30), 1 + random.nextInt(0xFFFF)],
                   [top - 1 - random.nextInt(100), 101 + random.nextInt(1000)],
                   [-1 - random.nextInt(1 << 30), 1 + random.nextInt(0xFFFF)]][random.nextInt(3)]
        def at = 0x1F000
        Structs.dma(memory, at, good + [bad])
        Structs.request(memory, bus.devices()[0].page(), true, 0, 512)

        when:
        bus.send([0, bus.devices()[0].page(), bus.devices()[1].page()][random.nextInt(3)], at)

        then:
        def exit = thrown(LauncherExit)
        exit.message.endsWith("Invalid address ${bad[0]}")
        sink.text == ''
        Files.readAllBytes(path) == new byte[DISK_BYTES]

        where:
        seed << (1..60)
    }

    def "a DMA struct outside memory is fatal (seed #seed)"() {
        given:
        def random = new Random(seed)
        attach(disk(seed), BlockDisk.Mode.READ_ONLY)
        int address = random.nextBoolean() ? memory.size() - random.nextInt(101) : random.nextInt() | 0x40000000

        when:
        bus.send(0, address)

        then:
        def exit = thrown(LauncherExit)
        exit.message.endsWith("Invalid address $address")

        where:
        seed << (101..140)
    }

    def "random requests and random buffers: exits have a message, the disk keeps its size (seed #seed)"() {
        given:
        def random = new Random(seed)
        def mode = BlockDisk.Mode.values()[random.nextInt(BlockDisk.Mode.values().length)]
        def path = disk(seed)
        attach(path, mode)

        when:
        def messages = []
        40.times {
            scribble(random)
            port.address = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(RAM)
            port.tries = random.nextInt(3)
            try {
                if (random.nextBoolean()) {
                    bus.devices()[2].offer(new byte[1 + random.nextInt(2000)])
                    bus.devices()[1].reply('reply')
                    bus.service()
                }
                bus.send([0, bus.devices()[0].page(), bus.devices()[1].page(), random.nextInt()][random.nextInt(4)],
                    random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(RAM))
            } catch (LauncherExit exit) {
                messages << exit.message
            }
        }

        then:
        messages.every { it }
        Files.size(path) == DISK_BYTES
        mode in [BlockDisk.Mode.READ_WRITE, BlockDisk.Mode.SYNC] || Files.readAllBytes(path) == new byte[DISK_BYTES]

        where:
        seed << (201..260)
    }

    /** Half of memory is random; addresses in it are mostly small, so that some requests get far. */
    private void scribble(Random random) {
        300.times {
            memory.write32(random.nextInt(memory.size()), random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(RAM))
        }
        int page = bus.devices()[0].page()
        Structs.request(memory, page, random.nextBoolean(), random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(12), random.nextInt(2000))
    }
}
