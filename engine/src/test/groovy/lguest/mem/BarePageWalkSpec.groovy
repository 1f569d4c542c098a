package lguest.mem

import lguest.cpu.CpuFault
import lguest.cpu.CpuState
import lguest.cpu.Vector
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('The two-level page walk')
@See('Intel SDM vol. 3A, "32-Bit Paging", "Page-Fault Exceptions"')
class BarePageWalkSpec extends Specification {
    static final int LINEAR = 0x00402ABC
    static final int DIRECTORY_ENTRY = 0x1004
    static final int TABLE_ENTRY = 0x2008

    def physical = new PhysicalMemory(1 << 20)
    def cpu = new CpuState(cr0: 0x80000001 as int, cr3: 0x1018, cr4: CpuState.CR4_PSE)
    def walk = new BarePageWalk(cpu, physical)

    def "directory #pde, table #pte, WP #wp: a #access faults with #error"() {
        given:
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits(pde))
        physical.write32(TABLE_ENTRY, 0x5000 | bits(pte))
        cpu.cr0 |= wp ? CpuState.CR0_WP : 0
        cpu.cr2 = 0
        boolean write = access.contains('write')
        boolean user = access.contains('user')

        expect:
        outcome { walk.translate(LINEAR, write, user) } == error
        cpu.cr2 == (error == null ? 0 : LINEAR)

        where:
        pde   | pte   | wp    | access         || error
        ''    | 'PWU' | false | 'system read'  || 0
        ''    | 'PWU' | false | 'system write' || 2
        ''    | 'PWU' | false | 'user read'    || 4
        ''    | 'PWU' | false | 'user write'   || 6
        'PWU' | ''    | false | 'user write'   || 6
        'PWU' | 'WU'  | false | 'system read'  || 0
        'PWU' | 'PWU' | false | 'system read'  || null
        'PWU' | 'PWU' | true  | 'system write' || null
        'PWU' | 'PWU' | false | 'user read'    || null
        'PWU' | 'PWU' | false | 'user write'   || null
        'PWU' | 'PW'  | false | 'user read'    || 5
        'PWU' | 'PW'  | false | 'user write'   || 7
        'PW'  | 'PWU' | false | 'user read'    || 5
        'PW'  | 'PWU' | false | 'system write' || null
        'PWU' | 'PU'  | false | 'user read'    || null
        'PWU' | 'PU'  | false | 'user write'   || 7
        'PU'  | 'PWU' | false | 'user write'   || 7
        'PWU' | 'PU'  | false | 'system write' || null
        'PWU' | 'PU'  | true  | 'system write' || 3
        'PU'  | 'PWU' | true  | 'system write' || 3
        'PWU' | 'P'   | true  | 'system read'  || null
        'PWU' | 'P'   | true  | 'user write'   || 7
    }

    def "a #access of directory #pde, table #pte leaves #pdeAfter and #pteAfter"() {
        given:
        cpu.cr0 |= CpuState.CR0_WP
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits(pde))
        physical.write32(TABLE_ENTRY, 0x5000 | bits(pte))

        when:
        int found = walk.translate(LINEAR, access == 'write', false)

        then:
        (found & 0xFFFFF000 as int) == 0x5000
        ((found & PageWalk.USER) != 0) == user
        ((found & PageWalk.WRITABLE) != 0) == writable
        (physical.read32(DIRECTORY_ENTRY) & bits('AD')) == bits(pdeAfter)
        (physical.read32(TABLE_ENTRY) & bits('AD')) == bits(pteAfter)

        where:
        pde   | pte    | access  || pdeAfter | pteAfter | user  | writable
        'PWU' | 'PWU'  | 'read'  || 'A'      | 'A'      | true  | false
        'PWU' | 'PWU'  | 'write' || 'A'      | 'AD'     | true  | true
        'PWU' | 'PWUD' | 'read'  || 'A'      | 'AD'     | true  | true
        'PWU' | 'PUD'  | 'read'  || 'A'      | 'AD'     | true  | false
        'PW'  | 'PWU'  | 'read'  || 'A'      | 'A'      | false | false
        'PW'  | 'PWD'  | 'read'  || 'A'      | 'AD'     | false | true
    }

    def "a fault marks nothing"() {
        given:
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits('PWU'))
        physical.write32(TABLE_ENTRY, 0x5000 | bits('PW'))

        when:
        walk.translate(LINEAR, true, true)

        then:
        thrown(CpuFault)
        physical.read32(DIRECTORY_ENTRY) == (0x2000 | bits('PWU'))
        physical.read32(TABLE_ENTRY) == (0x5000 | bits('PW'))
    }

    def "a #access of a 4 MiB page at #frame, entry #flags: error #error"() {
        given:
        physical.write32(DIRECTORY_ENTRY, frame | bits(flags))
        int found = -1

        expect:
        outcome { found = walk.translate(LINEAR, access.contains('write'), access.contains('user')) } == error
        (found & 0xFFFFF000 as int) == page
        physical.read32(DIRECTORY_ENTRY) == (frame | bits(flags) | bits(marks))

        where:
        frame    | flags | access         || error | page     | marks
        0xC00000 | 'PWS' | 'system read'  || null  | 0xC02000 | 'A'
        0xC00000 | 'PWS' | 'system write' || null  | 0xC02000 | 'AD'
        0xC00000 | 'PWS' | 'user read'    || 5     | -4096    | ''
        0xC00000 | 'PSU' | 'user write'   || 7     | -4096    | ''
        0xC00000 | 'SU'  | 'user write'   || 6     | -4096    | ''
        0xC01000 | 'PSU' | 'user read'    || 0xD   | -4096    | ''
        0xE00000 | 'PSW' | 'system write' || 0xB   | -4096    | ''
    }

    def "PS means nothing without CR4.PSE"() {
        given:
        cpu.cr4 = 0
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits('PWS'))
        physical.write32(TABLE_ENTRY, 0x5000 | bits('PW'))

        expect:
        walk.translate(LINEAR, false, false) == 0x5000
    }

    def "without paging every address is its own, for everybody"() {
        given:
        cpu.cr0 = 1

        expect:
        walk.translate(0xFEE00123 as int, true, true) == (0xFEE00000 as int | PageWalk.USER | PageWalk.WRITABLE)
        walk.peek(0x1234) == (0x1000 | PageWalk.USER | PageWalk.WRITABLE)
    }

    def "peek finds #expected behind directory #pde, table #pte, and changes nothing"() {
        given:
        cpu.cr2 = 77
        physical.write32(DIRECTORY_ENTRY, directory | bits(pde))
        physical.write32(TABLE_ENTRY, table | bits(pte))

        expect:
        walk.peek(LINEAR) == expected
        cpu.cr2 == 77
        physical.read32(DIRECTORY_ENTRY) == (directory | bits(pde))
        physical.read32(TABLE_ENTRY) == (table | bits(pte))

        where:
        directory | pde  | table  | pte  || expected
        0x2000    | 'PU' | 0x5000 | 'PU' || 0x5001
        0x2000    | 'PU' | 0x5000 | 'P'  || 0x5000
        0x2000    | 'P'  | 0x5000 | ''   || -1
        0         | ''   | 0x5000 | 'P'  || -1
        0xC00000  | 'PS' | 0      | ''   || 0xC02000
        0xC01000  | 'PS' | 0      | ''   || -1
    }

    def "the TLB keeps what was granted until it is flushed"() {
        given:
        def mem = new LinearMemory(cpu, physical, walk)
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits('PWU'))
        physical.write32(TABLE_ENTRY, 0x5000 | bits('PWU'))
        physical.write32(0x5ABC, 0x11111111)
        physical.write32(0x6ABC, 0x22222222)

        when:
        int first = mem.read32(LINEAR)
        physical.write32(TABLE_ENTRY, 0x6000 | bits('PWU'))
        int stale = mem.read32(LINEAR)
        mem.flush()
        int fresh = mem.read32(LINEAR)

        then:
        [first, stale, fresh] == [0x11111111, 0x11111111, 0x22222222]
    }

    def "the first write after a read sets D"() {
        given:
        def mem = new LinearMemory(cpu, physical, walk)
        physical.write32(DIRECTORY_ENTRY, 0x2000 | bits('PWU'))
        physical.write32(TABLE_ENTRY, 0x5000 | bits('PWU'))

        when:
        mem.read32(LINEAR)
        int afterRead = physical.read32(TABLE_ENTRY) & bits('AD')
        mem.write32(LINEAR, 1)
        int afterWrite = physical.read32(TABLE_ENTRY) & bits('AD')

        then:
        [afterRead, afterWrite] == [bits('A'), bits('AD')]
    }

    /** The entry with these bits: Present, Writable, User, Accessed, Dirty, page Size. */
    private static int bits(String names) {
        names.collect { [P: 1, W: 2, U: 4, A: 0x20, D: 0x40, S: 0x80][it] }.sum(0) as int
    }

    /** The error code of the page fault, or null for none. */
    private static Integer outcome(Closure action) {
        try {
            action()
            return null
        } catch (CpuFault fault) {
            assert fault.vector() == Vector.PF
            return fault.errorCode()
        }
    }
}
