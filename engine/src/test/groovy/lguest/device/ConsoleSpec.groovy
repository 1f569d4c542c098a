package lguest.device

import lguest.mem.PhysicalMemory
import spock.lang.Specification

import static lguest.device.Structs.dma
import static lguest.device.Structs.text

class ConsoleSpec extends Specification {
    static final int BUFFER = 0x100
    static final int DATA = 0x2000
    static final byte[] CTRL_C = [3]

    def memory = new PhysicalMemory(0x10000)
    def port = new FakePort(memory)
    def sink = new Collected()
    def warnings = []
    long second = 1000
    def console = new Console(sink, { warnings << it }, { second }, { })

    def setup() {
        console.attach(memory, port, 0)
    }

    void bindBuffer(int bytes = 256) {
        dma(memory, BUFFER, [[DATA, bytes]])
        port.bind(0, 1, BUFFER)
    }

    /** What the guest finds in its buffer; it frees it. */
    String consume() {
        def got = text(memory, DATA, memory.read32(BUFFER))
        memory.write32(BUFFER, 0)
        return got
    }

    def "all sections are printed and flushed at once"() {
        given:
        text(memory, 0x1FFE, 'gathered')
        text(memory, 0x3000, ' output')
        dma(memory, 0x200, [[0x1FFE, 8], [0x3000, 7]])

        expect:
        console.output(0, Dma.at(memory, 0x200)) == 15
        sink.text == 'gathered output'
        sink.flushes == 1
    }

    def "output that cannot be written is -1 bytes, and a warning"() {
        given:
        def broken = new Console({ bytes, offset, length -> throw new IOException('Broken pipe') }, { warnings << it }, { 0L }, { })
        dma(memory, 0x200, [[0x3000, 7]])

        expect:
        broken.output(0, Dma.at(memory, 0x200)) == -1
        warnings == ['console: Broken pipe']
    }

    def "one read is one delivery when a buffer is free"() {
        given:
        bindBuffer()

        when:
        console.offer('abcde\n'.bytes)
        console.service()

        then:
        memory.read32(BUFFER) == 6
        port.raised == [1]
        consume() == 'abcde\n'
        !console.inputPending()
    }

    def "input waits while the buffer is full, and nothing is lost"() {
        given:
        bindBuffer()

        when:
        ['one', 'two', 'three'].each { console.offer(it.bytes) }
        console.service()
        console.service()

        then:
        port.raised == [1]
        console.inputPending()

        when:
        def got = []
        3.times {
            got << consume()
            console.service()
        }

        then:
        got == ['one', 'two', 'three']
        port.raised == [1, 1, 1]
        !console.inputPending()
    }

    def "a read longer than the buffer arrives in pieces"() {
        given:
        bindBuffer(4)

        when:
        console.offer('abcdefghij'.bytes)
        def got = []
        4.times {
            console.service()
            got << consume()
        }

        then:
        got == ['abcd', 'efgh', 'ij', '']
    }

    def "several bound structs take several reads at once"() {
        given:
        dma(memory, 0x100, [[0x2000, 16]])
        dma(memory, 0x200, [[0x3000, 16]])
        port.bind(0, 3, 0x100, 0x200)

        when:
        console.offer('first'.bytes)
        console.offer('second'.bytes)
        console.service()

        then:
        text(memory, 0x2000, memory.read32(0x100)) == 'first'
        text(memory, 0x3000, memory.read32(0x200)) == 'second'
        port.raised == [3, 3]
    }

    def "input without any buffer gives one warning per read and waits for one"() {
        when:
        console.offer('abc\n'.bytes)
        3.times { console.service() }

        then:
        warnings == ['console: no dma buffer!: No such file or directory']

        when:
        bindBuffer()
        console.service()

        then:
        consume() == 'abc\n'
        warnings.size() == 1
    }

    def "a buffer without room is as good as none"() {
        given:
        dma(memory, BUFFER, [])
        port.bind(0, 1, BUFFER)

        when:
        console.offer('abc'.bytes)
        console.service()

        then:
        port.raised == []
        memory.read32(BUFFER) == 0
        console.inputPending()
        !console.inputArrived()
    }

    def "the end of the input is a warning and an empty delivery"() {
        given:
        bindBuffer()

        when:
        console.offer('last'.bytes)
        console.end()
        console.service()

        then:
        consume() == 'last'
        warnings == []

        when:
        console.service()

        then:
        memory.read32(BUFFER) == 0
        port.raised == [1, 1]
        warnings == ['Failed to get console input, ignoring console.']

        when:
        console.offer('too late'.bytes)
        console.service()

        then:
        memory.read32(BUFFER) == 0
        warnings.size() == 1
    }

    def "the end of the input needs no buffer"() {
        when:
        console.end()
        console.service()

        then:
        warnings == ['console: no dma buffer!: No such file or directory', 'Failed to get console input, ignoring console.']
        !console.inputPending()
    }

    def "a buffer outside memory is fatal"() {
        given:
        port.bind(0, 1, 0x40000000)

        when:
        console.offer('x'.bytes)
        console.service()

        then:
        thrown(LauncherExit)
    }

    def "reads #reads with seconds #seconds between: emergency exit #leaves"() {
        given:
        bindBuffer()

        when:
        def left = false
        [reads, seconds].transpose().each { read, wait ->
            second += wait
            console.offer(read as byte[])
            try {
                console.service()
            } catch (EmergencyExit ignored) {
                left = true
            }
            consume()
        }

        then:
        left == leaves

        where:
        reads                                   | seconds         || leaves
        [[3], [3], [3]]                         | [0, 0, 0]       || true
        [[3], [3], [3]]                         | [0, 1, 0]       || true
        [[3], [3], [3]]                         | [0, 1, 1]       || false
        [[3], [3]]                              | [0, 0]          || false
        [[3, 3, 3]]                             | [0]             || false
        [[3], [3], [0x71], [3], [3]]            | [0, 0, 0, 0, 0] || false
        [[3], [3], [3, 3], [3]]                 | [0, 0, 0, 0]    || false
        [[0x71], [3], [3], [3]]                 | [0, 0, 0, 0]    || true
        [[3], [3], [3], [3], [3]]               | [0, 2, 2, 0, 0] || false
        [[3], [3], [3], [3], [3], [3]]          | [0, 2, 2, 0, 0, 0] || true
    }

    def "three ^C leave even when the guest takes no input"() {
        when:
        3.times { console.offer(CTRL_C) }
        console.service()

        then:
        thrown(EmergencyExit)
    }

    def "the guest is woken for every read"() {
        given:
        def wakes = 0
        console.onInput { wakes++ }

        when:
        console.offer('a'.bytes)
        console.offer('b'.bytes)

        then:
        wakes == 2
        console.inputPending()
        console.inputArrived()
    }

    def "a reader without end waits for room"() {
        given:
        bindBuffer(0x8000)
        console.offer(new byte[1 << 16])
        def reader = Thread.start { console.awaitRoom() }

        when:
        console.service()
        reader.join(5000)

        then:
        !reader.alive
    }

    def "state counts bytes"() {
        given:
        bindBuffer()

        when:
        console.offer('abc'.bytes)
        console.service()
        console.offer('de'.bytes)

        then:
        console.state() == [printedBytes: 0L, typedBytes: 3L, waitingBytes: 2, ended: false]
    }
}
