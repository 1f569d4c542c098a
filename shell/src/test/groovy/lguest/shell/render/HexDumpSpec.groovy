package lguest.shell.render

import spock.lang.Specification

class HexDumpSpec extends Specification {
    def "sixteen bytes to a line, with their characters"() {
        expect:
        HexDump.of(0xC0100000, 'Hello, guest!\n\0\377'.getBytes('ISO-8859-1')) ==
            '0xc0100000  48 65 6c 6c 6f 2c 20 67  75 65 73 74 21 0a 00 ff  |Hello, guest!...|'
    }

    def "a short line keeps its columns"() {
        expect:
        HexDump.of(0x10, [1, 2, 3] as byte[]) == '0x00000010  01 02 03                                          |...|'
    }

    def "lines that repeat are a star, the last one excepted"() {
        expect:
        HexDump.of(0, new byte[80]).readLines()*.take(10) == ['0x00000000', '*', '0x00000040']
    }

    def "addresses wrap at the top"() {
        expect:
        HexDump.of(0xFFFFFFF0, (0..31) as byte[]).readLines()*.take(10) == ['0xfffffff0', '0x00000000']
    }

    def "nothing is nothing"() {
        expect:
        HexDump.of(0, new byte[0]) == ''
    }
}
