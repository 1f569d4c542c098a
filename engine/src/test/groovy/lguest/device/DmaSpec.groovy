package lguest.device

import lguest.mem.PhysicalMemory
import spock.lang.Specification

import static lguest.device.Structs.dma
import static lguest.device.Structs.text

class DmaSpec extends Specification {
    static final int TOP = 0x10000

    def memory = new PhysicalMemory(TOP)

    def "a list ends at the first empty section: #lengths is #bytes bytes"() {
        given:
        dma(memory, 0x100, lengths.collect { [0x1000, it] })

        when:
        def list = Dma.at(memory, 0x100)

        then:
        list.sections() == sections
        list.lengthBytes() == bytes

        where:
        lengths           || sections | bytes
        []                || 0        | 0
        [5]               || 1        | 5
        [5, 0, 7]         || 1        | 5
        [0, 7]            || 0        | 0
        [1] * 16          || 16       | 16
        [0xFFF] * 16      || 16       | 16 * 0xFFF
    }

    def "sections are read in order and may cross pages"() {
        given:
        text(memory, 0x1FFE, 'abcd')
        text(memory, 0x5000, 'xyz')
        dma(memory, 0x100, [[0x5000, 3], [0x1FFE, 4]])

        expect:
        new String(Dma.at(memory, 0x100).bytes()) == 'xyzabcd'
    }

    def "#bytes bytes fill the sections from the first on"() {
        given:
        dma(memory, 0x100, [[0x2000, 4], [0x3000, 8]])

        when:
        def done = Dma.at(memory, 0x100).scatter('abcdefghijklmnop'.bytes, 1, bytes)

        then:
        done == moved
        text(memory, 0x2000, 4) == first
        text(memory, 0x3000, 8) == second

        where:
        bytes || moved | first      | second
        0     || 0     | '\0' * 4   | '\0' * 8
        3     || 3     | 'bcd\0'    | '\0' * 8
        4     || 4     | 'bcde'     | '\0' * 8
        6     || 6     | 'bcde'     | 'fg' + '\0' * 6
        15    || 12    | 'bcde'     | 'fghijklm'
    }

    def "a struct at #address is refused: nothing may reach the end of memory"() {
        when:
        Dma.at(memory, (int) address)

        then:
        def exit = thrown(LauncherExit)
        exit.message ==~ /\S+:\d+: Invalid address ${(int) address}/

        where:
        address << [TOP - 100, TOP - 1, TOP, 0x40000000, 0x80000000L, 0xFFFFFFF0L]
    }

    def "a section of #bytes bytes at #address is refused"() {
        given:
        dma(memory, 0x100, [[0x1000, 4], [(int) address, bytes]])

        when:
        Dma.at(memory, 0x100)

        then:
        def exit = thrown(LauncherExit)
        exit.message ==~ /\S+:2: Invalid address ${(int) address}/

        where:
        address     | bytes
        TOP         | 1
        TOP - 1     | 1
        TOP - 16    | 16
        0x1000      | 0xF000
        0x1FFFFFF0  | 16
        0xFFFFFFFFL | 2
    }

    def "the last address that works is one byte short of the end"() {
        given:
        dma(memory, TOP - 101, [[TOP - 17, 16]])

        expect:
        Dma.at(memory, TOP - 101).lengthBytes() == 16
    }

    def "used_len is the first word"() {
        given:
        dma(memory, 0x100, [], 7)
        def list = Dma.at(memory, 0x100)

        expect:
        list.usedLen() == 7

        when:
        list.usedLen(-1)

        then:
        memory.read32(0x100) == -1
    }
}
