package lguest.interp

import lguest.translate.Link
import lguest.translate.Region
import spock.lang.Specification
import spock.lang.Title

@Title('Where regions begin is remembered by address')
class EntrancesSpec extends Specification {
    static final int SLOTS = 1 << 13

    static class Place extends Region {
        @Override
        Link run(int depth) { null }
    }

    def entrances = new Entrances()
    def region = new Place()

    def "an address that nobody has noted leads nowhere: #linear"() {
        expect:
        entrances.at(linear, 1) == null

        where:
        linear << [0, 0x1000, -1]
    }

    def "what was noted for #linear is there"() {
        given:
        entrances.note(linear, 7, region)

        expect:
        entrances.at(linear, 7).is(region)

        where:
        linear << [0, 0x1000, 0xC0100123 as int, -1]
    }

    def "it is not there for #what"() {
        given:
        entrances.note(0xC0100123 as int, 7, region)

        expect:
        entrances.at(linear as int, version) == null

        where:
        linear                    | version || what
        0xC0100123                | 8       || 'a later version'
        0xC0100123                | -7      || 'another version'
        0xC0100124                | 7       || 'the next address'
        0xC0100123 ^ (0x2001)     | 7       || 'an address with the same slot'
        0x40100123                | 7       || 'an address that differs in the highest bits'
    }

    def "of two addresses with one slot the later one is known"() {
        given:
        entrances.note(0x123, 1, new Place())
        entrances.note(0x123 ^ SLOTS ^ 1, 1, region)

        expect:
        entrances.at(0x123, 1) == null
        entrances.at(0x123 ^ SLOTS ^ 1, 1).is(region)
    }
}
