package lguest.checklist

import spock.lang.Title
import spock.lang.Unroll

@Title('Checklist 50 to 56: paging')
class ChecklistPagingSpec extends ChecklistSpecification {

    def "50: reading then writing a fresh writable page sets PTE A, then A and D"() {
        expect:
        printedBy('120-ad-bits') == ['fresh 00310007', 'read 00310027', 'written 00310067', 'written first 00311067',
                                     'untouched 00312007', 'pde less A 00300007']
        puppyAgrees(50)
    }

    def "51: a CPL 1 write to a read-only page faults with W set and U clear"() {
        expect:
        printedBy('121-ro-write')[0] == 'write after read: vec=0e err=00000003 cs=0061 eip=+0000 if=0'
        puppyAgrees(51)
    }

    @Unroll('52: #what kills on use')
    def "52: what an entry may not have"() {
        expect:
        deathOf(small) == reason

        where:
        what                                                       | small                  | reason
        'a PDE with bit 7'                                         | '124-pde-ps'           | 'bad page directory entry'
        'a PDE with PCD'                                           | '126-pde-pcd'          | 'bad page directory entry'
        'a PTE with bit 3 (PWT)'                                   | '128-pte-pwt'          | 'bad page table entry'
        'a PTE with bit 7'                                         | '129-pte-bit7'         | 'bad page table entry'
        'SET_PTE of a value with A and PWT, the directory in use,' | '138-setpte-bad-flags' | 'bad page table entry'
    }

    def "52: a PTE with bit 4 (PCD) works"() {
        expect:
        printedBy('130-pte-fine-bits') == ['pcd abcd1234 00310037', 'g abcd1234 00310127', 'avl abcd1234 00310e67']
        puppyAgrees(52)
        puppy.killedBy('52') == 'bad page directory entry'
        puppy.killedBy('52b') == 'bad page table entry'
    }

    def "53: a PTE whose pfn equals pfn_limit kills; pfn_limit - 1 works"() {
        expect:
        deathOf('131-pte-limit') == 'bad page table entry'
        printed == ['descriptor page 00000001']
        deathOf('127-pde-limit') == 'bad page directory entry'
        puppy.killedBy('53') == 'bad page table entry'
        puppyAgrees(53)
    }

    def "54: after editing a PTE and SET_PTE(dir, virt, 0) the next access uses the new PTE"() {
        expect:
        printedBy('132-set-pte') == [
            'old 11111111', 'new 22222222', 'value without A 11111111', 'value with A and D 22222222', 'after a write 33333333 pte 00311067']
        puppyAgrees(54)
    }

    def "54: likewise FLUSH_TLB(0) below PO, FLUSH_TLB(1) anywhere, NEW_PGTABLE"() {
        expect:
        printedBy('133-flush-tlb') == [
            'user old 11111111', 'user new 22222222', 'user after 1 11111111', 'kernel old 11111111', 'kernel new 22222222',
            'kernel, set_pte in any directory 11111111']
        printedBy('134-new-pgtable') == [
            'first 11111111', 'second 22222222', 'first again 11111111', 'first, changed while away 22222222']
    }

    def "55: SET_PTE at virt 0xFFC00000 kills; SET_PMD index 1023 does not"() {
        expect:
        deathOf('136-setpte-switcher') == 'attempt to access switcher pages'
        puppy.killedBy('55') == 'attempt to access switcher pages'
        printedBy('135-set-pmd').contains('ignored ones survive')
        puppyAgrees(55)
    }

    def "56: cr2 at +0x08 holds the address before handler 14 runs"() {
        expect:
        printedBy('121-ro-write')[1] == 'cr2 00400123'
        printedBy('122-pf-codes').findAll { it.startsWith(' cr2') } == [
            *[' cr2 12345678'] * 2, *[' cr2 00400abc'] * 4, ' cr2 00400000', ' cr2 00401000']
        puppyAgrees(56)
    }
}
