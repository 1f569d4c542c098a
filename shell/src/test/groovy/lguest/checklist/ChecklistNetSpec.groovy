package lguest.checklist

import java.nio.file.Files
import java.time.Duration
import lguest.machine.Guest
import lguest.machine.Limit
import lguest.machine.Stop
import spock.lang.Title

@Title('Checklist 58 to 63: DMA between two guests on one sharenet file')
class ChecklistNetSpec extends ChecklistSpecification {
    static final int MEMORY = 0x1000000
    static final int NET_PAGE = MEMORY + 0x1000
    static final int BUFFERS = TinyGuest.SCRATCH
    static final int PARCEL = TinyGuest.SCRATCH + 0x400
    static final int BYTES = 0x200000
    static final int LINE_1 = 1 << 1
    static final int BIND_DMA = 12
    static final int SEND_DMA = 13
    static final int HALT = 10

    /** The launcher's table maps RAM only: this entry, for a page that nobody uses, shall point to the net's. */
    static final int ENTRY = MEMORY - 0x5000 + (0x300000 >> 12) * 4
    static final int NET_MAPPED = 0x300000

    /** A struct lguest_dma. @param sections physical address and length of each */
    static TinyGuest list(TinyGuest guest, int at, Map<Integer, Integer> sections, int usedLen = 0) {
        guest.word(at, usedLen)
        sections.eachWithIndex { addr, len, i -> guest.word(at + 4 + 4 * i, addr) }
        sections.values().collate(2).eachWithIndex { pair, i -> guest.word(at + 0x44 + 4 * i, pair[0] | (pair[1] ?: 0) << 16) }
        guest
    }

    /** Binds some structs to key 0 and sleeps. */
    Guest receiver(List<Map<Integer, Integer>> buffers, List<Integer> usedLens = [0] * buffers.size()) {
        def tiny = new TinyGuest()
        buffers.eachWithIndex { buffer, i -> list(tiny, BUFFERS + 100 * i, buffer, usedLens[i]) }
        def guest = make(tiny.init().call(BIND_DMA, NET_PAGE, BUFFERS, buffers.size() << 8 | 1).call(HALT), net: true)
        run(guest, Limit.guestTime(Duration.ofMillis(1)))
        assert guest.state() == Guest.State.HALTED
        guest
    }

    /** Sends to key 0 so many times and powers off. The bytes sent are 0, 1, 2... */
    Guest sender(Map<Integer, Integer> sections, int times = 1) {
        def tiny = list(new TinyGuest(), PARCEL, sections, 0x5555).init()
        times.times { tiny.call(SEND_DMA, NET_PAGE, PARCEL) }
        def guest = make(tiny.powerOff(), net: true)
        0x1000.times { guest.physical().write8(BYTES + it, it) }
        run(guest)
        guest
    }

    static List<Integer> bytes(Guest guest, int at, int count) {
        (0..<count).collect { guest.physical().read8(at + it) }
    }

    static List<Integer> counting(int from, int count) {
        (from..<from + count).collect { it & 0xFF }
    }

    def "59: two guests on one sharenet file: slots 0 and 1, and each sees the other's MAC"() {
        given:
        def up = { int slot ->
            new TinyGuest().init().mov(TinyGuest.EAX, NET_PAGE | 7).store(ENTRY, TinyGuest.EAX)
                .code(0xA1, 0x58, 0x14, 0x10, 0xC0)                 // MOV EAX, [lguest_data.guestid]
                .code(0xC1, 0xE0, 0x10, 0x83, 0xC8, 0x02)           // SHL EAX, 16; OR EAX, 2
                .store(NET_MAPPED + 6 * slot, TinyGuest.EAX)
                .code(0x31, 0xC0, 0x66, 0xA3).code(*littleEndian(0xC0000000L + NET_MAPPED + 6 * slot + 4))
                .code(0xA1).code(*littleEndian(0xC0000000L + NET_MAPPED + 6 * (1 - slot)))
                .store(TinyGuest.SCRATCH, TinyGuest.EAX).call(HALT)
        }

        when:
        def guests = [0, 1].collect { make(up(it), net: true) }
        guests.each { run(it, Limit.guestTime(Duration.ofMillis(1))) }

        then:
        guests*.bus()*.descriptors()*.first()*.features() == [0x4000, 0x4001]

        when:
        def ids = guests.collect { it.physical().read32(TinyGuest.DATA + 0x458) }

        then:
        ids[0] != ids[1]
        Files.readAllBytes(folder.resolve('net')).toList().take(12) == [2, 0, ids[0], 0, 0, 0, 2, 0, ids[1], 0, 0, 0]
        guests[1].physical().read32(TinyGuest.SCRATCH) == (ids[0] << 16 | 2)
    }

    static List<Integer> littleEndian(long word) {
        [0, 8, 16, 24].collect { (int) (word >> it & 0xFF) }
    }

    def "59: what is sent arrives once, used_len equal on both sides, receiver's irq raised"() {
        given:
        def to = receiver([[(BYTES): 1514], [(BYTES + 0x1000): 1514]])

        when:
        def from = sender([(BYTES): 60])

        then:
        from.physical().read32(PARCEL) == 60
        to.physical().read32(BUFFERS) == 60
        to.physical().read32(BUFFERS + 100) == 0
        bytes(to, BYTES, 61) == counting(0, 60) + 0
        to.host().pending() == LINE_1
    }

    def "59: buffers are filled in turn"() {
        given:
        def to = receiver([[(BYTES): 100], [(BYTES + 0x1000): 100], [(BYTES + 0x2000): 100]])

        when:
        sender([(BYTES): 9], 2)

        then:
        (0..2).collect { to.physical().read32(BUFFERS + 100 * it) } == [9, 9, 0]

        when: 'the first one is read, the third one is next all the same'
        to.physical().write32(BUFFERS, 0)
        sender([(BYTES): 9])

        then:
        (0..2).collect { to.physical().read32(BUFFERS + 100 * it) } == [0, 9, 9]
    }

    def "60: a 100-byte send into a 60-byte buffer: used_len 60 on both sides"() {
        given:
        def to = receiver([[(BYTES): 60]])

        when:
        def from = sender([(BYTES): 100])

        then:
        from.physical().read32(PARCEL) == 60
        to.physical().read32(BUFFERS) == 60
        bytes(to, BYTES, 61) == counting(0, 60) + 0
    }

    def "61: a source section split over two destination sections arrives contiguous"() {
        given:
        def to = receiver([[(BYTES): 10, (BYTES + 0x1000): 50]])

        when:
        def from = sender([(BYTES): 30, (BYTES + 0x100): 5])

        then:
        from.physical().read32(PARCEL) == 35
        bytes(to, BYTES, 10) == counting(0, 10)
        bytes(to, BYTES + 0x1000, 26) == counting(10, 20) + counting(0, 5) + 0
    }

    def "62: a guest-to-guest section that crosses a page kills its owner: #owner"() {
        when:
        def to = receiver([receiving])
        def from = sender(sending)

        then:
        [to, from]*.exitReason() == [receiverDies, senderDies]
        from.physical().read32(PARCEL) == usedLen
        bytes(to, BYTES, 1) == [0]

        where:
        owner          | receiving               | sending               || receiverDies                    | senderDies                      | usedLen
        'the sender'   | [(BYTES + 0x100): 60]   | [(BYTES + 0xFF8): 16] || null                            | 'bad DMA entry: 16@0x200ff8'    | 0x5555
        'the receiver' | [(BYTES + 0xFF8): 16]   | [(BYTES + 1): 16]     || 'bad DMA entry: 16@0x200ff8'    | 'CRASH: Power down'             | 0
        'both'         | [(BYTES + 0xFF8): 16]   | [(BYTES + 0xFFF): 2]  || 'bad DMA entry: 16@0x200ff8'    | 'CRASH: Power down'             | 0
        'out of RAM'   | [(BYTES + 0x100): 60]   | [0x7FFFF000: 16]      || null                            | 'bad DMA entry: 16@0x7ffff000'  | 0x5555
    }

    def "63: all receive buffers full: the receiver still gets its interrupt; the sender's used_len stays as it is"() {
        given:
        def to = receiver([[(BYTES): 60], [(BYTES + 0x1000): 60]], [1, 1])

        when:
        def from = sender([(BYTES): 100])

        then:
        stop.kind() == Stop.Kind.OFF
        from.physical().read32(PARCEL) == 0x5555
        bytes(to, BYTES, 60) == [0] * 60
        to.host().pending() == LINE_1
    }

    def "58: nobody there: a guest that died has bound nothing"() {
        given:
        def to = receiver([[(BYTES): 60]])
        to.close()

        when:
        def from = sender([(BYTES): 100])

        then:
        from.physical().read32(PARCEL) == 0x5555
    }

    def "58: of two guests that bound a key, the later one hears"() {
        given:
        def first = receiver([[(BYTES): 60]])
        def second = receiver([[(BYTES): 60]])

        when:
        sender([(BYTES): 100])

        then:
        [first, second]*.host()*.pending() == [0, LINE_1]
    }
}
