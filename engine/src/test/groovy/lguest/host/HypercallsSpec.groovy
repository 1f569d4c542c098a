package lguest.host

import static lguest.host.SmallHost.DATA
import static lguest.host.SmallHost.RAM
import static lguest.host.SmallHost.killed

import lguest.cpu.CpuState
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title('Hypercalls')
class HypercallsSpec extends Specification {
    @Unroll("call #number before LGUEST_INIT kills")
    def "nothing goes before LGUEST_INIT"() {
        expect:
        killed { new SmallHost().call(number) } == "hypercall $number before LGUEST_INIT"

        where:
        number << [0, 2, 13, 99, -2]
    }

    def "LGUEST_INIT fills in the Host's side and leaves the guest's alone"() {
        given:
        def small = new SmallHost()
        small.physical.write(DATA, [0xA5] * 0x468 as byte[], 0, 0x468)

        when:
        int eax = small.call(1, DATA)

        then:
        eax == 1
        small.get(DATA) == 0xA5A5A5A5
        small.get(DATA + 4) == 0xA5A5A5A5
        small.get(DATA + 8) == 0xA5A5A5A5
        small.get(DATA + 0x0C) == 1_200_000_000
        small.get(DATA + 0x10) == 123_456_789
        small.get(DATA + 0x454) == 0x400000
        small.get(DATA + 0x458) == 0xA5A50005
        small.get(DATA + 0x45C) == 1_000_000
        (0x14..<0x454).every { small.physical.read8(DATA + it) == 0xA5 }
        small.host.initialised()
    }

    def "LGUEST_INIT checks where the data page is"() {
        expect:
        killed { new SmallHost().call(1, address) } == reason

        where:
        address                || reason
        RAM + 0x1000 - 0x469   || null
        RAM + 0x1000 - 0x468   || 'bad guest page 00200b98'
        RAM + 0x1000 - 0x400   || 'bad guest page 00200c00'
        0xFFFFFFFC             || 'bad guest page fffffffc'
    }

    def "a second LGUEST_INIT kills, direct or from the ring"() {
        given:
        def direct = SmallHost.initialised()
        def ring = SmallHost.initialised()
        ring.slot(0, 1, DATA)

        expect:
        killed { direct.call(1, DATA) } == 'already have lguest_data'
        killed { ring.call(0) } == 'already have lguest_data'
    }

    @Unroll("call #number is unknown")
    def "unknown calls kill, with a newline"() {
        expect:
        killed { SmallHost.initialised().call(number) } == "Bad hypercall $number\n"

        where:
        number << [11, 17, 99, -2, Integer.MIN_VALUE]
    }

    def "CRASH gives the text up to the first NUL, at most 127 bytes"() {
        given:
        def small = SmallHost.initialised()
        small.physical.write(0x50000, text.getBytes('ISO-8859-1'), 0, text.length())

        expect:
        killed { small.call(2, 0x50000) } == "CRASH: $reason"

        where:
        text                       || reason
        'Power down'               || 'Power down'
        ''                         || ''
        'a' * 200                  || 'a' * 127
        'a' * 127                  || 'a' * 127
        "gr\u00FC\u00DFe\0hidden"  || "gr\u00FC\u00DFe"
    }

    def "CRASH with a text outside memory dies of that"() {
        expect:
        killed { SmallHost.initialised().call(2, address) } == reason

        where:
        address             || reason
        0x40000000          || 'bad read address 0x40000000 len 128'
        RAM + 0x1000 - 128  || 'bad read address 0x200f80 len 128'
        0xFFFFFFF0          || 'bad read address 0xfffffff0 len 128'
    }

    @Unroll("call #number")
    def "no register but BIND_DMA's EAX changes"() {
        given:
        def small = SmallHost.initialised()
        def before = small.cpu.regs.clone()

        when:
        int eax = small.call(number, a1, a2, a3)

        then:
        eax == result
        small.register(CpuState.EDX) == (a1 & 0xFFFFFFFFL)
        small.register(CpuState.EBX) == (a2 & 0xFFFFFFFFL)
        small.register(CpuState.ECX) == (a3 & 0xFFFFFFFFL)
        [CpuState.ESP, CpuState.EBP, CpuState.ESI, CpuState.EDI].every { small.cpu.regs[it] == before[it] }

        where:
        number | a1                  | a2           | a3     || result
        0      | 1                   | 2            | 3      || 0
        4      | SmallHost.DIRECTORY | 2            | 3      || 4
        5      | 0                   | 2            | 3      || 5
        5      | 1                   | 2            | 3      || 5
        6      | 6                   | 0x1234       | 0x8E00 || 6
        8      | 0                   | 2            | 3      || 8
        9      | 0                   | 2            | 3      || 9
        12     | 0x60000             | 0x61001      | 0x101  || 1
        12     | 0x60000             | 0x61001      | 0x120  || 0
        13     | 0                   | 0x61000      | 3      || 13
        14     | SmallHost.DIRECTORY | 0x400000     | 0      || 14
        15     | SmallHost.DIRECTORY | 1            | 3      || 15
        16     | 0x40000             | 5            | 3      || 16
    }

    def "an observer can change, swallow and answer a call"() {
        given:
        def small = new SmallHost()
        def calls = []
        def observer = new HostObserver() {
            @Override
            boolean before(Hypercall call) {
                calls << "$call.number($call.a1)".toString()
                if (call.number == 13) {
                    call.a2 = 0x777
                }
                if (call.number == 12) {
                    call.result = 42
                    return false
                }
                return true
            }

            @Override
            void after(Hypercall call) {
                calls << "done $call.number".toString()
            }
        }
        def host = new Host(small.host.config(), small.cpu, small.linear, small.host.@clock,
            { int key, int dma -> small.sent << [key, dma]; 0 } as DmaOutput, observer)
        host.start(SmallHost.CODE)

        when:
        def answers = [[1, DATA, 0], [13, 0, 0x100], [12, 8, 0x100]].collect { number, a1, a2 ->
            small.cpu.regs[CpuState.EAX] = number
            small.cpu.regs[CpuState.EDX] = a1
            small.cpu.regs[CpuState.EBX] = a2
            host.softwareInterrupt(0x1F, small.cpu.eip - 2)
            small.cpu.regs[CpuState.EAX]
        }

        then:
        answers == [1, 13, 42]
        small.sent == [[0, 0x777]]
        calls == ["1($DATA)", 'done 1', '13(0)', 'done 13', '12(8)']*.toString()
        host.bindings().bindings().empty
    }

    def "an observer that throws beforehand leaves the call for another time, direct or from the ring"() {
        given:
        def small = new SmallHost()
        def broken = []
        def observer = new HostObserver() {
            @Override
            boolean before(Hypercall call) {
                if (call.number == 13 && broken.remove(0)) {
                    throw new IllegalStateException("before $call.a2")
                }
                return true
            }
        }
        def host = new Host(small.host.config(), small.cpu, small.linear, small.host.@clock,
            { int key, int dma -> small.sent << [key, dma]; 0 } as DmaOutput, observer)
        host.start(SmallHost.CODE + 2)
        small.cpu.regs[CpuState.EAX] = 1
        small.cpu.regs[CpuState.EDX] = DATA
        host.softwareInterrupt(0x1F, SmallHost.CODE)
        small.slot(0, 13, 0, 100)
        small.slot(1, 13, 0, 101)
        small.cpu.regs[CpuState.EAX] = 13
        small.cpu.regs[CpuState.EDX] = 0
        small.cpu.regs[CpuState.EBX] = 200
        broken = throwing.collect()

        when:
        int failures = 0
        boolean made = false
        while (!made) {
            small.cpu.eip = SmallHost.CODE + 2
            try {
                host.softwareInterrupt(0x1F, SmallHost.CODE)
                made = true
            } catch (IllegalStateException expected) {
                assert small.cpu.eip == SmallHost.CODE
                failures++
            }
        }

        then:
        failures == throwing.count(true)
        small.sent == [[0, 100], [0, 101], [0, 200]]
        small.cpu.eip == SmallHost.CODE + 2

        where:
        throwing << [
            [false, false, false],
            [true, false, false, false],
            [false, true, false, false],
            [false, false, true, false],
            [true, true, false, true, false, false]
        ]
    }

    def "the table knows its calls by name"() {
        expect:
        Generation.G1.calls().name(14) == 'SET_PTE'
        Generation.G1.calls().name(11) == 'hypercall 11'
        Generation.G1.calls().name(-1) == 'hypercall -1'
        Generation.G1.calls().numbers().size() == 16
        Generation.G1.calls().numbers().SEND_DMA == 13
    }
}
