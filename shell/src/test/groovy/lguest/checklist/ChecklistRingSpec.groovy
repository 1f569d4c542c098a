package lguest.checklist

import spock.lang.Title

@Title('Checklist 30 to 34: the ring')
class ChecklistRingSpec extends ChecklistSpecification {

    def "30: ring slots 0, 1, 2 ready and a direct FLUSH_ASYNC: executed in order, status 0xFF afterwards, slot 3 untouched"() {
        expect:
        printedBy('060-ring-order') == ['status ffffffff slot 3 77777777 slot 1 eax 0000000c', 'unbind of what the ring bound 00000001']
        puppyAgrees(30)
    }

    def "31: slot 5 ready but slot 3 (the cursor) 0xFF: nothing executed"() {
        expect:
        deathOf('061-ring-gap') == 'CRASH: from slot 5'
        printed == ['status 4..7 ffff00ff', 'status ffffffff ffff00ff']
        puppyAgrees(31)
    }

    def "32: the cursor wraps 63 -> 0 and persists between drains"() {
        expect:
        printedBy('062-ring-wrap') == [
            'sum of status after 64 calls 00003fc0', 'cursor is at 0: status ffff00ff', 'cursor is at 1: status ffffff00']
        puppyAgrees(32)
    }

    def "33: ring words are eax, edx, ebx, ecx"() {
        given: 'slot 0 says BIND_DMA(key, array, count and irq), and a direct call unbinds key and array'
        int key = 0x200000
        int array = 0x200100
        def slot0 = TinyGuest.DATA + 0x54
        def tiny = new TinyGuest().fill(TinyGuest.DATA + 0x14, 1, 0)
            .word(slot0, BIND_DMA).word(slot0 + 4, key).word(slot0 + 8, array).word(slot0 + 12, 0x105)
            .init().call(FLUSH_ASYNC).call(BIND_DMA, key, array, 0).store(TinyGuest.SCRATCH, TinyGuest.EAX).powerOff()

        when:
        printedBy(tiny)

        then:
        word(TinyGuest.SCRATCH) == 1
        word(TinyGuest.DATA + 0x14) == -1
        puppyAgrees(33)
    }

    def "34: a launcher SEND_DMA in slot 0 delays slot 1 and the direct call until after the launcher's handler ran; both then execute before the guest resumes"() {
        expect:
        printedBy('064-ring-send-delays') == [
            'slot 0', 'slot 1', 'slot 2', 'direct', 'status ffffffff used 00000007 00000007 00000007 00000007']
        puppyAgrees(34)
    }

    private static int getFLUSH_ASYNC() {
        0
    }

    private static int getBIND_DMA() {
        12
    }
}
