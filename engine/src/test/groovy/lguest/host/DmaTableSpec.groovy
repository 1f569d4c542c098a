package lguest.host

import static lguest.host.SmallHost.RAM
import static lguest.host.SmallHost.killed

import lguest.device.DmaPort
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('DMA keys')
class DmaTableSpec extends Specification {
    def small = SmallHost.initialised()

    private int bind(long key, long array, long countAndIrq) {
        small.call(12, key, array, countAndIrq)
    }

    def "BIND_DMA says whether it did"() {
        expect:
        [
            bind(0x60000, 0x61000, 0x120),
            bind(0x60000, 0x61000, 0x1FF),
            bind(0x60000, 0x61000, 0),
            bind(0x60000, 0x61000, 0x101),
            bind(0x60000, 0x61000, 0x11F),
            bind(0x60000, 0x61004, 0),
            bind(0x60004, 0x61000, 0),
            bind(0x60000, 0x61000, 0x5500),
            bind(0x60004, 0xFFFFFFFF, 0x101),
            bind(0x60008, 0x61000, 0x001),
            bind(0x60001, 0x61000, 0x120)
        ] == [0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0]
    }

    def "there are 32 bindings; unbinding frees one"() {
        expect:
        (0..33).collect { bind(0x60000 + it * 4, 0x61000, 0x101) } == [1] * 32 + [0, 0]
        bind(0x60010, 0x61000, 0) == 1
        bind(0x60200, 0x61000, 0x101) == 1
        bind(0x60204, 0x61000, 0x101) == 0
    }

    @Unroll("key #key")
    def "a bad key kills"() {
        expect:
        killed { bind(key, 0x61000, 0x101) } == binding
        killed { small.call(13, key, 0x61000) } == sending

        where:
        key               || binding                   | sending
        0x60002           || 'bad dma key 0x60002'     | 'bad sending DMA key'
        1                 || 'bad dma key 0x1'         | 'bad sending DMA key'
        RAM + 0x1000      || 'bad dma key 0x201000'    | 'bad sending DMA key'
        0xFFFFFFFC        || 'bad dma key 0xfffffffc'  | 'bad sending DMA key'
        RAM + 0xFFC       || null                      | null
        0                 || null                      | null
    }

    def "SEND_DMA on a private key goes to the launcher"() {
        when:
        small.call(13, 8, 0x61000)

        then:
        small.sent == [[8, 0x61000]]
    }

    def "which keys are shared with other guests, the key space says"() {
        given:
        small.host.bindings().keySpace { key -> (key & 0x1000L) << 32 | key }

        expect:
        !small.host.isShared(0x60010)
        small.host.isShared(0x61010)
    }

    def "keys are the same if the same word lies under them"() {
        given:
        small.host.bindings().keySpace { key -> 1L << 32 | key & 0xFFF }
        bind(0x60010, 0x61000, 0x103)

        expect:
        small.host.take(0x70010) == 0x61000
        small.host.take(0x60014) == DmaPort.NOT_BOUND
        bind(0x80010, 0x61000, 0) == 1
    }

    def "GETDMA takes the first free struct and leaves the line in it"() {
        given:
        bind(0x60000, 0x61000, 0x305)

        when:
        int first = small.host.take(0x60000)
        int second = small.host.take(0x60000)
        small.put(0x61000, 0)
        int third = small.host.take(0x60000)
        int fourth = small.host.take(0x60000)

        then:
        [first, second, third, fourth] == [0x61000, 0x61064, 0x61000, 0x610C8]
        [0x61000, 0x61064, 0x610C8].every { small.get(it) == 5 }
    }

    def "in turn, struct follows struct, and the first one comes again when all have been looked at"() {
        given:
        bind(0x60000, 0x61000, 0x305)
        def free = { int... structs -> structs.each { small.put(it, 0) } }
        def turns = []

        when:
        turns << small.host.takeInTurn(0x60000) << small.host.takeInTurn(0x60000)
        free(0x61000)
        turns << small.host.takeInTurn(0x60000) << small.host.takeInTurn(0x60000)
        free(0x61064)
        turns << small.host.takeInTurn(0x60000)
        free(0x610C8)
        turns << small.host.takeInTurn(0x60000)

        then:
        turns == [0x61000, 0x61064, 0x610C8, DmaPort.BUSY, DmaPort.BUSY, 0x61000]
        small.get(0x61000) == 5
    }

    @Unroll("strict #strict")
    def "when all are full"() {
        given:
        small = SmallHost.initialised(strict)
        bind(0x60000, 0x61000, 0x205)
        2.times { small.host.take(0x60000) }

        expect:
        small.host.take(0x60000) == outcome

        where:
        strict || outcome
        false  || DmaPort.BUSY
        true   || 0x61064
    }

    def "the newest binding of a key is the one that is used"() {
        given:
        bind(0x60000, 0x61000, 0x101)
        bind(0x60000, 0x62000, 0x102)

        expect:
        small.host.take(0x60000) == 0x62000
        bind(0x60000, 0x62000, 0) == 1
        small.host.take(0x60000) == 0x61000

        when:
        bind(0x60000, 0x63000, 0x103)

        then:
        small.host.take(0x60000) == 0x63000
        small.host.bindings().bindings()*.array() == [0x61000, 0x63000]
    }

    @Unroll("count #count")
    def "an array without structs is as good as none; counts have 16 bits"() {
        given:
        bind(0x60000, 0x61000, count << 8 | 5)

        expect:
        small.host.take(0x60000) == outcome

        where:
        count    || outcome
        0        || DmaPort.NOT_BOUND
        0x10000  || DmaPort.NOT_BOUND
        0x10001  || 0x61000
    }

    def "an array outside memory is the launcher's to refuse"() {
        given:
        bind(0x60000, 0x40000000, 0x105)

        expect:
        small.host.take(0x60000) == 0x40000000
    }
}
