package lguest.host

import static lguest.host.SmallHost.DIRECTORY
import static lguest.host.SmallHost.RAM
import static lguest.host.SmallHost.TABLE
import static lguest.host.SmallHost.killed

import lguest.cpu.CpuFault
import lguest.mem.PageWalk
import spock.lang.Specification
import spock.lang.Title
import spock.lang.Unroll

@Title("Walking the guest's page tables")
class HostPageWalkSpec extends Specification {
    def small = SmallHost.initialised()

    /** The outcome in words: page and rights, a fault's code, or the kill reason. */
    private String walk(long linear, boolean write, boolean user) {
        try {
            int found = small.host.walk().translate((int) linear, write, user)
            return Integer.toHexString(found & ~0xFFF) + ((found & PageWalk.USER) != 0 ? ' user' : '') +
                ((found & PageWalk.WRITABLE) != 0 ? ' writable' : '')
        } catch (CpuFault e) {
            assert (small.cpu.cr2 & 0xFFFFFFFFL) == linear
            return "#$e.vector code $e.errorCode"
        } catch (lguest.cpu.GuestKilled e) {
            return e.message
        }
    }

    @Unroll("#access of #given")
    def "Accessed is set on any access, Dirty on a write, in guest memory"() {
        given:
        small.pte(0, given)

        expect:
        walk(0x400123, access.contains('write'), access.contains('user')) == outcome
        small.pte(0) == after

        where:
        access       | given    || outcome              | after
        'read'       | 0x50007  || '50000 user'          | 0x50027
        'read'       | 0x50003  || '50000'               | 0x50023
        'write'      | 0x50007  || '50000 user writable' | 0x50067
        'read'       | 0x50047  || '50000 user writable' | 0x50067
        'read'       | 0x50045  || '50000 user'          | 0x50065
        'user read'  | 0x50005  || '50000 user'          | 0x50025
        'user write' | 0x50007  || '50000 user writable' | 0x50067
        'read'       | 0x50E17  || '50000 user'          | 0x50E37
        'read'       | 0x50107  || '50000 user'          | 0x50127
    }

    @Unroll("#access of #given")
    def "what is not allowed is a page fault and changes nothing"() {
        given:
        small.pte(0, given)

        expect:
        walk(0x400123, access.contains('write'), access.contains('user')) == "#14 code $code"
        small.pte(0) == given

        where:
        access       | given   || code
        'read'       | 0       || 0
        'write'      | 0       || 2
        'user read'  | 0       || 4
        'user write' | 0       || 6
        'write'      | 0x50005 || 3
        'user write' | 0x50005 || 7
        'user read'  | 0x50003 || 5
        'user write' | 0x50003 || 7
        'read'       | 0x500A0 || 0
    }

    @Unroll("#access, directory entry #pde")
    def "rights of the directory entry count, too"() {
        given:
        small.pte(0, 0x50007)
        small.put(DIRECTORY + 4, TABLE | pde)

        expect:
        walk(0x400000, access.contains('write'), access.contains('user')) == outcome

        where:
        access      | pde  || outcome
        'write'     | 5    || '#14 code 3'
        'user read' | 3    || '#14 code 5'
        'read'      | 1    || '50000'
        'read'      | 0    || '#14 code 0'
        'read'      | 0x67 || '50000 user'
    }

    @Unroll("directory entry #pde, table entry #pte")
    def "entries that break the rules kill on use"() {
        given:
        small.pte(0, pte)
        small.put(DIRECTORY + 4, pde)

        expect:
        walk(0x400000, false, false) == reason

        where:
        pde           | pte           || reason
        0x30087       | 0x50007       || 'bad page directory entry'
        0x30017       | 0x50007       || 'bad page directory entry'
        0x3000F       | 0x50007       || 'bad page directory entry'
        0x30107       | 0x50007       || 'bad page directory entry'
        0x30207       | 0x50007       || 'bad page directory entry'
        RAM + 0x1007  | 0x50007       || 'bad page directory entry'
        0xFFFFF007    | 0x50007       || 'bad page directory entry'
        0x30007       | 0x5000F       || 'bad page table entry'
        0x30007       | 0x50087       || 'bad page table entry'
        0x30007       | RAM + 0x1007  || 'bad page table entry'
        0x30007       | 0xFFFFF007    || 'bad page table entry'
        0x30007       | RAM + 7       || '200000 user'
        0x30086       | 0x50007       || '#14 code 0'
    }

    def "the last 4 MiB fault while their directory entry is absent, and kill otherwise"() {
        expect:
        walk(0xFFFFF000, false, false) == '#14 code 0'
        walk(0xFFC00000, true, true) == '#14 code 6'
        walk(0xFFBFFFFC, false, false) == '#14 code 0'

        when:
        small.put(DIRECTORY + 1023 * 4, TABLE | 7)

        then:
        walk(0xFFFFF000, false, false) == 'attempt to access switcher pages'
    }

    def "a directory outside memory kills when it is used"() {
        given:
        small.call(4, 0x40000000)

        expect:
        walk(0xC0000000, false, false) == 'bad read address 0x40000c00'
    }

    def "peeking changes nothing and never kills"() {
        given:
        small.pte(0, pte)
        small.put(DIRECTORY + 4, pde)
        small.cpu.cr2 = 77

        expect:
        small.host.walk().peek(0x400123) == found
        small.pte(0) == pte
        small.cpu.cr2 == 77

        where:
        pde     | pte     || found
        0x30007 | 0x50007 || 0x50001
        0x30007 | 0x50047 || 0x50003
        0x30007 | 0       || -1
        0x30007 | 0x5000F || -1
        0       | 0x50007 || -1
        0x30087 | 0x50007 || -1
    }

    def "peeking into nowhere finds nothing"() {
        given:
        small.put(DIRECTORY + 1023 * 4, TABLE | 7)

        expect:
        small.host.walk().peek((int) 0xFFFFF000L) == -1

        when:
        small.call(4, 0x40000000)

        then:
        small.host.walk().peek(SmallHost.CODE) == -1
    }

    // ---- announcements

    private int read(int linear) {
        small.linear.read32(linear)
    }

    def "SET_PTE forgets one page"() {
        given:
        small.put(0x50000, 1)
        small.put(0x51000, 2)
        small.pte(0, 0x50007)
        read(0x400000)
        small.pte(0, 0x51007)

        expect:
        read(0x400000) == 1

        when:
        small.call(14, DIRECTORY, 0x400000, value)

        then:
        read(0x400000) == 2

        where:
        value << [0, 0x51007, 0x51067]
    }

    def "#call of the kernel's part is seen in all directories"() {
        given:
        def linear = SmallHost.PO + 0x50000
        small.put(0x50000, 1)
        small.put(0x51000, 2)
        read(linear)
        small.put(SmallHost.LINEAR + 0x50 * 4, 0x51007)

        when:
        small.call(number, a1, a2)

        then:
        read(linear) == seen

        where:
        call                         | number | a1        | a2         || seen
        'SET_PTE'                    | 14     | 0x1234000 | 0xC0050000 || 2
        'SET_PMD'                    | 15     | DIRECTORY | 768        || 2
        'FLUSH_TLB of everything'    | 5      | 1         | 0          || 2
        'FLUSH_TLB of the user part' | 5      | 0         | 0          || 1
    }

    def "#call of the user's part"() {
        given:
        small.put(0x50000, 1)
        small.put(0x51000, 2)
        small.pte(0, 0x50007)
        read(0x400000)
        small.pte(0, 0x51007)

        when:
        small.call(number, a1, a2)

        then:
        read(0x400000) == seen

        where:
        call                        | number | a1         | a2    || seen
        'SET_PMD'                   | 15     | DIRECTORY  | 1     || 2
        'SET_PMD of another region' | 15     | DIRECTORY  | 2     || 1
        'SET_PMD, unknown'          | 15     | 0x12345000 | 1     || 1
        'SET_PMD 1023'              | 15     | DIRECTORY  | 1023  || 1
        'SET_PMD -1'                | 15     | DIRECTORY  | -1    || 1
        'FLUSH_TLB of everything'   | 5      | 1          | 0     || 2
        'FLUSH_TLB'                 | 5      | 0          | 0     || 2
        'NEW_PGTABLE'               | 4      | DIRECTORY  | 0     || 2
    }

    def "NEW_PGTABLE switches the lower half"() {
        given:
        small.put(0x50000, 1)
        small.put(0x51000, 2)
        small.pte(0, 0x50007)
        small.put(0x60000 + 768 * 4, SmallHost.LINEAR | 7)
        small.put(0x60000 + 4, 0x61007)
        small.put(0x61000, 0x51007)

        expect:
        read(0x400000) == 1

        when:
        small.call(4, 0x60000)

        then:
        read(0x400000) == 2
        small.cpu.cr3 == 0x60000

        when:
        small.call(4, DIRECTORY)

        then:
        read(0x400000) == 1
    }

    def "SET_PTE in the last 4 MiB kills"() {
        expect:
        killed { small.call(14, DIRECTORY, 0xFFC00000, 0) } == 'attempt to access switcher pages'
    }

    @Unroll("value #value, used #used, strict #strict")
    def "SET_PTE looks at values that were touched, if the directory entry is in use"() {
        given:
        small = SmallHost.initialised(strict)
        small.pte(0, 0x50007)
        if (used) {
            read(0x400000)
        }

        expect:
        killed { small.call(14, DIRECTORY, 0x400000, value) } == (bad ? 'bad page table entry' : null)

        where:
        value      | used  | strict || bad
        0x5002F    | false | false  || false
        0x5002F    | true  | false  || true
        0x5004F    | true  | false  || true
        0x5000F    | true  | false  || false
        0x500A0    | true  | false  || false
        0x500A0    | true  | true   || true
        0x50060    | true  | true   || false
        0x50067    | true  | false  || false
        0x40000067 | true  | false  || true
    }

    @Unroll("call #number(#a1, #a2) in between: forgotten #forgotten")
    def "what is in use is forgotten with the translations"() {
        given:
        small.pte(0, 0x50007)
        read(0x400000)

        when:
        small.call(number, a1, a2)

        then:
        (killed { small.call(14, DIRECTORY, 0x400000, 0x5002F) } == null) == forgotten

        where:
        number | a1        | a2       || forgotten
        5      | 0         | 0        || true
        5      | 1         | 0        || true
        15     | DIRECTORY | 1        || true
        15     | DIRECTORY | 2        || false
        14     | DIRECTORY | 0x400000 || false
        4      | 0x60000   | 0        || false
    }

    def "the fifth directory takes the place of another"() {
        given:
        small.pte(0, 0x50007)
        read(0x400000)

        when:
        (1..directories).each { small.call(4, 0x60000 + it * 0x1000) }

        then:
        (killed { small.call(14, DIRECTORY, 0x400000, 0x5002F) } == null) == forgotten

        where:
        directories || forgotten
        3           || false
        4           || true
    }

    def "the kernel's stack must be in every directory the Host sees for the first time"() {
        given:
        small.pte(1, 0x50003)
        small.call(7, 0x69, 0x402000, 1)

        expect:
        killed { small.call(4, 0x60000) } == 'bad stack page 0x401fff'
    }
}
