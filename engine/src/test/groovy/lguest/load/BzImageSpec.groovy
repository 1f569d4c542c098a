package lguest.load

import java.nio.file.Files
import java.nio.file.Path
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.TempDir

import static lguest.load.Images.*

class BzImageSpec extends Specification {
    static final int MIB = 1 << 20

    @TempDir
    Path folder

    def verbose = []
    def memory = new PhysicalMemory(4 * MIB)

    LoadedKernel load(byte[] image) {
        LinuxLoader.load(memory, new LinuxImages(4 * MIB, Files.write(folder.resolve('bz'), image), null, ''), { verbose << it })
    }

    def "the payload lands at 1 MiB and starts behind its tag"() {
        when:
        def kernel = load(bzImage(rawKernel()))

        then:
        kernel.pageOffset() == PO
        kernel.entryEip() == PO + LOAD_AT + 4 * 5 + 13
        verbose[0] == 'Unpacked size 768 addr 0x100000'
        memory.read8(LOAD_AT) == 0xA1
        kernel.symbols().all() == []
    }

    def "PAGE_OFFSET is the first to get four votes"() {
        given:
        def raw = rawKernel(3, 0xC0)
        [[20, 0x80], [30, 0x80], [40, 0x80], [50, 0x80], [60, 0xC0]].each { at, top ->
            raw[at + 20] = (byte) 0xA1
            raw[at + 24] = (byte) top
        }

        expect:
        load(bzImage(raw)).pageOffset() == 0x80000000.intValue()
    }

    def "optional fields of the gzip header are skipped: flags #flags"() {
        expect:
        load(bzImage(rawKernel(), flags: flags, extra: extra as byte[])).pageOffset() == PO

        where:
        flags | extra
        0x02  | [9, 9]
        0x04  | [3, 0, 1, 2, 3]
        0x08  | [0x61, 0x62, 0]
        0x10  | [0x63, 0]
        0x1E  | [1, 0, 7, 0x61, 0, 0x62, 0, 9, 9]
    }

    def "the first magic behind byte 52 decides: #what"() {
        when:
        load(image)

        then:
        def exit = thrown(LoadException)
        exit.message == message

        where:
        what                       | image                                                             || message
        'made elsewhere'           | bzImage(rawKernel(), os: 0)                                       || 'Could not find kernel in bzImage'
        'an earlier magic'         | bzImage(rawKernel(), head: decoy(60))                             || 'Could not find kernel in bzImage'
        'a doubled first byte'     | bzImage(rawKernel(), pad: 513, head: doubled())                   || 'Could not find kernel in bzImage'
        'nothing'                  | new byte[600]                                                     || 'Could not find kernel in bzImage'
        'cut in the magic'         | Arrays.copyOf(bzImage(rawKernel()), 520)                          || 'Could not find kernel in bzImage'
        'three votes'              | bzImage(rawKernel(3))                                             || 'could not determine page offset'
        'an empty payload'         | bzImage(new byte[0])                                              || 'could not determine page offset'
        'no tag'                   | bzImage(Arrays.copyOf(rawKernel(), 20 + 12))                      || 'Is this image a genuine lguest?: Invalid argument'
        'a cut stream'             | Arrays.copyOf(bzImage(rawKernel()), 530)                          || 'reading image from bzImage: Unexpected end of file'
        'a wrong checksum'         | bzImage(rawKernel(), crc: 1)                                      || 'reading image from bzImage: checksum of the unpacked kernel is wrong'
        'more than memory'         | bzImage(new byte[3 * MIB + 1])                                    || 'Unpacked kernel does not fit: 1 bytes at 0x400000, memory has 4194304 bytes'
    }

    static byte[] decoy(int at) {
        def head = new byte[512]
        head[at] = 0x1F
        head[at + 1] = (byte) 0x8B
        return head
    }

    static byte[] doubled() {
        def head = new byte[513]
        head[512] = 0x1F
        return head
    }

    def "a magic in the first 52 bytes is not seen"() {
        expect:
        load(bzImage(rawKernel(), head: Arrays.copyOf(decoy(20), 512))).pageOffset() == PO
    }

    def "a zip bomb stops at the end of memory"() {
        when:
        load(bzImage(new byte[64 * MIB]))

        then:
        def exit = thrown(LoadException)
        exit.message.startsWith('Unpacked kernel does not fit')
    }
}
