package lguest.disk

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('qcow2 images, compared with qemu-img')
@Requires(value = { QemuImg.PRESENT }, reason = 'needs qemu-img and qemu-io: Debian package qemu-utils')
class Qcow2SlowSpec extends Specification {
    static final int BYTES = 3_000_000 / 512 * 512

    @TempDir
    Path folder

    Path image() { folder.resolve('disk.qcow2') }

    static DiskStorage open(Path image, boolean writable = true) { DiskImage.of(image).open(writable) }

    static byte[] noise(Random random, int bytes) {
        def content = new byte[bytes]
        random.nextBytes(content)
        return content
    }

    /** Random writes through the storage, and into the model; random reads are compared. */
    static void exercise(DiskStorage storage, byte[] model, Random random, int times) {
        times.times {
            int at = random.nextInt(model.length)
            int length = Math.min(random.nextInt(4) == 0 ? random.nextInt(65537) : 512 * random.nextInt(9), model.length - at)
            if (random.nextInt(3) == 0) {
                def got = new byte[length]
                assert storage.read(at, got, 0, length) == length
                assert got == Arrays.copyOfRange(model, at, at + length)
            } else {
                def bytes = Content.some(random, length)
                storage.write(at, bytes, 0, length)
                System.arraycopy(bytes, 0, model, at, length)
            }
        }
    }

    void agree(Path path, byte[] model) {
        QemuImg.check(path)
        assert Arrays.equals(QemuImg.content(path), model)
    }

    def "an image made with #options holds what is written, across reopening (seed #seed)"() {
        given:
        def random = new Random(seed)
        QemuImg.create(image(), [*options, BYTES])
        def model = new byte[BYTES]

        when:
        3.times {
            def storage = open(image())
            assert storage.sizeBytes() == BYTES
            exercise(storage, model, random, 40)
            storage.force()
            storage.close()
        }

        then:
        agree(image(), model)

        where:
        options                                                      | seed
        []                                                           | 1
        ['-o', 'compat=0.10']                                        | 2
        ['-o', 'cluster_size=512']                                   | 3
        ['-o', 'cluster_size=512,refcount_bits=1']                   | 4
        ['-o', 'cluster_size=512,refcount_bits=64']                  | 5
        ['-o', 'cluster_size=4096,refcount_bits=2']                  | 6
        ['-o', 'cluster_size=4096,refcount_bits=4,compat=1.1']       | 7
        ['-o', 'cluster_size=2M,refcount_bits=8']                    | 8
        ['-o', 'refcount_bits=32,lazy_refcounts=on']                 | 9
        ['-o', 'preallocation=metadata']                             | 10
        ['-o', 'preallocation=falloc,cluster_size=8192']             | 11
    }

    def "counts of #bits bits for more clusters than their table has room for: it grows, and the image stays sound"() {
        given:
        int whole = 6 << 20
        int part = whole.intdiv(4)
        QemuImg.create(image(), ['-o', "cluster_size=512,refcount_bits=$bits", whole])
        def model = noise(new Random(bits), whole)

        when:
        (0..<4).each { i ->
            open(image()).withCloseable { it.write(i * part, model, i * part, part) }
            QemuImg.check(image())
        }

        then:
        agree(image(), model)

        where:
        bits << [64, 32]
    }

    def "a #format base of #baseBytes bytes under an overlay of clusters of #cluster: what is not written comes from it (seed #seed)"() {
        given:
        def random = new Random(seed)
        def content = noise(random, baseBytes)
        def raw = Files.write(folder.resolve('base.img'), content)
        def base = raw
        if (format == 'qcow2') {
            base = folder.resolve('base.qcow2')
            QemuImg.run(['qemu-img', 'convert', '-O', 'qcow2', *(seed % 2 ? ['-c'] : []), raw, base])
        }
        def before = Files.readAllBytes(base)
        QemuImg.create(image(), ['-b', base, '-F', format, '-o', "cluster_size=$cluster", BYTES])
        def model = new byte[BYTES]
        System.arraycopy(content, 0, model, 0, Math.min(baseBytes, BYTES))

        when:
        def storage = open(image())
        exercise(storage, model, random, 60)
        storage.close()

        then:
        agree(image(), model)
        Arrays.equals(Files.readAllBytes(base), before)

        where:
        format  | baseBytes     | cluster | seed
        'raw'   | BYTES         | 65536   | 1
        'raw'   | 1_000_448     | 65536   | 2
        'raw'   | BYTES + 51200 | 4096    | 3
        'qcow2' | BYTES         | 65536   | 4
        'qcow2' | 1_000_448     | 65536   | 5
        'qcow2' | BYTES + 51200 | 512     | 6
    }

    def "compressed clusters of #cluster bytes are read, and written anew (seed #seed)"() {
        given:
        def random = new Random(seed)
        def model = Content.some(random, BYTES)
        def raw = Files.write(folder.resolve('raw'), model)
        QemuImg.run(['qemu-img', 'convert', '-c', '-O', 'qcow2', '-o', "cluster_size=$cluster", raw, image()])

        when:
        def storage = open(image())
        exercise(storage, model, random, 80)
        storage.close()

        then:
        agree(image(), model)

        where:
        cluster | seed
        65536   | 1
        4096    | 2
        512     | 3
        2097152 | 4
    }

    def "zero clusters of version #compat read as zero although there is a base, and are written anew"() {
        given:
        def random = new Random(7)
        def content = noise(random, BYTES)
        def base = Files.write(folder.resolve('base.img'), content)
        QemuImg.create(image(), ['-b', base, '-F', 'raw', '-o', "compat=$compat", BYTES])
        QemuImg.run(['qemu-io', '-c', 'write -P 7 0 1M', '-c', 'write -z 0 512k', '-c', 'write -z -u 1M 512k', image()])
        def model = QemuImg.content(image())

        when:
        def storage = open(image())
        exercise(storage, model, random, 60)
        storage.close()

        then:
        agree(image(), model)

        where:
        compat << ['1.1', '0.10']
    }

    def "what a snapshot inside the image holds stays as it was"() {
        given:
        def random = new Random(11)
        QemuImg.create(image(), ['-o', 'cluster_size=4096', BYTES])
        def model = new byte[BYTES]
        open(image()).withCloseable { exercise(it, model, random, 60) }
        def kept = model.clone()
        QemuImg.run(['qemu-img', 'snapshot', '-c', 'before', image()])

        when:
        open(image()).withCloseable { exercise(it, model, random, 100) }

        then:
        agree(image(), model)

        when:
        QemuImg.run(['qemu-img', 'snapshot', '-a', 'before', image()])

        then:
        agree(image(), kept)
    }

    def "an image made here is one for QEMU: #bytes bytes, base #base"() {
        given:
        def below = base == null ? null : DiskImage.of(base == 'raw' ? Files.write(folder.resolve('b.img'), new byte[100_352])
            : QemuImg.create(folder.resolve('b.qcow2'), [100_352]))
        def wanted = DiskImage.of(image()).ofSize(bytes)
        def made = below == null ? wanted : wanted.over(below)

        when:
        made.open(true).withCloseable { it.write(512, 'hello'.bytes, 0, 5) }

        then:
        QemuImg.check(image())
        def info = QemuImg.run(['qemu-img', 'info', '--output=json', image()])
        info.contains("\"virtual-size\": $bytes,")
        base == null || info.contains("\"backing-filename-format\": \"$base\"")
        QemuImg.run(['qemu-io', '-c', 'read -P 0x68 512 1', image()]).contains('read 1/1 bytes')
        Files.list(folder).count() == (base == null ? 1 : 2)

        when: 'it is there already'
        def text = new byte[5]
        made.open(false).withCloseable { it.read(512, text, 0, 5) }

        then:
        new String(text) == 'hello'

        where:
        bytes               | base
        1 << 20             | null
        3L << 40            | null
        100_352             | 'raw'
        200_704             | 'qcow2'
    }

    def "a chain of #depth images"() {
        given:
        def model = new byte[BYTES]
        def random = new Random(depth)
        def last = Files.write(folder.resolve('0.img'), model)
        (1..depth).each { n ->
            def next = DiskImage.of(folder.resolve("${n}.qcow2")).over(DiskImage.of(last))
            next.open(true).withCloseable { exercise(it, model, random, 5) }
            last = next.path()
        }

        expect:
        agree(last, model)

        where:
        depth << [1, 5, 30]
    }

    def "refused: #what"() {
        given:
        QemuImg.create(image(), options)
        spoil(image())

        when:
        open(image())

        then:
        def refused = thrown(IOException)
        refused.message == message.replace('IMAGE', image().toString())

        cleanup:
        Files.deleteIfExists(Path.of('external-data'))

        where:
        what              | options                                    | spoil                              || message
        'extended L2'     | ['-o', 'extended_l2=on', '1M']             | { }                                || 'qcow2: extended L2 entries are not supported'
        'zstd'            | ['-o', 'compression_type=zstd', '1M']      | { }                                || 'qcow2: compression type 1 is not supported, only 0 (zlib)'
        'external data'   | ['-o', 'data_file=external-data', '1M']          | { } || 'qcow2: an external data file is not supported'
        'encryption'      | ['1M']                                     | { poke(it, 32, [0, 0, 0, 2]) }     || 'qcow2: encrypted images are not supported'
        'unknown feature' | ['1M']                                     | { poke(it, 76, [0, 1, 0, 0]) }     || 'qcow2: incompatible features 0x10000 are not known'
        'not closed'      | ['1M']                                     | { poke(it, 79, [1]) }              || 'qcow2 image is marked as not closed: qemu-img check -r all IMAGE'
        'corrupt'         | ['1M']                                     | { poke(it, 79, [2]) }              || 'qcow2 image is marked corrupt: qemu-img check -r all IMAGE'
        'version'         | ['1M']                                     | { poke(it, 7, [4]) }               || 'qcow2 version 4, must be 2 or 3'
        'no image'        | ['1M']                                     | { poke(it, 0, [0]) }               || 'is not a qcow2 image'
        'cluster bits'    | ['1M']                                     | { poke(it, 23, [30]) }             || 'qcow2 image is broken: cluster bits 30, must be 9 to 21'
    }

    static void poke(Path file, long at, List<Integer> bytes) {
        new RandomAccessFile(file.toFile(), 'rw').withCloseable {
            it.seek(at)
            it.write(bytes as byte[])
        }
    }
}
