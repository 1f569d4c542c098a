package lguest.device

import lguest.mem.PhysicalMemory
import spock.lang.Specification

import static lguest.device.Structs.dma
import static lguest.device.Structs.text

class BusSpec extends Specification {
    static final int RAM = 0x10000

    def warnings = []
    def verbose = []
    def sink = new Collected()
    def bus = new Bus(RAM, { warnings << it })

    PhysicalMemory memory
    FakePort port

    void attach() {
        memory = new PhysicalMemory(RAM + bus.pages() * 4096)
        port = new FakePort(memory)
        bus.attach(memory, port)
    }

    Console console() {
        new Console(sink, { warnings << it }, { 0L }, { verbose << it })
    }

    def "the console alone is type 1 in slot 0, without memory"() {
        given:
        bus.add(console())

        when:
        attach()

        then:
        bus.pages() == 1
        bus.descriptors() == [new DeviceDescriptor(0, 1, 0, 0, 0, 0)]
        bus.descriptors()[0].irq() == 1
        verbose == ['device 0: console']
    }

    def "devices get slots and pages in the order they were added"() {
        given:
        bus.add(new ScriptedDevice('one', 64, 0x8000, 1))
        bus.add(new ScriptedDevice('two', 65, 0, 3))
        bus.add(new ScriptedDevice('three', 66, 0, 1))
        bus.add(console())

        when:
        attach()

        then:
        bus.pages() == 6
        bus.descriptors()*.type() == [64, 65, 66, 1]
        bus.descriptors()*.pfn() == [0x11, 0x12, 0x15, 0]
        bus.descriptors()*.pages() == [1, 3, 1, 0]
        bus.devices()*.page() == [0x11000, 0x12000, 0x15000, 0]
        memory.read32(RAM) == 0x80000000.intValue() + 64
    }

    def "the seventeenth device is one too many"() {
        given:
        16.times { bus.add(new ScriptedDevice("n$it", 64, 0, 1)) }

        when:
        bus.add(console())

        then:
        def exit = thrown(LauncherExit)
        exit.message == 'too many devices'
    }

    def "a DMA goes to the device that watches its key"() {
        given:
        def heard = []
        def device = bus.add(new ScriptedDevice('echo', 64, 0, 1))
        device.sent { heard << it }
        bus.add(console())
        attach()
        text(memory, 0x2000, 'hello')
        dma(memory, 0x100, [[0x2000, 5]], 99)

        when:
        def used = bus.send(key, 0x100)

        then:
        used == 5
        memory.read32(0x100) == 5
        sink.text == printed
        heard*.text == sent
        warnings == []

        where:
        key     || printed | sent
        0       || 'hello' | []
        0x11000 || ''      | ['hello']
    }

    def "a key nobody watches is worth a warning, and used_len stays"() {
        given:
        bus.add(console())
        attach()
        dma(memory, 0x678, [], 0x5555)

        expect:
        bus.send(0x2000, 0x678) == -1
        warnings == ['Pending dma 0x678, key 0x2000']
        memory.read32(0x678) == 0x5555
    }

    def "a bad list is fatal before anyone sees it"() {
        given:
        bus.add(console())
        attach()
        dma(memory, 0x678, [[0x1FFFFFF0, 16]], 0x5555)

        when:
        bus.send(0, 0x678)

        then:
        def exit = thrown(LauncherExit)
        exit.message.endsWith(': Invalid address 536870896')
        sink.text == ''
        memory.read32(0x678) == 0x5555
    }

    def "keys of private memory are their own identity"() {
        given:
        bus.add(console())
        attach()

        expect:
        bus.identity(0) == 0
        bus.identity(0xFFFC) == 0xFFFC
    }

    def "whatever the guest does to its descriptors, they can be read (seed #seed)"() {
        given:
        bus.add(console())
        attach()
        def random = new Random(seed)
        def page = new byte[4096]
        random.nextBytes(page)
        Structs.bytes(memory, RAM, page)

        when:
        def descriptors = bus.descriptors()

        then:
        descriptors.size() <= 16
        descriptors.every { it.type() in 1..0xFFFF && it.pages() in 0..0xFFFF }

        where:
        seed << (1..20)
    }
}
