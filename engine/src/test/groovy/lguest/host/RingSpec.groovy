package lguest.host

import static lguest.host.SmallHost.DATA
import static lguest.host.SmallHost.killed

import spock.lang.Specification
import spock.lang.Title

@Title('The ring of asynchronous calls')
class RingSpec extends Specification {
    static final int FLUSH_ASYNC = 0
    static final int SEND_DMA = 13

    def small = SmallHost.initialised()

    private void sends(Map<Integer, Integer> slots) {
        slots.each { slot, dma -> small.slot(slot, SEND_DMA, 0, dma) }
    }

    private List<Integer> sent() {
        small.sent*.get(1)
    }

    def "ready slots run in order, before the direct call, and are free afterwards"() {
        given:
        sends(0: 100, 1: 101, 2: 102)

        when:
        small.call(SEND_DMA, 0, 200)

        then:
        sent() == [100, 101, 102, 200]
        (0..3).every { small.status(it) == 0xFF }
    }

    def "words of a slot are eax, edx, ebx, ecx, and its result is discarded"() {
        given:
        small.slot(0, 12, 0x60000, 0x61000, 0x507)

        when:
        int eax = small.call(FLUSH_ASYNC)

        then:
        eax == FLUSH_ASYNC
        small.get(DATA + 0x54) == 12
        small.host.bindings().bindings() == [new DmaTable.Binding(0x60000, 0x61000, 5, 7)]
    }

    def "a slot beyond the cursor waits until those before it were filled"() {
        when:
        sends(5: 105)
        small.call(FLUSH_ASYNC)

        then:
        sent() == []
        small.status(5) == 0

        when:
        sends(0: 100, 1: 101, 2: 102, 3: 103)
        small.call(FLUSH_ASYNC)

        then:
        sent() == [100, 101, 102, 103]

        when:
        sends(4: 104)
        small.call(FLUSH_ASYNC)

        then:
        sent() == [100, 101, 102, 103, 104, 105]
    }

    def "the cursor wraps after 64 calls and is remembered"() {
        when:
        sends((0..63).collectEntries { [it, 100 + it] })
        small.call(FLUSH_ASYNC)

        then:
        sent() == (100..163).toList()

        when:
        sends(1: 1, 0: 0)
        small.call(FLUSH_ASYNC)

        then:
        sent() == (100..163).toList() + [0, 1]
    }

    def "a guest whose calls make slots ready again does not keep the Host there"() {
        given:
        sends((0..63).collectEntries { [it, it] })
        small.onSend = { (0..63).each { small.physical.write8(DATA + 0x14 + it, 0) } }

        when:
        small.call(FLUSH_ASYNC)

        then:
        sent() == (0..63).toList()
    }

    def "any pass of the Host drains it, not only a call"() {
        given:
        sends(0: 100)

        when:
        small.host.injectInterrupt()

        then:
        sent() == [100]
    }

    def "it does not exist before LGUEST_INIT"() {
        given:
        small = new SmallHost()
        sends(0: 100)

        when:
        small.host.injectInterrupt()

        then:
        sent() == []
    }

    def "an unknown number kills from here, too"() {
        given:
        small.slot(0, 99)

        expect:
        killed { small.call(FLUSH_ASYNC) } == 'Bad hypercall 99\n'
    }

    def "HALT in a slot lets later slots and the direct call run first"() {
        given:
        small.slot(0, 10)
        sends(1: 101)

        when:
        small.call(SEND_DMA, 0, 200)

        then:
        sent() == [101, 200]
        small.host.halted()
    }
}
