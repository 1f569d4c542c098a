package lguest.checklist

import spock.lang.Title

@Title('Checklist 1 to 13: booting')
class ChecklistBootSpec extends ChecklistSpecification {
    static final int MIB64 = 0x04000000

    def "1: LOAD segments whose p_vaddr - p_paddr differ are refused: different page offset"() {
        expect:
        refusalOf('012-offset-differs') == 'Page offset of section 1 different'
    }

    def "2: an image without the tag is refused: genuine"() {
        expect:
        refusalOf('013-no-tag').startsWith('Is this image a genuine lguest?')
    }

    def "3: with the tag at phys T and offset PO the first instruction executes at T+13+PO with CPL 1"() {
        expect:
        deathOf(new TinyGuest().code(UD2)) == 'unhandled trap 6 at 0xc010000d (0x0)'
        printedBy('002-entry-state').contains('cs 00000061')
        (guest.cpu().segments[1].selector & 3) == 1
    }

    def "4: at entry CS 0x61, DS=ES=SS 0x69, FS=GS 0, EFLAGS 0x202, all eight general registers 0"() {
        expect:
        printedBy('002-entry-state') == [
            *['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'esp'].collect { "$it 00000000" }, 'eflags 00000202',
            'cs 00000061', 'ds 00000069', 'es 00000069', 'ss 00000069', 'fs 00000000', 'gs 00000000']
        puppyAgrees(4)
    }

    def "5: with 64 MiB and no initrd CR3 = 0x03FFF000, PDE 768 = 0x03FEF007, PTE 0 = 7, PDE 0 = 0"() {
        given:
        make('003-pagetables-64m', memory: 64)

        expect:
        word(0x03FFF000 + 4 * 768) == 0x03FEF007
        word(0x03FFF000) == 0
        word(0x03FEF000) == 7

        when:
        run(guest)

        then:
        printed == [
            'pde 0 00000000', 'pde 1 00000000', 'pde 767 00000000', 'pde 768 03fef007', 'pde 769 03ff0007', 'pde 783 03ffe007',
            'pde 784 00000000', 'pde 1023 00000000', 'pte 0 00000007', 'pte 5 00005007', 'pte 1024 00400007', 'pte 16366 03fee007']
        puppyAgrees(5)
    }

    def "6: a read of virt 0x1000 before any NEW_PGTABLE kills with unhandled trap 14 and fault address 0x1000"() {
        expect:
        deathOf('004-no-identity') == 'unhandled trap 14 at 0xc010000d (0x1000)'
        puppy.killedBy('6').startsWith('unhandled trap 14 at 0x')
        puppy.killedBy('6').endsWith(' (0x1000)')
    }

    def "7: initrd of 5000 bytes, 64 MiB: 0x218 = 0x03FFE000, 0x21C = 0x2000, u8 at 0x210 = 0xFF, CR3 = 0x03FFD000"() {
        given:
        make('005-initrd', memory: 64, initrd: 5000)

        expect:
        word(0x218) == 0x03FFE000
        word(0x21C) == 0x2000
        guest.physical().read8(0x210) == 0xFF
        word(0x03FFD000 + 4 * 768) == 0x03FED007

        when:
        run(guest)

        then:
        printed == ['ff', 'image 03ffe000', 'size 00002000', 'pde 768 03fed007', 'pte 16381 03ffc027', 'first word 78787878',
                    'last word 78787878', 'after 00000000']
        puppyAgrees(7)
    }

    def "8: kernel args `a b`: phys 0x1000 holds 'a b ' (trailing space) and NUL"() {
        expect:
        printedBy('006-cmdline', cmdline: 'a b ') == ['ptr 00001000', 'words 20622061', 'then 00000000', 'then 00000000']
        puppyAgrees(8)
    }

    def "9: with no kernel args phys 0x1000 holds an empty string"() {
        expect:
        printedBy('007-cmdline-empty') == ['ptr 00001000', 'words 00000000']
    }

    def "10: e820: u8 0x1E8 = 1; {0, mem, 1} at 0x2D0"() {
        expect:
        printedBy('008-boot-params') == ['at 01e8 00000001', 'at 0228 00001000', 'at 023c 00000001', 'at 02d8 01000000', 'at 02e0 00000001']
        puppyAgrees(10)

        when:
        make('008-boot-params', memory: 64)

        then:
        guest.physical().read8(0x1E8) == 1
        (0..4).collect { word(0x2D0 + 4 * it) } == [0, 0, MIB64, 0, 1]
    }

    def "11: a bzImage's payload lands at 0x100000 if its first 1F 8B pair has gzip OS 3; another OS byte: Could not find kernel"() {
        expect:
        printedBy('017-bzimage') == ['entry c0100021', 'first word 123456a1', 'pde 768 00ffb007']
        word(0x100000) == 0x123456A1
        refusalOf('018-bzimage-other-os') == 'Could not find kernel in bzImage'
    }

    def "12: a bzImage with fewer than four A1-prefixed words agreeing: could not determine page offset"() {
        expect:
        refusalOf('019-bzimage-no-offset') == 'could not determine page offset'
    }

    private static int[] getUD2() {
        [0x0F, 0x0B] as int[]
    }
}
