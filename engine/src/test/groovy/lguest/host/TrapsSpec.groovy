package lguest.host

import static lguest.host.SmallHost.CODE
import static lguest.host.SmallHost.DATA
import static lguest.host.SmallHost.PO
import static lguest.host.SmallHost.STACK
import static lguest.host.SmallHost.killed

import lguest.cpu.CpuDifference
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('Traps')
class TrapsSpec extends Specification {
    static final int HANDLER = PO + 0x123456
    static final int INTERRUPT = 0x8E00
    static final int TRAP = 0x8F00

    def small = SmallHost.initialised()

    private static long u(int address) {
        address & 0xFFFFFFFFL
    }

    @Unroll("vector #vector, gate #type, irq_enabled #enabled")
    def "from ring 1 the frame goes on the same stack"() {
        given:
        small.gate(vector, HANDLER, type)
        small.irqEnabled(enabled)

        when:
        small.host.trap(vector, error)

        then:
        small.frame(frame.size()) == frame
        small.cpu.regs[CpuState.ESP] == STACK - 4 * frame.size()
        small.cpu.eip == HANDLER
        small.cpu.cpl == 1
        small.irqEnabled() == after

        where:
        vector | error | type      | enabled    || frame                                        | after
        6      | 0     | INTERRUPT | 0x200      || [0xC0100000L, 0x61L, 0x202L]                 | 0
        6      | 0     | INTERRUPT | 0          || [0xC0100000L, 0x61L, 0x002L]                 | 0
        6      | 0     | INTERRUPT | 0xFFFFFDFF || [0xC0100000L, 0x61L, 0x002L]                 | 0
        6      | 0     | TRAP      | 0          || [0xC0100000L, 0x61L, 0x202L]                 | 0
        6      | 0     | TRAP      | 0x12345    || [0xC0100000L, 0x61L, 0x202L]                 | 0x12345
        12     | 0x90  | INTERRUPT | 0x200      || [0x90L, 0xC0100000L, 0x61L, 0x202L]          | 0
        12     | 0x90  | TRAP      | 0          || [0x90L, 0xC0100000L, 0x61L, 0x202L]          | 0
        13     | 0x1A  | TRAP      | 0          || [0x1AL, 0xC0100000L, 0x61L, 0x002L]          | 0
        13     | 0x1A  | TRAP      | 0x200      || [0x1AL, 0xC0100000L, 0x61L, 0x202L]          | 0x200
    }

    @Unroll("gate #type")
    def "from ring 3 it goes on the kernel's stack, with the user's in it"() {
        given:
        small.user(0x400000, 0x401000)
        small.gate(6, HANDLER, type)
        small.irqEnabled(0x200)

        when:
        small.host.trap(6, 0)

        then:
        small.frame(5) == [0x400000L, 0x73L, 0x202L, 0x401000L, 0x7BL]
        small.cpu.regs[CpuState.ESP] == STACK - 20
        small.cpu.segments[Segment.SS].selector == 0x69
        small.cpu.segments[Segment.CS].selector == 0x61
        small.cpu.segments[Segment.DS].selector == 0x7B
        small.cpu.cpl == 1

        where:
        type << [INTERRUPT, TRAP]
    }

    def "flags that would disturb the handler are cleared, but kept in the frame"() {
        given:
        small.gate(6, HANDLER, type)
        small.cpu.setEflags(0x14302 | Eflags.DF)

        when:
        small.host.trap(6, 0)

        then:
        small.cpu.eflags() == (0x202 | Eflags.DF)
        (small.frame(3)[2] & ~0x200) == (0x14102 | Eflags.DF)

        where:
        type << [INTERRUPT, TRAP]
    }

    @Unroll("trap #vector")
    def "without a handler a trap kills"() {
        given:
        small.cpu.cr2 = (int) 0xDEADBEEFL

        expect:
        killed { small.host.trap(vector, error) } == reason

        where:
        vector | error || reason
        0      | 0     || 'unhandled trap 0 at 0xc0100000 (0x0)'
        6      | 0     || 'unhandled trap 6 at 0xc0100000 (0x0)'
        13     | 0x102 || 'unhandled trap 13 at 0xc0100000 (0x102)'
        14     | 2     || 'unhandled trap 14 at 0xc0100000 (0xdeadbeef)'
        8      | 0     || 'unhandled trap 8 at 0xc0100000 (0x0)'
    }

    def "a page fault leaves its address in lguest_data"() {
        given:
        small.gate(14, HANDLER, INTERRUPT)
        small.cpu.cr2 = 0x400123

        when:
        small.host.trap(14, 3)

        then:
        small.get(DATA + 8) == 0x400123
        small.frame(1) == [3L]
    }

    def "TS decides whether FPU instructions trap"() {
        given:
        small.gate(7, HANDLER, TRAP)

        when:
        small.call(8, ts)

        then:
        ((small.cpu.cr0 & CpuState.CR0_TS) != 0) == reflected

        when:
        small.host.trap(7, 0)

        then:
        (small.cpu.eip == HANDLER) == reflected

        where:
        ts         || reflected
        8          || true
        0x80000000 || true
        0          || false
    }

    @Unroll("INT #vector at CPL #cpl, gate #type")
    def "INT n is #GP(n*8+2) at itself unless its gate allows it"() {
        given:
        if (cpl == 3) {
            small.user(0x400000, 0x401000)
        }
        int self = small.cpu.eip
        small.gate(13, HANDLER, INTERRUPT)
        small.gate(vector, HANDLER + 16, type)
        small.cpu.eip += 2

        when:
        small.host.softwareInterrupt(vector, self)

        then:
        small.cpu.eip == (error == null ? HANDLER + 16 : HANDLER)
        small.frame(2) == (error == null ? [u(self + 2), cpl == 3 ? 0x73L : 0x61L] : [error as long, u(self)])

        where:
        vector | cpl | type   || error
        0      | 1   | 0x8E00 || 2
        6      | 1   | 0x8F00 || 0x32
        6      | 1   | 0xAF00 || null
        6      | 3   | 0xAF00 || 0x32
        3      | 3   | 0xEE00 || 0x1A
        3      | 3   | 0xEF00 || null
        0x1F   | 3   | 0xEF00 || 0xFA
        0x20   | 1   | 0xEF00 || 0x102
        0x40   | 3   | 0xEF00 || 0x202
        0x80   | 3   | 0xEF00 || null
        0x80   | 1   | 0xEF00 || null
        0x80   | 3   | 0xEE00 || 0x402
        0xFF   | 1   | 0xEF00 || 0x7FA
        11     | 1   | 0xAF00 || null
    }

    @Unroll("INT #vector at CPL #cpl, watched: #watched, stack known: #known, gate #type")
    def "INT n needs no Host where the gate is the guest's own, its stack is known and nobody watches"() {
        given:
        def through = SmallHost.initialised()
        [small, through].each {
            it.watched = watched
            it.gate(vector, HANDLER + 16, type)
            if (cpl == 3) {
                it.user(0x400000, 0x401000)
            }
            it.cpu.eip += 2
            if (known) {
                it.linear.systemWrite32(STACK - 0x80, 0)
            }
        }

        expect:
        small.cpu.softwareInterrupts.deliver(vector) == direct

        when:
        if (direct) {
            through.host.softwareInterrupt(vector, through.cpu.eip - 2)
        }

        then:
        CpuDifference.between(small.cpu, through.cpu) == null
        small.frame(5) == through.frame(5)
        small.seen == []

        where:
        vector | cpl | watched | known | type   || direct
        0x80   | 3   | false   | true  | 0xEF00 || true
        0x80   | 1   | false   | true  | 0xEF00 || true
        3      | 3   | false   | true  | 0xEF00 || true
        0x80   | 3   | true    | true  | 0xEF00 || false
        0x80   | 3   | false   | false | 0xEF00 || false
        0x80   | 3   | false   | true  | 0xEE00 || false
        0x80   | 3   | false   | true  | 0xAF00 || false
        0x1F   | 1   | false   | true  | 0xEF00 || false
        0x20   | 1   | false   | true  | 0xEF00 || false
    }

    @Unroll("#code")
    def "plain IN and OUT of the kernel find no hardware"() {
        given:
        small.gate(13, HANDLER, INTERRUPT)
        small.physical.write(0x100000, code as byte[], 0, code.size())
        small.cpu.regs[CpuState.EAX] = 0x12345678

        when:
        small.host.trap(13, 0)

        then:
        small.cpu.eip == (length == 0 ? HANDLER : CODE + length)
        small.register(CpuState.EAX) == eax

        where:
        code                     || length | eax
        [0xE4, 0x60]             || 2      | 0x123456FF
        [0xE5, 0x60]             || 2      | 0xFFFFFFFFL
        [0x66, 0xE5, 0x60]       || 3      | 0x1234FFFF
        [0x66, 0xE4, 0x60]       || 3      | 0x123456FF
        [0xEC]                   || 1      | 0x123456FF
        [0xED]                   || 1      | 0xFFFFFFFFL
        [0x66, 0xED]             || 2      | 0x1234FFFF
        [0xE6, 0x80]             || 2      | 0x12345678
        [0xE7, 0x80]             || 2      | 0x12345678
        [0x66, 0xE7, 0x80]       || 3      | 0x12345678
        [0xEE]                   || 1      | 0x12345678
        [0xEF]                   || 1      | 0x12345678
        [0x66, 0xEF]             || 2      | 0x12345678
        [0xFA]                   || 0      | 0x12345678
        [0x6C]                   || 0      | 0x12345678
        [0xF3, 0xEC]             || 0      | 0x12345678
        [0x26, 0xEC]             || 0      | 0x12345678
        [0x66, 0x66, 0xED]       || 0      | 0x12345678
    }

    def "the strict Host sets what the original set"() {
        given:
        small = SmallHost.initialised(true)
        small.physical.write(0x100000, code as byte[], 0, code.size())
        small.cpu.regs[CpuState.EAX] = 0x12345678

        when:
        small.host.trap(13, 0)

        then:
        small.register(CpuState.EAX) == eax

        where:
        code               || eax
        [0xE4, 0x60]       || 0x1234FFFF
        [0x66, 0xEC]       || 0xFFFF5678L
        [0x66, 0xED]       || 0xFFFFFFFFL
        [0xED]             || 0xFFFFFFFFL
    }

    @Unroll("IN at CPL #cpl, EIP #eip: emulated #emulated")
    def "the kernel is where its address says, whatever the ring"() {
        given:
        small.pte(0, 0x100007)
        small.physical.write(0x100000, [0xE4, 0x60] as byte[], 0, 2)
        if (cpl == 3) {
            small.user((int) eip, 0x401000)
        }
        small.gate(13, HANDLER, INTERRUPT)
        small.cpu.eip = (int) eip

        when:
        small.host.trap(13, 0)

        then:
        (small.cpu.eip != HANDLER) == emulated

        where:
        cpl | eip         || emulated
        1   | 0xC0100000L || true
        3   | 0xC0100000L || true
        1   | 0x400000L   || false
        3   | 0x400000L   || false
    }

    def "IN is found through the page tables; an unmapped one is the guest's affair"() {
        given:
        small.gate(13, HANDLER, INTERRUPT)
        small.put(SmallHost.DIRECTORY + 800 * 4, SmallHost.TABLE | 7)
        small.pte(0, mapped ? 0x101007 : 0)
        small.physical.write8(0x101000, 0xEC)
        small.cpu.eip = 800 << 22

        when:
        small.host.trap(13, 0)

        then:
        small.cpu.eip == (mapped ? (800 << 22) + 1 : HANDLER)

        where:
        mapped << [true, false]
    }

    def "a stack that is not there kills, and no register has changed"() {
        given:
        small.gate(6, HANDLER, type)
        small.cpu.regs[CpuState.ESP] = 0x402000

        expect:
        killed { small.host.trap(6, 0) } == 'bad stack address 0x401ffc for trap 6 at 0xc0100000'
        small.cpu.eip == CODE
        small.cpu.regs[CpuState.ESP] == 0x402000

        where:
        type << [INTERRUPT, TRAP]
    }

    def "the strict Host takes the stack for linear memory"() {
        given:
        small = SmallHost.initialised(true)
        small.gate(6, HANDLER, INTERRUPT)
        small.cpu.regs[CpuState.ESP] = 0x400800

        expect:
        killed { small.host.trap(6, 0) } == 'bad write address 0x404007fc'
    }

    def "a stack below PAGE_OFFSET is as good as any other that is mapped"() {
        given:
        small.gate(6, HANDLER, INTERRUPT)
        small.pte(1, 0x50003)
        small.cpu.regs[CpuState.ESP] = 0x402000

        when:
        small.host.trap(6, 0)

        then:
        small.get(0x50FF4) == 0xC0100000
        small.pte(1) == 0x50063
    }

    @Unroll("#what")
    def "a kernel segment that cannot be entered kills"() {
        given:
        small.user(0x400000, 0x401000)
        small.gate(6, HANDLER, INTERRUPT)
        small.linear.setCpl(1)
        small.cpu.segments[Segment.SS].selector = 0x69
        small.cpu.segments[Segment.CS].selector = 0x61
        small.table(SmallHost.flat() + broken)
        small.call(7, stack, STACK, 0)
        def dead = killed {
            small.call(3, 0x40000, 32)
            small.cpu.segments[Segment.SS].selector = 0x7B
            small.host.trap(6, 0)
        }

        expect:
        dead == 'unhandled trap 256 at 0x400000 (0x0)'

        where:
        what                  | stack | broken
        'empty stack segment' | 0x91  | [:]
        'user stack segment'  | 0x79  | [:]
        'no kernel code'      | 0x69  | [12: [0L, 0L]]
    }

    def "observers see the trap as it was"() {
        given:
        small.gate(6, HANDLER, INTERRUPT)

        when:
        small.host.trap(6, 0)

        then:
        small.seen == ['trap 6']
    }
}
