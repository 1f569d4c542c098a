package lguest.device

import spock.lang.Specification

class ConsoleTranscriptSpec extends Specification {
    def sink = new Collected()
    def transcript = new ConsoleTranscript(sink)

    void print(String text, ConsoleTranscript to = transcript) {
        def bytes = text.getBytes('UTF-8')
        to.write(bytes, 0, bytes.length)
        to.flush()
    }

    def "everything is kept from the first byte on, and passed on"() {
        when:
        print('Linux version 2.6.23\r\n')
        print('login: ')

        then:
        transcript.text() == 'Linux version 2.6.23\r\nlogin: '
        transcript.lines() == ['Linux version 2.6.23', 'login: ']
        transcript.end() == 29
        transcript.start() == 0
        sink.text == transcript.text()
        sink.flushes == 2
    }

    def "a pattern is found from a position on: #pattern after #from is #text at #at"() {
        given:
        print('one two\none zwei è three\n')

        when:
        def found = transcript.find(~pattern, from)

        then:
        found?.text() == text
        found?.from() == at
        found?.to() == end

        where:
        pattern   | from || text    | at   | end
        'one'     | 0    || 'one'   | 0    | 3
        'one'     | 1    || 'one'   | 8    | 11
        'one'     | 9    || null    | null | null
        'three'   | 0    || 'three' | 20   | 25
        'è'       | 4    || 'è'     | 17   | 19
        't(w|h)'  | 0    || 'tw'    | 4    | 6
        'x'       | 0    || null    | null | null
        'one'     | 999  || null    | null | null
    }

    def "groups of a match are kept, missing ones are null"() {
        given:
        print('lguest 64')

        expect:
        transcript.find(~/(\w+) (\d+)(x)?/, 0).groups() == ['lguest 64', 'lguest', '64', null]
    }

    def "bytes that are no UTF-8 do not shift positions"() {
        given:
        transcript.write([0xFF, 0xC3, 0x28, 0x41] as byte[], 0, 4)

        expect:
        transcript.find(~/A/, 0).from() == 3
        transcript.text().endsWith('(A')
    }

    def "beyond the limit the oldest half goes, positions stay"() {
        given:
        def small = new ConsoleTranscript(OutputSink.NONE, 8)

        when:
        print('abcdefgh', small)
        print('ij', small)

        then:
        small.text() == 'efghij'
        small.start() == 4
        small.end() == 10
        small.text(8) == 'ij'
        small.find(~/i/, 0).from() == 8
    }

    def "a message bigger than the limit leaves its tail"() {
        given:
        def small = new ConsoleTranscript(OutputSink.NONE, 8)

        when:
        print(('a'..'z').join(), small)

        then:
        small.end() == 26
        ('a'..'z').join().endsWith(small.text())
        small.text().length() >= 4
    }

    def "one waits for output of another thread"() {
        given:
        def position = transcript.end()
        def printer = Thread.start { print('late') }

        expect:
        transcript.awaitBeyond(position, 10_000)
        !transcript.awaitBeyond(4, 1)

        cleanup:
        printer.join()
    }

    def "a listener hears of each message"() {
        given:
        def heard = []
        transcript.onOutput { heard << transcript.text() }

        when:
        print('a')
        print('b')

        then:
        heard == ['a', 'ab']
    }
}
