package lguest.shell.render

import spock.lang.Specification

class ShownSpec extends Specification {
    def "#value is shown as #text"() {
        expect:
        Shown.of(value) == text

        where:
        value                      || text
        null                       || ''
        true                       || 'true'
        'text'                     || 'text'
        7                          || '7'
        -5                         || '-5'
        1023                       || '1023'
        1024                       || '1024 (0x400)'
        0xC0100000                 || '3222274048 (0xc0100000)'
        1.5                        || '1.5'
        []                         || '[]'
        [:]                        || '{}'
        [a: 1]                     || 'key  value\na        1'
        [[a: 1], [a: 2]]           || 'a\n1\n2'
        [1, 'x']                   || '[1, x]'
        [0x41, 0x42] as byte[]     || '0x00000000  41 42                                             |AB|'
        ['a' * 60, 'b' * 60]       || 'a' * 60 + '\n' + 'b' * 60
    }

    def "of long lists the end is counted, not shown"() {
        when:
        def lines = Shown.of((1..1000).collect { 'line ' + it }).readLines()

        then:
        lines.size() == 101
        lines[99] == 'line 100'
        lines[100] == 'and 900 more'
    }
}
