package lguest.host

import static lguest.host.SmallHost.CODE
import static lguest.host.SmallHost.DIRECTORY

import lguest.cpu.CpuState
import lguest.cpu.Segment
import spock.lang.Specification
import spock.lang.Title

@Title('The processor as a guest finds it')
class HostStartSpec extends Specification {
    def small = new SmallHost()

    def "registers, segments and flags are those of the first instruction"() {
        expect:
        small.cpu.eip == CODE
        small.cpu.eflags() == 0x202
        small.cpu.cpl == 1
        small.cpu.cr3 == DIRECTORY
        small.cpu.paging() && small.cpu.protectedMode()
        (small.cpu.cr0 & CpuState.CR0_WP) != 0
        (small.cpu.cr0 & (CpuState.CR0_TS | CpuState.CR0_EM)) == 0
        small.cpu.regs.toList().indexed().every { i, value -> value == 0 || i == CpuState.ESP }
    }

    def "segment register #name holds #selector"() {
        expect:
        small.cpu.segments[number].selector == selector
        small.cpu.segments[number].flat == (selector == 0x69)

        where:
        number     | selector
        Segment.CS | 0x61
        Segment.SS | 0x69
        Segment.DS | 0x69
        Segment.ES | 0x69
        Segment.FS | 0
        Segment.GS | 0
        name = Segment.name(number)
    }

    def "a PAGE_OFFSET in the last 4 MiB is refused"() {
        when:
        new HostConfig(1, 0, (int) 0xFFC00000L, 0, 0, false)

        then:
        def e = thrown(IllegalArgumentException)
        e.message.contains '0xffc00000'
    }
}
