package lguest.checklist

import lguest.machine.Limit
import spock.lang.Title
import spock.lang.Unroll

@Title('Checklist 14 to 18: initialisation and the data page')
class ChecklistInitSpec extends ChecklistSpecification {
    static final int SENTINEL = 0xA5A5A5A5 as int

    @Unroll
    def "14: any call other than 1 first kills and names the number: #number"() {
        expect:
        deathOf(new TinyGuest().call(number)) == "hypercall $number before LGUEST_INIT"

        where:
        number << [0, *2..17, -2]
    }

    def "14: as puppy sees it"() {
        expect:
        puppy.killedBy('14') == 'hypercall 13 before LGUEST_INIT'
    }

    def "15: LGUEST_INIT writes reserve_mem 0x400000 at +0x454, guestid at +0x458, time at +0x0C, tsc_khz at +0x45C and leaves +0x00, +0x04, +0x14..+0x453 alone"() {
        given: 'a ring with nothing in it: the Host would run what is not 0xFF'
        def tiny = new TinyGuest().fill(TinyGuest.DATA, 1128, 0xA5).fill(TinyGuest.DATA + 0x14, 64, 0xFF).init().spin()

        when:
        run(make(tiny), Limit.instructions(20))
        def data = (0..<1128 / 4).collectEntries { int i -> [4 * i, word(TinyGuest.DATA + 4 * i)] }

        then:
        data[0x454] == 0x400000
        Integer.compareUnsigned(data[0x458] & 0xFFFF, 16) < 0
        data[0x45C] == guest.config().tscKhz()
        data[0x0C] == 1_191_963_600
        Integer.compareUnsigned(data[0x10], 1_000_000_000) < 0
        [0x00, 0x04, *(0x54..0x453).step(4)].findAll { data[it] != SENTINEL } == []
        (0x14..0x53).step(4).findAll { data[it] != -1 } == []

        and: 'what 15 does not mention: cr2, padding, noirq_start and noirq_end'
        data[0x08] == SENTINEL
        data[0x458] >>> 16 == 0xA5A5
        [0x460, 0x464].findAll { data[it] != SENTINEL } == []
        printedBy('022-init-writes').contains('reserve_mem 00400000')
        puppyAgrees(15)
    }

    def "16: a second LGUEST_INIT kills"() {
        expect:
        deathOf('023-double-init') == 'already have lguest_data'
        puppy.killedBy('16') == 'already have lguest_data'
    }

    def "17: LGUEST_INIT at an address whose end exceeds pfn_limit kills"() {
        expect:
        deathOf('024-init-out-of-range') == 'bad guest page 01000c00'
        puppy.killedBy('17').startsWith('bad guest page ')
    }

    def "18: two guests alive at once have different guestids; a closed id is reused"() {
        when:
        def first = make(new TinyGuest().init().spin())
        def second = make(new TinyGuest().init().spin())
        [first, second].each { run(it, Limit.instructions(20)) }

        then:
        id(first) != id(second)

        when:
        int freed = id(first)
        first.close()
        def third = make(new TinyGuest().init().spin())
        run(third, Limit.instructions(20))

        then:
        id(third) == freed
    }

    private static int id(guest) {
        guest.physical().read32(TinyGuest.DATA + 0x458) & 0xFFFF
    }
}
