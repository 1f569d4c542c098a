package lguest.translate

import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.GZIPOutputStream
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title
import spock.util.concurrent.PollingConditions

@Title('What was worth a translation is remembered from run to run')
class HotPlacesSpec extends Specification {
    static final int PAGE_BYTES = 4096

    @TempDir
    Path folder

    Path file

    def setup() {
        file = folder.resolve('cache/hot-places')
    }

    private static byte[] page(int seed) {
        def bytes = new byte[PAGE_BYTES]
        new Random(seed).nextBytes(bytes)
        bytes
    }

    private static BitSet bits(int... offsets) {
        offsets.inject(new BitSet()) { set, offset -> set.set(offset); set }
    }

    private static Source source(int entry, BitSet starts = new BitSet(), BitSet indirect = new BitSet(), int secondPage = -1) {
        new Source(new byte[PAGE_BYTES], 0x5000, secondPage, entry, false, null, starts, indirect, new BitSet(), new Misses(), 100, false, false, 0)
    }

    def "what is noted of a page is there in the next run, under the key of its content"() {
        given:
        long key = HotPlaces.key(page(1))
        def places = new HotPlaces(file)
        places.note(key, source(0x10, bits(0x10, 0x20), bits(0xFFF)))
        places.note(key, source(0x30, bits(0x30)))
        places.save()

        when:
        def next = new HotPlaces(file)
        next.load()

        then:
        with(next.of(HotPlaces.key(page(1)))) {
            entries() == bits(0x10, 0x30)
            starts() == bits(0x10, 0x20, 0x30)
            indirect() == bits(0xFFF)
        }
        next.of(HotPlaces.key(page(2))) == null
    }

    def "one byte more or less is another page: byte #offset"() {
        given:
        def changed = page(1)
        changed[offset] ^= 1

        expect:
        HotPlaces.key(changed) != HotPlaces.key(page(1))

        where:
        offset << [0, 1, 7, 8, 2048, 4088, 4095]
    }

    def "nothing is remembered without a file"() {
        when:
        HotPlaces.NONE.note(7, source(1))
        HotPlaces.NONE.save()

        then:
        HotPlaces.NONE.of(7) == null
    }

    def "nor of an instruction on two pages: the second may be another one"() {
        given:
        def places = new HotPlaces(file)

        when:
        places.note(7, source(0xFFE, new BitSet(), new BitSet(), 0x9000))

        then:
        places.of(7) == null
    }

    def "a file that is spoilt counts as none: #what"() {
        given:
        def places = new HotPlaces(file)
        (1..50).each { places.note(it, source(it)) }
        places.save()
        Files.write(file, spoil.call(Files.readAllBytes(file)) as byte[])

        when:
        def next = new HotPlaces(file)
        next.load()

        then:
        (1..50).every { next.of(it) == null }

        when:
        next.note(3, source(5))
        next.save()
        def third = new HotPlaces(file)
        third.load()

        then:
        third.of(3).entries() == bits(5)

        where:
        what                | spoil
        'empty'             | { new byte[0] }
        'no archive'        | { 'hot'.bytes }
        'truncated'         | { it[0..-20] }
        'without an end'    | { it[0..-2] }
        'a bit flipped'     | { it[it.length >> 1] = it[it.length >> 1] ^ 4; it }
        'another format'    | { archive { out -> out.writeInt(0x6C676801); page(out, 3) } }
        'too long sets'     | { archive { out -> out.writeInt(0x6C676802); page(out, 7, 65) } }
        'something behind'  | { archive { out -> out.writeInt(0x6C676802); page(out, 7); out.writeInt(0) } }
    }

    def "a file as those that are refused, but without a mistake, is read"() {
        given:
        Files.createDirectories(file.parent)
        Files.write(file, archive { out -> out.writeInt(0x6C676802); page(out, 7, 64) })

        when:
        def next = new HotPlaces(file)
        next.load()

        then:
        next.of(7) != null
    }

    /** A file's only page. */
    private static void page(DataOutputStream out, long key, int words = 0) {
        out.writeInt(1)
        out.writeLong(key)
        out.writeByte(words)
        out.write(new byte[8 * words])
        2.times { out.writeByte(0) }
    }

    def "a page that was met is known in the next run, and then from before"() {
        given:
        def places = new HotPlaces(file)
        places.met(7)
        places.note(8, source(0x10))
        places.save()
        def next = new HotPlaces(file)
        next.load()
        next.met(7)
        next.note(9, source(0x10))

        expect:
        [7, 8].every { !places.of(it).before() && next.of(it).before() }
        next.of(7).entries().empty
        !next.of(9).before()
    }

    private static byte[] archive(Closure content) {
        def bytes = new ByteArrayOutputStream()
        new DataOutputStream(new GZIPOutputStream(bytes)).withCloseable { content.call(it) }
        bytes.toByteArray()
    }

    def "the file is read once it is opened, as often as that is asked for"() {
        given:
        def places = new HotPlaces(file)
        places.note(7, source(1))
        places.save()
        def next = new HotPlaces(file)

        when:
        2.times { next.open() }

        then:
        new PollingConditions(timeout: 20).eventually { assert next.of(7)?.entries() == bits(1) }
    }

    def "where nothing can be written, nothing happens"() {
        given:
        def places = new HotPlaces(Files.writeString(folder.resolve('file'), 'no folder').resolve('hot-places'))
        places.note(1, source(1))

        when:
        places.save()

        then:
        noExceptionThrown()
        places.of(1).entries() == bits(1)
    }

    def "a file is written only if there is something new"() {
        given:
        def places = new HotPlaces(file)
        places.note(1, source(1))
        places.save()
        Files.delete(file)
        places.note(1, source(1))

        when:
        places.save()

        then:
        !Files.exists(file)
    }

    def "of more than 4,096 pages the ones that were longest of no use are forgotten"() {
        given:
        def places = new HotPlaces(file)
        (1..4096).each { places.note(it, source(1)) }
        places.of(1)

        when:
        (5000..5009).each { places.note(it, source(1)) }

        then:
        places.of(1) != null
        (2..11).every { places.of(it) == null }
        places.of(12) != null
    }
}
