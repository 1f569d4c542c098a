package lguest.host

import static lguest.host.SmallHost.CODE
import static lguest.host.SmallHost.killed

import lguest.cpu.Segment
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('The GDT')
class HostDescriptorsSpec extends Specification {
    def small = SmallHost.initialised()

    @Unroll("entry #index, high dword #given")
    def "LOAD_GDT makes the guest's descriptors harmless"() {
        given:
        small.table(SmallHost.flat() + [(index): [0x12345678L, given]])

        when:
        small.call(3, 0x40000, 32)

        then:
        small.low(index) == 0x12345678
        small.high(index) == stored

        where:
        index | given      || stored
        6     | 0x00CFF200 || 0x00CFF300
        12    | 0x00CF9A00 || 0x00CFBB00
        13    | 0x00CF9200 || 0x00CFB300
        18    | 0x9A40D2BC || 0x9A40D3BC
        19    | 0x00CF7200 || 0x00CF7300
        20    | 0x0000E200 || 0x0000E300
        21    | 0x00008900 || 0x0000AB00
        22    | 0x00008100 || 0x0000A300
        23    | 0x00000900 || 0x00002900
        30    | 0x00008500 || 0x0000A500
    }

    @Unroll("entry #index")
    def "the Host's own entries stay as they are"() {
        given:
        def before = [small.low(index), small.high(index)]
        small.table(SmallHost.flat() + [(index): [0xFFFL, 0x40F200L]])

        when:
        small.call(3, 0x40000, 32)

        then:
        [small.low(index), small.high(index)] == before

        where:
        index << [10, 11, 16, 31]
    }

    def "entries beyond the count stay, but even empty ones are marked"() {
        given:
        small.table([20: [1L, 0xF300L]])

        when:
        small.call(3, 0x40000, 10)

        then:
        small.high(12) == 0xCFBB00
        small.high(20) == 0x2100
        small.low(20) == 0
    }

    def "LOAD_TLS replaces entries 6 to 8 and no other"() {
        given:
        small.table(SmallHost.flat())
        small.call(3, 0x40000, 32)
        (0..3).each {
            small.put(0x50000 + it * 8, 0x1000 + it)
            small.put(0x50004 + it * 8, 0x9200)
        }

        when:
        small.call(16, 0x50000)

        then:
        (6..8).collect { small.low(it) } == [0x1000, 0x1001, 0x1002]
        (6..8).every { small.high(it) == 0xB300 }
        small.low(9) == 0
    }

    def "#count entries at #address kill"() {
        expect:
        killed { small.call(3, address, count) } == reason

        where:
        address    | count || reason
        0x40000    | 33    || 'too many gdt entries 33'
        0x40000    | -1    || 'too many gdt entries -1'
        0x40000000 | 32    || 'bad read address 0x40000000 len 256'
        0x40000000 | 2     || 'bad read address 0x40000000 len 16'
    }

    def "there is no LDT, and nothing beyond entry 31"() {
        when:
        small.host.tables().descriptor(selector)

        then:
        thrown(IndexOutOfBoundsException)

        where:
        selector << [0x0F, 0x04, 0x100, 0x103, 0xFFF8]
    }

    def "a live selector sees its new descriptor when the guest goes on"() {
        given:
        small.table(SmallHost.flat() + [18: [0xFFFFL, 0xC04FF220L]])
        small.call(3, 0x40000, 32)
        small.cpu.segments[Segment.FS].load(0x93, (int) small.low(18), (int) small.high(18))
        small.table(SmallHost.flat() + [18: [0x1000FFFFL, 0xC04FF220L]])

        when:
        small.call(3, 0x40000, 32)

        then:
        (small.cpu.segments[Segment.FS].base & 0xFFFFFFFFL) == 0xC0201000
    }

    @Unroll("#name #selector with high dword #high")
    def "a live selector made bad kills"() {
        given:
        small.cpu.segments[register].selector = selector
        small.table(SmallHost.flat() + [(selector >> 3): [0xFFFFL, high]])
        small.cpu.eip = CODE + 0x5A

        expect:
        killed { small.call(3, 0x40000, 32) } == (bad ? 'unhandled trap 256 at 0xc010005a (0x0)' : null)

        where:
        register   | selector | high     || bad
        Segment.FS | 0x33     | 0xCFF300 || false
        Segment.FS | 0x33     | 0        || true
        Segment.FS | 0x33     | 0xCF7300 || true
        Segment.FS | 0x33     | 0xCFB300 || true
        Segment.FS | 0x31     | 0xCFB300 || false
        Segment.FS | 0x33     | 0xCFFB00 || false
        Segment.FS | 0x33     | 0xCFF900 || true
        Segment.FS | 0x03     | 0        || false
        Segment.FS | 0x37     | 0xCFF300 || true
        Segment.SS | 0x69     | 0xCFF300 || true
        Segment.SS | 0x69     | 0xCFB100 || true
        Segment.SS | 0x69     | 0xCFBB00 || true
        Segment.CS | 0x61     | 0xCFB300 || true
        Segment.CS | 0x61     | 0xCFFB00 || true
        Segment.CS | 0x61     | 0xCFBF00 || false
        name = Segment.name(register)
    }

    def "calls in one drain may break a selector and mend it again"() {
        given:
        small.cpu.segments[Segment.GS].selector = 0x33
        small.put(0x50004, 0xCFF300)
        small.put(0x50014, 0xCFF300)
        small.slot(0, 16, 0x51000)
        small.slot(1, 16, 0x50000)

        expect:
        killed { small.call(0) } == null
    }
}
