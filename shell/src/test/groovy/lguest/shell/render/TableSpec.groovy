package lguest.shell.render

import spock.lang.Specification

class TableSpec extends Specification {
    def "columns are as wide as they need to be, numbers stand to the right"() {
        expect:
        new Table('name', 'calls').row('SET_PTE', 12).row('HALT', 3456).toString() == '''\
            name     calls
            SET_PTE     12
            HALT      3456'''.stripIndent()
    }

    def "maps make rows, all their keys make columns"() {
        expect:
        Table.of([[a: 1, b: 'x'], [b: 'y', c: null]]).toString() == '''\
            a  b  c
            1  x
               y'''.stripIndent()
    }

    def "a cell is one line"() {
        expect:
        new Table('text').row('a\nb').toString() == 'text\na\\nb'
    }

    def "a row must fill its columns"() {
        when:
        new Table('a', 'b').row(1)

        then:
        thrown IllegalArgumentException
    }
}
