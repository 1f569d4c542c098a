package lguest.mem

import lguest.cpu.CpuState
import spock.lang.Specification
import spock.lang.Title
import spock.util.concurrent.PollingConditions

@Title('Memory that is shared until written')
class ForkedMemorySlowSpec extends Specification {
    static final int PAGES = 8
    static final int BYTES = PAGES << 12

    PhysicalMemory first = filled()
    PhysicalMemory untouched = filled()

    private static PhysicalMemory filled() {
        new PhysicalMemory(BYTES).tap { memory -> BYTES.intdiv(4).times { memory.write32(it * 4, before(it * 4)) } }
    }

    private static int before(int physical) { 0x01000000 + physical.intdiv(4) }

    def "a fork holds what the first memory held: #access"() {
        given:
        def fork = first.fork()
        first.write32(0x2000, -1)

        expect:
        got(fork, 0x1FFC) == got(untouched, 0x1FFC)

        where:
        access               | got
        'bytes'              | { memory, at -> (0..<8).collect { memory.read8(at + it) } }
        'words'              | { memory, at -> [memory.read16(at), memory.read16(at + 3), memory.read16(at + 4)] }
        'doublewords'        | { memory, at -> [memory.read32(at), memory.read32(at + 1), memory.read32(at + 4)] }
        'quadwords'          | { memory, at -> memory.read64(at) }
        'a range'            | { memory, at -> byte[] to = new byte[8]; memory.read(at, to, 0, 8); to.toList() }
        'all of it, copied'  | { memory, at -> memory.copy().read64(at) }
        'all of it, saved'   | { memory, at -> saved(memory).read64(at) }
    }

    static PhysicalMemory saved(PhysicalMemory memory) {
        def bytes = new ByteArrayOutputStream()
        memory.save(new DataOutputStream(bytes))
        PhysicalMemory.load(memory.size(), new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
    }

    def "nobody sees what #who writes: #access"() {
        given:
        def memories = [first: first, fork: first.fork()]
        memories.other = first.fork()
        memories.second = memories.fork.fork()

        when:
        write(memories[who], at)

        then:
        memories.findAll { name, memory -> name != who }.every { name, memory -> memory.read32(0x2FFC) == before(0x2FFC) && memory.read32(0x3000) == before(0x3000) }
        memories[who].read32(at) != before(at)

        where:
        [who, [access, at, write]] << [['first', 'fork', 'other', 'second'], [
            ['a byte', 0x3000, { memory, place -> memory.write8(place, 0x55) }],
            ['a word', 0x2FFE - 2, { memory, place -> memory.write16(place, 0x5555) }],
            ['a doubleword', 0x3000, { memory, place -> memory.write32(place, 0x55555555) }],
            ['a doubleword across pages', 0x2FFC, { memory, place -> memory.write32(place + 1, 0x55555555) }],
            ['a quadword', 0x2FFC, { memory, place -> memory.write64(place, 0x5555555555555555L) }],
            ['a range', 0x2FFC, { memory, place -> memory.write(place, new byte[0x800], 0, 0x800) }]]].combinations()
    }

    def "each fork is of its own moment"() {
        when:
        def forks = (1..5).collect { moment ->
            first.write32(0x1000, moment)
            if (moment == 3) {
                first.write32(0x4000, moment)
            }
            first.fork()
        }
        first.write32(0x1000, 6)
        first.write32(0x4000, 6)

        then:
        forks*.read32(0x1000) == [1, 2, 3, 4, 5]
        forks*.read32(0x4000) == [before(0x4000), before(0x4000), 3, 3, 3]
    }

    def "a fork of a fork has pages of both"() {
        given:
        def fork = first.fork()
        fork.write32(0x1000, 1)
        def second = fork.fork()

        when:
        first.write32(0x2000, 2)
        fork.write32(0x1000, 3)
        fork.write32(0x3000, 3)

        then:
        [second.read32(0x1000), second.read32(0x2000), second.read32(0x3000)] == [1, before(0x2000), before(0x3000)]
        second.sharedPages() == PAGES
    }

    def "only pages that are written are copied, and of those each once"() {
        given:
        def fork = first.fork()
        def other = first.fork()

        expect:
        fork.sharedPages() == PAGES
        [first, fork, other]*.copiedPages() == [0, 0, 0]

        when:
        2.times {
            first.write32(0x1000, it)
            fork.read32(0x2000)
            fork.write32(0x2000, it)
        }
        fork.read(0, new byte[BYTES], 0, BYTES)

        then:
        [first, fork, other]*.copiedPages() == [1, 1, 0]
        [first, fork, other]*.sharedPages() == [0, PAGES - 1, PAGES]
    }

    def "a page that is only read stays where it is, until its reads have taken as long as a copy: #access"() {
        given:
        def fork = first.fork()

        when:
        (PhysicalMemory.READS_BEFORE_COPY - 1).times { assert got(fork) == got(untouched) }

        then:
        fork.copiedPages() == 0

        when:
        2.times { assert got(fork) == got(untouched) }

        then:
        fork.copiedPages() == 1
        fork.sharedPages() == PAGES - 1

        where:
        access        | got
        'bytes'       | { it.read8(0x2005) }
        'words'       | { it.read16(0x2FFE) }
        'doublewords' | { it.read32(0x2001) }
    }

    def "looking never copies: #access"() {
        given:
        def fork = first.fork()

        when:
        (2 * PhysicalMemory.READS_BEFORE_COPY).times { assert got(fork) == got(untouched) }

        then:
        fork.sharedPages() == PAGES

        where:
        access    | got
        'a byte'  | { it.look8(0x2005) }
        'a range' | { byte[] to = new byte[0x1800]; it.read(0x1800, to, 0, to.length); to }
    }

    def "translations of a fork do not copy what is only read, and lead to pages of its own once it has them"() {
        given:
        def memory = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first)).fork()
        def fork = new LinearMemory(new CpuState(), memory, new BarePageWalk(new CpuState(), memory))
        long before = before(0x2000)

        when:
        (PhysicalMemory.READS_BEFORE_COPY - 1).times { assert fork.read32(0x2000) == before }

        then:
        memory.copiedPages() == 0
        Direct.at32(fork.readTable(false), 0x2000) < 0

        when:
        2.times { assert fork.read32(0x2000) == before }

        then:
        memory.copiedPages() == 1
        Direct.at32(fork.readTable(false), 0x2000) == 0x2000
        fork.misses() == 1
    }

    def "a copy out of a page that is shared is one read of it"() {
        given:
        def memory = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first)).fork()
        def fork = new LinearMemory(new CpuState(), memory, new BarePageWalk(new CpuState(), memory))
        fork.read32(0x2000)
        2.times { fork.write32(0x3000, it) }

        when:
        def copied = fork.copyQuietly(0x2000, 0x3000, 0x1000)

        then:
        copied
        memory.copiedPages() == 1
        fork.read32(0x3FFC) == before(0x2FFC)

        when:
        PhysicalMemory.READS_BEFORE_COPY.times { assert fork.copyQuietly(0x2000, 0x3000, 0x1000) || fork.read32(0x2000) == before(0x2000) }

        then:
        memory.copiedPages() == 2
        fork.copyQuietly(0x2000, 0x3000, 0x1000)
    }

    def "there is nothing to share behind a device"() {
        given:
        def fork = first.fork()
        def device = Stub(PageDevice) { read(_, _) >> 0x55 }

        when:
        PAGES.times { fork.attach(it << 12, device) }

        then:
        fork.sharedPages() == 0
        fork.read8(0x3000) == 0x55
        saved(fork).read32(0x3000) == 0
        first.read32(0x3000) == before(0x3000)
    }

    def "once no fork is left, nothing is kept"() {
        expect:
        new PollingConditions(timeout: 20).eventually {
            first.fork()
            System.gc()
            long copied = first.copiedPages()
            first.write32(0x1000, 1)
            assert first.copiedPages() == copied
        }
    }

    def "translations of the first memory do not write behind the back of its forks"() {
        given:
        def linear = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first))
        linear.write32(0x1000, 1)
        linear.write32(0x1000, 2)
        def fork = linear.fork()

        when:
        linear.write32(0x1000, 3)
        linear.write32(0x1004, 4)
        linear.write8(0x2000, 5)

        then:
        [fork.read32(0x1000), fork.read32(0x1004), fork.read32(0x2000)] == [2, before(0x1004), before(0x2000)]
        [first.read32(0x1000), first.read32(0x1004), first.read8(0x2000)] == [3, 4, 5]
    }

    def "translations that a fork has from the first one lead to its own pages, one of them #state: #access"() {
        given:
        def linear = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first))
        linear.write32(0x1000, 7)
        linear.read32(0x2000)
        def bytes = new ByteArrayOutputStream()
        linear.save(new DataOutputStream(bytes))
        def memory = linear.fork()
        def fork = new LinearMemory(new CpuState(), memory, new BarePageWalk(new CpuState(), memory))
        if (state == 'in use') {
            memory.read8(0x1000)
        }
        fork.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
        linear.write32(0x1000, -1)
        long misses = fork.misses()

        expect:
        2.times { assert got(fork) == value }
        fork.misses() == misses

        where:
        [state, [access, value, got]] << [['absent', 'in use'], [
            ['a read', 7, { it.read32(0x1000) }],
            ['a byte', 7, { it.read8(0x1000) }],
            ['a word', 7, { it.read16(0x1000) }],
            ['a quadword', 7L + (before(0x1004) as long << 32), { it.read64(0x1000) }],
            ['a read after a touch', 7, { it.touchForRead(0x1000, 4); it.touchForRead(0x1FFE, 4); it.read32(0x1000) }],
            ['a read across pages', before(0x1FFC) >>> 16 | before(0x2000) << 16, { it.read32(0x1FFE) }],
            ['a write', 8, { it.write32(0x1000, 8); it.read32(0x1000) }],
            ['a write of a byte', 0x107, { it.write8(0x1001, 1); it.read32(0x1000) }],
            ['a write across pages', 8, { it.write32(0x1FFE, 8); it.read32(0x1FFE) }],
            ['a modification', 9, { it.modify32(0x1000); it.write32(0x1000, 9); it.read32(0x1000) }],
            ['a modification across pages', 9, { it.modify32(0x1FFE); it.write32(0x1FFE, 9); it.read32(0x1FFE) }],
            ['a copy', before(0x2000), { it.copyQuietly(0x2000, 0x1000, 4) || it.write32(0x1000, it.read32(0x2000)); it.read32(0x1000) }]
        ]].combinations()
    }

    def "a fork of a fork has its translations, also of a page that was looked at meanwhile"() {
        given:
        def linear = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first))
        linear.write32(0x1000, 7)
        def fork = forked(linear)
        fork.physical().read8(0x1000)
        def second = forked(fork)

        when:
        second.write32(0x1000, 8)

        then:
        second.misses() == 0
        [linear, fork, second]*.read32(0x1000) == [7, 7, 8]
    }

    private static LinearMemory forked(LinearMemory linear) {
        def bytes = new ByteArrayOutputStream()
        linear.save(new DataOutputStream(bytes))
        def memory = linear.fork()
        new LinearMemory(new CpuState(), memory, new BarePageWalk(new CpuState(), memory)).tap {
            it.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
        }
    }

    def "memory that has been forked is written across pages without a walk"() {
        given:
        def linear = new LinearMemory(new CpuState(), first, new BarePageWalk(new CpuState(), first))
        linear.write32(0x1000, 7)
        linear.write32(0x2000, 7)
        def fork = linear.fork()
        long misses = linear.misses()

        when:
        linear.write32(0x1FFE, -1)

        then:
        linear.misses() == misses
        [first, fork]*.read32(0x1FFE) == [-1, before(0x1FFC) >>> 16 | 7 << 16]
    }
}
