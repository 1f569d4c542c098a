package lguest.disk

import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('qcow2 images that somebody has tampered with: errors with a reason, and nothing else')
class HostileImagesSlowSpec extends Specification {
    static final int BYTES = 1 << 20
    static final int CLUSTER = 1 << 16
    static final List<Long> NASTY = [0L, 1L, 2L, 0x200L, 0x10000L, 0x20000L, 0x30000L, 0x40000L, 0x50000L, 0x7FFFFFFFL, 0xFFFFFFFFL,
        1L << 40, 1L << 55, 1L << 56, 1L << 62, 1L << 63, Long.MAX_VALUE, -1L, (1L << 62) | 0xFFFFFL, (1L << 63) | 0x30000L]

    @TempDir
    @Shared
    Path folder

    @Shared
    byte[] good

    @Shared
    byte[] base

    def setupSpec() {
        base = new byte[BYTES]
        new Random(1).nextBytes(base)
        Files.write(folder.resolve('base.img'), base)
        def path = folder.resolve('good.qcow2')
        DiskImage.of(path).over(DiskImage.of(folder.resolve('base.img'))).open(true).withCloseable { storage ->
            (0..5).each { storage.write(it * 150_000, new byte[70_000], 0, 70_000) }
        }
        good = Files.readAllBytes(path)
    }

    /** Changes a number somewhere: in the head mostly, or in refcounts, L1, L2. */
    static byte[] tampered(byte[] image, Random random) {
        def bytes = image.clone()
        def buffer = ByteBuffer.wrap(bytes)
        (1 + random.nextInt(3)).times {
            int cluster = [0, 0, 1, 2, 3, 4][random.nextInt(6)]
            int at = cluster * CLUSTER + (cluster == 0 ? random.nextInt(200) : 8 * random.nextInt(random.nextInt(4) == 0 ? 8000 : 20))
            switch (random.nextInt(4)) {
                case 0: buffer.putLong(at, NASTY[random.nextInt(NASTY.size())]); break
                case 1: buffer.putInt(at, (int) NASTY[random.nextInt(NASTY.size())]); break
                case 2: buffer.put(at, (byte) (buffer.get(at) ^ 1 << random.nextInt(8))); break
                default: buffer.put(at, (byte) random.nextInt(256)); break
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes
    }

    /** Opens, reads, writes and writes anew. @return what went wrong */
    static String serve(Path path, boolean writable, Random random) {
        try {
            DiskImage.of(path).open(writable).withCloseable { storage ->
                String trouble = 'none'
                long size = Math.min(storage.sizeBytes(), BYTES)
                30.times {
                    try {
                        int length = (int) Math.min(size, random.nextInt(65536) + 1)
                        long at = (long) (random.nextDouble() * (storage.sizeBytes() - length))
                        if (writable && random.nextBoolean()) {
                            storage.write(at, new byte[length], 0, length)
                        } else {
                            storage.read(at, new byte[length], 0, length)
                        }
                    } catch (IOException refused) {
                        trouble = refused.message
                    }
                }
                return trouble
            }
        } catch (IOException refused) {
            return refused.message
        }
    }

    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    def "300 images, opened to #doing (seed #seed): every one is served or refused with a reason"() {
        given:
        def random = new Random(seed)
        def path = folder.resolve("tampered-${seed}.qcow2")

        when:
        def troubles = (1..300).collect {
            def image = tampered(good, random)
            Files.write(path, image)
            def trouble = serve(path, writable, random)
            assert trouble
            assert writable || Arrays.equals(Files.readAllBytes(path), image)
            assert Files.size(path) < 1L << 32
            trouble
        }

        then: 'the base is never touched, and neither all nor none are refused'
        Arrays.equals(Files.readAllBytes(folder.resolve('base.img')), base)
        troubles.count('none') in 20..280
        troubles.toSet().size() > 20

        cleanup:
        Files.deleteIfExists(path)

        where:
        writable | seed
        false    | 1
        true     | 2
        doing = writable ? 'write' : 'read'
    }

    /** Where the head has numbers, and of how many bytes. */
    static final Map<Integer, Integer> NUMBERS = [0: 4, 4: 4, 8: 8, 16: 4, 20: 4, 24: 8, 32: 4, 36: 4, 40: 8, 48: 8, 56: 4, 60: 4, 64: 8,
        72: 8, 80: 8, 88: 8, 96: 4, 100: 4, 104: 8]

    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    def "the number at #at of the head, everything that it must not be: served or refused with a reason"() {
        given:
        def path = folder.resolve('head.qcow2')

        expect:
        [NASTY, [true, false]].combinations().each { value, writable ->
            def image = good.clone()
            bytes == 8 ? ByteBuffer.wrap(image).putLong(at, value) : ByteBuffer.wrap(image).putInt(at, (int) value)
            Files.write(path, image)
            def trouble = serve(path, writable, new Random(at))
            assert trouble == 'none' || trouble =~ /qcow2|base|image/
            assert writable && !(trouble =~ /^is not|must be/) || Arrays.equals(Files.readAllBytes(path), image)
        }
        Arrays.equals(Files.readAllBytes(folder.resolve('base.img')), base)

        where:
        at << NUMBERS.keySet()
        bytes = NUMBERS[at]
    }

    def "an overlay cut off after #bytes bytes is refused, or what is gone is: never is anything else read, and nothing is written"() {
        given:
        def path = folder.resolve('cut.qcow2')
        Files.write(path, Arrays.copyOf(good, bytes))
        def whole = new byte[BYTES]
        def image = folder.resolve('good.qcow2')
        DiskImage.of(image).open(false).withCloseable { it.read(0, whole, 0, BYTES) }

        when:
        def wrong = []
        String refused = null
        try {
            DiskImage.of(path).open(true).withCloseable { storage ->
                (0..<BYTES).step(4096).each { at ->
                    def part = new byte[4096]
                    try {
                        storage.read(at, part, 0, 4096)
                        if (!Arrays.equals(part, 0, 4096, whole, at, at + 4096)) {
                            wrong << at
                        }
                    } catch (IOException gone) {
                        assert gone.message.startsWith('qcow2 image is broken')
                        refused = gone.message
                    }
                }
            }
        } catch (IOException unsound) {
            refused = unsound.message
        }

        then:
        refused != null
        wrong.isEmpty()
        Files.size(path) == bytes

        where:
        bytes << [0, 1, 71, 100, 512, 65_535, 65_536, 131_072, 196_608, 200_000, 262_144, 262_152, 327_680, 524_288, 983_040]
    }

    def "written to is only what is sound: #what"() {
        given:
        def path = folder.resolve('unsound.qcow2')
        def image = good.clone()
        spoil(ByteBuffer.wrap(image))
        Files.write(path, image)

        when:
        DiskImage.of(path).open(true)

        then:
        def refused = thrown(IOException)
        refused.message == "qcow2 image is broken: $message"
        Arrays.equals(Files.readAllBytes(path), image)

        where:
        what                              | spoil                                         || message
        'an L2 table that counts as free' | { it.putShort(0x20000 + 2 * 4, (short) 0) }   || 'an L2 table at 0x40000 counts as free'
        'a head that counts as free'      | { it.putShort(0x20000, (short) 0) }           || 'the head at 0x0 counts as free'
        'an L2 table over the L1 table'   | { it.putLong(0x30000, (1L << 63) | 0x30000) } || 'an L2 table at 0x30000 is where another table is'
        'an L1 table over the refcounts'  | { it.putLong(40, 0x20000) }                   || 'the L1 table at 0x20000 is where another table is'
        'an L2 table past the end'        | { it.putLong(0x30000, (1L << 63) | 1L << 40) } || 'an L2 table at 0x10000000000'
        'an L1 table past the end'        | { it.putLong(40, 1L << 40) }                  || 'L1 table of 8 bytes at 0x10000000000 in a file of 1114112'
    }

    def "data is never written over a table: #what"() {
        given:
        def path = folder.resolve('overlap.qcow2')
        def image = good.clone()
        ByteBuffer.wrap(image).putLong(0x40000, entry)
        Files.write(path, image)
        def storage = DiskImage.of(path).open(true)

        when:
        storage.write(0, new byte[512], 0, 512)

        then:
        def refused = thrown(IOException)
        refused.message == 'qcow2 image is broken: ' + message
        Arrays.equals(Files.readAllBytes(path), image)

        cleanup:
        storage.close()

        where:
        what                  | entry                   || message
        'the L2 table itself' | 1L << 63 ^ 0x40000      || 'a cluster at 0x40000 is to be written, but the file ends there or it has other users'
        'past the end'        | (1L << 63) ^ (1L << 32)     || 'a cluster at 0x100000000 is to be written, but the file ends there or it has other users'
        'off by some bytes'   | 1L << 63 ^ 0x50200      || 'L2 entry 0x8000000000050200'
        'reserved bits'       | 1L << 63 ^ 0x50002      || 'L2 entry 0x8000000000050002'
    }
}
