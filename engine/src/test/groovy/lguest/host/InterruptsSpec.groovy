package lguest.host

import static lguest.host.SmallHost.CODE
import static lguest.host.SmallHost.DATA
import static lguest.host.SmallHost.PO
import static lguest.host.SmallHost.killed

import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('Interrupts and the clock')
class InterruptsSpec extends Specification {
    static final int HANDLER = PO + 0x123400

    def small = ready(false)

    private static SmallHost ready(boolean strict) {
        def small = SmallHost.initialised(strict)
        (0..31).each { small.gate(0x20 + it, HANDLER + it, 0x8E00) }
        small.irqEnabled(0x200)
        return small
    }

    def "an interrupt is delivered once, with irq_enabled in its frame and cleared"() {
        given:
        small.host.raise(0)

        expect:
        small.host.interruptPending()
        small.host.injectInterrupt()
        small.cpu.eip == HANDLER
        small.frame(3) == [0xC0100000L, 0x61L, 0x202L]
        small.irqEnabled() == 0
        small.seen == ['line 0']
        !small.host.injectInterrupt()
    }

    def "a trap gate leaves irq_enabled alone"() {
        given:
        small.gate(0x20, HANDLER, 0x8F00)
        small.host.raise(0)

        when:
        small.host.injectInterrupt()

        then:
        small.irqEnabled() == 0x200
    }

    def "the lowest line goes first, the next when the guest allows"() {
        given:
        small.host.raise(3)
        small.host.raise(1)

        when:
        small.host.injectInterrupt()

        then:
        small.cpu.eip == HANDLER + 1
        small.host.pending() == 8
        !small.host.injectInterrupt()

        when:
        small.irqEnabled(0x200)
        small.host.injectInterrupt()

        then:
        small.cpu.eip == HANDLER + 3
        small.host.pending() == 0
    }

    def "line 31 has vector 0x3F"() {
        given:
        small.host.raise(31)

        when:
        small.host.injectInterrupt()

        then:
        small.cpu.eip == HANDLER + 31
    }

    @Unroll("irq_enabled #enabled, blocked #blocked, strict #strict")
    def "the guest decides"() {
        given:
        small = ready(strict)
        small.irqEnabled(enabled)
        small.blocked(blocked)
        small.host.raise(5)

        expect:
        small.host.injectInterrupt() == delivered
        small.host.interruptPending() == (!delivered && blocked == 0)

        where:
        enabled | blocked | strict || delivered
        0x200   | 0       | false  || true
        0       | 0       | false  || false
        0x200   | 0x20    | false  || false
        2       | 0       | false  || false
        2       | 0       | true   || true
    }

    @Unroll("EIP #eip")
    def "interrupts wait in the noirq window, traps do not"() {
        given:
        small = new SmallHost()
        small.put(DATA + 0x460, 0xC0100010)
        small.put(DATA + 0x464, 0xC0100018)
        small.call(1, DATA)
        small.gate(0x20, HANDLER, 0x8E00)
        small.gate(6, HANDLER, 0x8E00)
        small.irqEnabled(0x200)
        small.host.raise(0)
        small.cpu.eip = (int) eip

        expect:
        small.host.injectInterrupt() == delivered

        when:
        small.host.trap(6, 0)

        then:
        small.cpu.eip == HANDLER

        where:
        eip         || delivered
        0xC010000FL || true
        0xC0100010L || false
        0xC0100017L || false
        0xC0100018L || true
    }

    @Unroll("irq_enabled #enabled")
    def "HALT ends with an interrupt, whatever irq_enabled says"() {
        given:
        small.irqEnabled(enabled)
        small.call(10)

        expect:
        small.host.halted()
        !small.host.injectInterrupt()

        when:
        small.host.raise(0)

        then:
        small.host.injectInterrupt()
        !small.host.halted()
        small.frame(3)[2] == 0x202
        small.cpu.eip == HANDLER

        where:
        enabled << [0, 0x200]
    }

    def "a blocked line does not wake"() {
        given:
        small.blocked(1)
        small.call(10)
        small.host.raise(0)

        expect:
        !small.host.injectInterrupt()
        small.host.halted()
    }

    def "a line without a handler wakes, stays pending and moves the time"() {
        given:
        small.call(6, 0x20, 0, 0)
        small.call(10)
        small.host.raise(0)
        small.wallNanos += 2_000_000_000

        expect:
        small.host.injectInterrupt()
        !small.host.halted()
        small.irqEnabled() == 0x200
        small.host.pending() == 1
        small.cpu.eip == CODE
        small.get(DATA + 0x0C) == 1_200_000_002
    }

    def "nothing is delivered before LGUEST_INIT"() {
        given:
        small = new SmallHost()
        small.host.raise(0)

        expect:
        !small.host.interruptPending()
        !small.host.injectInterrupt()
    }

    def "MOV SS holds an interrupt back for one instruction"() {
        given:
        small.host.raise(0)
        small.cpu.interruptShadow = true

        expect:
        !small.host.injectInterrupt()

        when:
        small.cpu.interruptShadow = false

        then:
        small.host.injectInterrupt()
    }

    def "there is no line #line"() {
        when:
        small.host.raise(line)

        then:
        thrown(IllegalArgumentException)

        where:
        line << [-1, 32]
    }

    def "the clock event is one-shot, replaced by the next, disarmed by 0"() {
        given:
        small.nanos = 1000

        when:
        small.call(9, 0xFFFFFFFF)

        then:
        small.host.deadline() == 1000 + 0xFFFFFFFFL

        when:
        small.call(9, 500)

        then:
        small.host.deadline() == 1500

        when:
        small.host.expire()

        then:
        small.host.deadline() == Long.MAX_VALUE
        small.host.pending() == 1

        when:
        small.call(9, 500)
        small.call(9, 0)

        then:
        small.host.deadline() == Long.MAX_VALUE
    }

    @Unroll("ss #ss, #pages pages at #esp")
    def "SET_STACK is checked"() {
        given:
        small.pte(1, 0x50001)
        small.pte(2, 0x51003)

        expect:
        killed { small.call(7, ss, esp, pages) } == reason

        where:
        ss   | esp      | pages || reason
        0x69 | 0x403000 | 0     || null
        0x69 | 0x403000 | 1     || null
        0x69 | 0x403000 | 2     || 'bad stack page 0x401fff'
        0x69 | 0x404000 | 1     || 'bad stack page 0x403fff'
        0x68 | 0x403000 | 1     || 'bad stack segment 104'
        0x7B | 0x403000 | 1     || 'bad stack segment 123'
        0x69 | 0x403000 | 3     || 'bad stack pages 3'
        0x69 | 0x403000 | -1    || 'bad stack pages 4294967295'
    }

    def "SET_STACK sets Accessed and Dirty in the pages it pins"() {
        given:
        small.pte(1, 0x50003)
        small.pte(2, 0x51003)

        when:
        small.call(7, 0x69, 0x403000, pages)

        then:
        [small.pte(1), small.pte(2)] == ptes

        where:
        pages || ptes
        0     || [0x50003L, 0x51003L]
        1     || [0x50003L, 0x51063L]
        2     || [0x50063L, 0x51063L]
    }
}
