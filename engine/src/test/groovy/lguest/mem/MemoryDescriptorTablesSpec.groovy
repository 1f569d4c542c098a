package lguest.mem

import lguest.cpu.CpuState
import spock.lang.Specification
import spock.lang.Title

@Title('Descriptor tables in linear memory')
class MemoryDescriptorTablesSpec extends Specification {
    def physical = new PhysicalMemory(1 << 16)
    def cpu = new CpuState(gdtBase: 0x1000, gdtLimit: 0x1F)
    def mem = new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical))
    def tables = new MemoryDescriptorTables(cpu, mem)

    def setup() {
        cpu.ldtr.load(0x18, 0x20000017, 0x8200)
        physical.write64(0x1010, 0x1122334455667788L)
        physical.write64(0x2008, 0x0102030405060708L)
    }

    def "selector #selector finds its descriptor"() {
        expect:
        tables.descriptor(selector) == descriptor

        where:
        selector || descriptor
        0x10     || 0x1122334455667788L
        0x13     || 0x1122334455667788L
        0x0C     || 0x0102030405060708L
        0x0F     || 0x0102030405060708L
    }

    def "a descriptor that is not wholly inside its table does not exist: #selector"() {
        when:
        tables.descriptor(selector)

        then:
        def outside = thrown(IndexOutOfBoundsException)
        outside.message == message

        where:
        selector || message
        0x20     || 'selector 0x0020: GDT ends at 0x1f'
        0x1C     || 'selector 0x001c: LDT ends at 0x17'
        0xFFFF   || 'selector 0xffff: LDT ends at 0x17'
    }

    def "a GDT limit in the middle of a descriptor cuts it off"() {
        given:
        cpu.gdtLimit = 0x16

        when:
        tables.descriptor(0x10)

        then:
        thrown(IndexOutOfBoundsException)
    }

    def "no LDT is an empty one"() {
        given:
        cpu.ldtr.loadNull(0)

        when:
        tables.descriptor(4)

        then:
        thrown(IndexOutOfBoundsException)
    }

    def "the high dword is stored anew"() {
        when:
        tables.storeHigh(0x13, 0x55)

        then:
        tables.descriptor(0x10) == 0x0000005555667788L
    }

    def "user mode reads tables that its pages hide from it"() {
        given:
        cpu.cr0 = 0x80000001 as int
        cpu.cr3 = 0x4000
        physical.write32(0x4000, 0x5003)
        physical.write32(0x5004, 0x1003)
        mem.setCpl(3)

        expect:
        tables.descriptor(0x10) == 0x1122334455667788L
        cpu.cpl == 3
    }
}
