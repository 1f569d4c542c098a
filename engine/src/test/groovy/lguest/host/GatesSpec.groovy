package lguest.host

import static lguest.host.SmallHost.CODE
import static lguest.host.SmallHost.killed

import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('The IDT')
class GatesSpec extends Specification {
    def gates = new Gates()

    def "a gate keeps offset, presence, DPL and type, not its selector"() {
        when:
        gates.load(6, 0x12345678, (int) 0xC010EEAAL)

        then:
        gates.present(6)
        (gates.offset(6) & 0xFFFFFFFFL) == 0xC0105678
        gates.isInterruptGate(6)
    }

    @Unroll("vector #vector, high dword #high")
    def "bad types kill, but only where the guest may load gates"() {
        expect:
        killed { gates.load(vector, 0x610000, high) } == reason
        !gates.present(vector)

        where:
        vector             | high   || reason
        14                 | 0x8500 || 'bad IDT type 5'
        14                 | 0x8C00 || 'bad IDT type 12'
        0x80               | 0x8500 || 'bad IDT type 5'
        0x3F               | 0x8000 || 'bad IDT type 0'
        14                 | 0x0500 || null
        2                  | 0x8500 || null
        8                  | 0x8500 || null
        15                 | 0x8500 || null
        0x1F               | 0x8500 || null
        2                  | 0x8E00 || null
        8                  | 0x8E00 || null
        0x1F               | 0x8E00 || null
        0x40               | 0x8500 || null
        0x50               | 0x8E00 || null
        0xFF               | 0x8500 || null
        0x100              | 0x8500 || null
        (int) 0x80000006L  | 0x8500 || null
    }

    def "a gate that is not present removes the handler"() {
        given:
        gates.load(6, 0x1234, 0x8E00)

        when:
        gates.load(6, 0x1234, 0x0E00)

        then:
        !gates.present(6)
    }

    @Unroll("vector #vector: trap gate #trapGate, interrupt gate false")
    def "trap gates are the processor's to use, except where the Host must look first"() {
        given:
        gates.load(vector, 0x1234, 0x8F00)

        expect:
        gates.isDirect(vector) == trapGate

        when:
        gates.load(vector, 0x1234, 0x8E00)

        then:
        !gates.isDirect(vector)

        where:
        vector || trapGate
        0      || true
        3      || true
        6      || true
        7      || false
        8      || false
        13     || false
        14     || false
        17     || true
        0x1E   || true
        0x1F   || false
        0x20   || false
        0x3F   || false
        0x80   || true
    }

    @Unroll("INT #vector with gate #type at CPL #cpl")
    def "INT n needs a direct gate of its privilege"() {
        given:
        gates.load(vector, 0x1234, type)

        expect:
        gates.permits(vector, cpl) == permitted

        where:
        vector | type   | cpl || permitted
        5      | 0x8F00 | 1   || false
        6      | 0xAF00 | 1   || true
        6      | 0xAF00 | 3   || false
        3      | 0xEE00 | 1   || false
        3      | 0xEE00 | 3   || false
        3      | 0xEF00 | 3   || true
        0x21   | 0xEF00 | 1   || false
        0x80   | 0      | 3   || false
        0x80   | 0xAF00 | 1   || true
        0x80   | 0xAF00 | 3   || false
        0x80   | 0xEF00 | 3   || true
        0x80   | 0xEE00 | 3   || false
        0x1F   | 0      | 1   || true
        0x1F   | 0      | 3   || false
    }
}
