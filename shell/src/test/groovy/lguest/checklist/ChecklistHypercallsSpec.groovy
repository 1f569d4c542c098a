package lguest.checklist

import spock.lang.Title
import spock.lang.Unroll

@Title('Checklist 19 to 29: hypercalls')
class ChecklistHypercallsSpec extends ChecklistSpecification {

    def "19: arguments are taken from EDX, EBX, ECX (BIND(key, array at an odd address) returns 1; with EDX and EBX exchanged it kills)"() {
        expect:
        deathOf('030-arg-registers') == 'bad dma key 0x210001'
        printed == ['bind(key aligned, array odd) 00000001']
        puppyAgrees(19)
    }

    def "20: after any call but BIND_DMA all registers, EAX included, are unchanged"() {
        when:
        def lines = printedBy('031-regs-preserved')
        def calls = lines.findAll { it =~ / cf=1$/ }

        then: 'each line says EAX EDX EBX ECX, then ESI EDI EBP, after the call'
        calls.size() == 13
        calls.every { it.endsWith(' 51515151 d1d1d1d1 b9b9b9b9 cf=1') }
        calls.collect { registers(it)[0] } == [0, 3, 4, 5, 5, 6, 7, 8, 9, 13, 14, 15, 16]
        puppyAgrees(20)
    }

    def "21: call 11 and call 17 kill; the reason ends with a newline"() {
        expect:
        deathOf('032-bad-call-11') == 'Bad hypercall 11\n'
        deathOf('033-bad-call-17') == 'Bad hypercall 17\n'
        deathOf('034-bad-call-negative') == 'Bad hypercall -2\n'
        puppy.killedBy('21') == 'Bad hypercall 11\n'
        puppy.killedBy('21b') == 'Bad hypercall 17\n'
    }

    def "22: INT 0x1F at CPL 3 gives the guest #GP with error code 0xFA"() {
        expect:
        printedBy('035-cpl3-int1f')[0].startsWith('int 0x1f: vec=0d err=000000fa cs=0073 eip=+0000 ')
        puppyAgrees(22)
    }

    def "23: CRASH with a 200-character text yields 'CRASH: ' + 127 characters"() {
        expect:
        deathOf('036-crash-long') == 'CRASH: ' + ('0123456789' * 20).take(127)
        puppy.killedBy('23') == 'CRASH: ' + 'x' * 127
    }

    def "24: CRASH at an out-of-range address yields the bad-read reason"() {
        expect:
        deathOf('038-crash-out-of-range') == 'bad read address 0x40000000 len 128'
        puppy.killedBy('24') == 'bad read address 0x40000000 len 128'
    }

    def "25: LOAD_GDT with 33 entries kills"() {
        expect:
        deathOf('041-gdt-33') == 'too many gdt entries 33'
        puppy.killedBy('25') == 'too many gdt entries 33'
    }

    def "26: LOAD_GDT with entry 15 high 0x00CFF200 reads back effective 0x00CFF300; entry 13 with DPL 0 becomes DPL 1; entries 10, 11, 16, 31 are unaffected"() {
        when:
        def lines = printedBy('042-gdt-fixups')
        def loaded = lines.drop(lines.indexOf('load') + 1)

        then: 'LAR shows bits 8 to 23 of the high word, and fails for what ring 1 may not see'
        loaded.contains('sel 007b lar 00c0f300 lsl ffffffff')
        loaded.contains('sel 0068 lar 00c0b300 lsl ffffffff')
        ['0050', '0058', '0080', '00f8'].every { loaded.contains("sel $it lar fails".toString()) }
        puppyAgrees(26)
    }

    def "27: LOAD_IDT_ENTRY(14, x, type 5 present) kills; (8, type 5) does not; (0x50, type 5) does not"() {
        expect:
        deathOf('047-idt-bad-type') == 'bad IDT type 5'
        printedBy('048-idt-ignored') == ['8', '2 15 1f', '40 50 ff 100 80000006', '6, type 5, not present']
        puppy.killedBy('27') == 'bad IDT type 5'
    }

    def "28: LOAD_IDT_ENTRY with hi bit 15 clear removes a handler"() {
        expect:
        deathOf('050-idt-clear') == 'unhandled trap 6 at 0xc0100090 (0x0)'
        printed == ['ud2: vec=06 err=none cs=0061 eip=+0000 if=0', 'removed']
        puppyAgrees(28)
    }

    @Unroll('29: SET_STACK kills #what')
    def "29: what SET_STACK refuses"() {
        expect:
        deathOf(small) == reason
        puppy.killedBy(way) == puppyReason

        where:
        what                           | small                    | reason                    | way   | puppyReason
        'with SS RPL 0'                | '052-setstack-rpl0'      | 'bad stack segment 104'   | '29'  | 'bad stack segment 104'
        'with SS RPL 3'                | '053-setstack-rpl3'      | 'bad stack segment 123'   | '29b' | 'bad stack segment 107'
        'with 3 pages'                 | '054-setstack-pages'     | 'bad stack pages 3'       | '29c' | 'bad stack pages 3'
        'with an unmapped stack page'  | '055-setstack-unmapped'  | 'bad stack page 0x401fff' | '29d' | 'bad stack page 0x3fffffff'
    }

    def "29: SET_STACK with a clean writable page sets A and D in its PTE"() {
        expect:
        deathOf('057-setstack-ad-bits') == 'bad stack page 0x404000'
        printed == ['one page: 00310003 00311063 00312003', 'two pages: 00310063 00311063 00312003', 'no page: 00310063 00311063 00312003']
        puppyAgrees(29)
    }

    /** EAX, EDX, EBX, ECX from a line of {@code 031-regs-preserved}. */
    private static List<Integer> registers(String line) {
        (line =~ /\b[0-9a-f]{8}\b/).collect { Integer.parseUnsignedInt(it, 16) }.take(4)
    }
}
