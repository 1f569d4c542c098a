package lguest.device

import java.nio.file.Files
import java.nio.file.Path
import lguest.disk.DiskImage
import lguest.disk.DiskStorage
import lguest.mem.PhysicalMemory
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

import static lguest.device.Structs.dma
import static lguest.device.Structs.request
import static lguest.device.Structs.result
import static lguest.device.Structs.text

class BlockDiskSpec extends Specification {
    static final int PAGE = 0x11000
    static final int BOUND = 0x100
    static final int SENT = 0x200
    static final int DATA = 0x2000

    @TempDir
    Path folder

    def memory = new PhysicalMemory(0x12000)
    def port = new FakePort(memory)
    def verbose = []
    def warnings = []

    Path file(int bytes) {
        def pattern = new byte[bytes]
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (i / 512 + i % 7)
        }
        return Files.write(folder.resolve('disk'), pattern)
    }

    BlockDisk open(Path path, BlockDisk.Mode mode = BlockDisk.Mode.READ_WRITE) {
        def disk = BlockDisk.open(DiskImage.of(path), mode, { verbose << it }, { warnings << it }, this)
        disk.attach(memory, port, PAGE)
        port.bind(PAGE, 1, BOUND)
        return disk
    }

    /** Sends a read of sectors into DATA. */
    void read(BlockDisk disk, int sector, int bytes) {
        dma(memory, BOUND, [[DATA, bytes]])
        dma(memory, SENT, [], 77)
        request(memory, PAGE, false, sector, bytes)
        disk.output(PAGE, Dma.at(memory, SENT))
    }

    void write(BlockDisk disk, int sector, String content, int bytes = content.length()) {
        text(memory, DATA, content)
        dma(memory, BOUND, [[0x5000, 512]])
        dma(memory, SENT, [[DATA, bytes]])
        request(memory, PAGE, true, sector, bytes)
        disk.output(PAGE, Dma.at(memory, SENT))
    }

    def "a disk is type 3, random, and as long as its whole sectors: #bytes bytes are #sectors"() {
        given:
        def disk = open(file(bytes))

        expect:
        disk.type() == 3
        disk.features() == 0x8000
        disk.pages() == 1
        memory.read32(PAGE + 0x10) == sectors
        verbose == ["device 0x11000: block $sectors sectors"]

        cleanup:
        disk.close()

        where:
        bytes || sectors
        0     || 0
        511   || 0
        1000  || 1
        4096  || 8
    }

    def "a read fills the bound buffer, used_len and the result, and interrupts"() {
        given:
        def disk = open(file(8192))

        when:
        read(disk, 3, 1024)

        then:
        result(memory, PAGE) == BlockDisk.DONE
        memory.read32(BOUND) == 1024
        port.raised == [1]
        Structs.bytes(memory, DATA, 1024) == Arrays.copyOfRange(Files.readAllBytes(folder.resolve('disk')), 1536, 2560)
        verbose.last() == 'Block: READ at offset 1536'

        cleanup:
        disk.close()
    }

    def "output itself uses nothing"() {
        given:
        def disk = open(file(4096))
        dma(memory, BOUND, [[DATA, 512]])
        dma(memory, SENT, [], 77)
        request(memory, PAGE, false, 0, 512)

        expect:
        disk.output(PAGE, Dma.at(memory, SENT)) == 0

        cleanup:
        disk.close()
    }

    def "a read at sector #sector of 8 with #expected expected and room for #room: used_len #used, result #res"() {
        given:
        def disk = open(file(4096))
        dma(memory, BOUND, [[DATA, room]])
        dma(memory, SENT, [])
        request(memory, PAGE, false, sector, expected)

        when:
        disk.output(PAGE, Dma.at(memory, SENT))

        then:
        memory.read32(BOUND) == used
        result(memory, PAGE) == res

        cleanup:
        disk.close()

        where:
        sector | expected | room || used | res
        0      | 4096     | 4096 || 4096 | 1
        7      | 512      | 512  || 512  | 1
        6      | 4096     | 4096 || 1024 | 2
        0      | 512      | 1024 || 1024 | 2
        0      | 1024     | 512  || 512  | 2
    }

    def "a write reaches the file before the guest hears of it"() {
        given:
        def disk = open(file(4096))

        when:
        write(disk, 2, 'x' * 512)

        then:
        def content = Files.readAllBytes(folder.resolve('disk'))
        content.length == 4096
        new String(content, 1024, 512) == 'x' * 512
        content[1023] != (byte) 'x' && content[1536] != (byte) 'x'
        result(memory, PAGE) == BlockDisk.DONE
        memory.read32(BOUND) == 0
        port.raised == [1]
        verbose.last() == 'Block: WRITE at offset 1024'

        cleanup:
        disk.close()
    }

    def "a #mode write reaches #what before the guest hears of it"() {
        given:
        def storage = Mock(DiskStorage) {
            sizeBytes() >> 4096
            writable() >> true
        }
        def disk = new BlockDisk(DiskImage.of(folder), mode, storage, { }, { })
        disk.attach(memory, port, PAGE)
        port.bind(PAGE, 1, BOUND)

        when:
        write(disk, 1, 'x' * 512)

        then:
        1 * storage.write(512, _, 0, 512)

        then:
        forced * storage.force()
        result(memory, PAGE) == BlockDisk.DONE

        where:
        mode                      || what              | forced
        BlockDisk.Mode.READ_WRITE || 'the host'        | 0
        BlockDisk.Mode.SYNC       || "the host's disk" | 1
    }

    def "a #mode write of #bytes bytes at sector #sector exits with #message and changes nothing"() {
        given:
        def disk = open(file(4096), mode)
        def before = Files.readAllBytes(folder.resolve('disk'))

        when:
        write(disk, sector, 'x' * 4096, bytes)

        then:
        def exit = thrown(LauncherExit)
        exit.message == message
        Files.readAllBytes(folder.resolve('disk')) == before

        cleanup:
        disk.close()

        where:
        mode                       | sector | bytes || message
        BlockDisk.Mode.READ_WRITE  | 6      | 4096  || 'Write past end 3072+4096'
        BlockDisk.Mode.READ_ONLY   | 6      | 1025  || 'Write past end 3072+1025'
        BlockDisk.Mode.SNAPSHOT    | 1      | 3585  || 'Write past end 512+3585'
        BlockDisk.Mode.READ_WRITE  | 8      | 512   || 'Bad offset 4096 vs 4096: Invalid argument'
        BlockDisk.Mode.READ_WRITE  | -1     | 512   || 'Bad offset 2199023255040 vs 4096: Invalid argument'
    }

    def "without a bound buffer the launcher exits"() {
        given:
        def disk = open(file(4096))
        port.bound.clear()

        when:
        write(disk, 0, 'x' * 512)

        then:
        def exit = thrown(LauncherExit)
        exit.message == "Block request didn't give us a dma buffer: No such file or directory"
        new String(Files.readAllBytes(folder.resolve('disk')))[0] != 'x'

        cleanup:
        disk.close()
    }

    def "writes to a read-only disk fail, reads work, the file is untouched"() {
        given:
        def path = file(4096)
        path.toFile().setReadOnly()
        def disk = open(path, BlockDisk.Mode.READ_ONLY)
        def before = Files.readAllBytes(path)

        when:
        write(disk, 0, 'x' * 512)

        then:
        result(memory, PAGE) == BlockDisk.ERROR
        memory.read32(BOUND) == 0
        port.raised == [1]
        Files.readAllBytes(path) == before

        when:
        read(disk, 0, 512)

        then:
        result(memory, PAGE) == BlockDisk.DONE

        cleanup:
        disk.close()
    }

    def "writes to a snapshot are seen by later reads and never by the file"() {
        given:
        def path = file(10000)
        def disk = open(path, BlockDisk.Mode.SNAPSHOT)
        def before = Files.readAllBytes(path)

        when:
        write(disk, 7, 'a' * 1024)

        then:
        result(memory, PAGE) == BlockDisk.DONE

        when:
        read(disk, 6, 2048)

        then:
        def expected = before.clone()
        Arrays.fill(expected, 7 * 512, 9 * 512, (byte) 0x61)
        Structs.bytes(memory, DATA, 2048) == Arrays.copyOfRange(expected, 6 * 512, 10 * 512)
        Files.readAllBytes(path) == before

        cleanup:
        disk.close()
    }

    def "a file that shrinks under the disk is read short and never grows again"() {
        given:
        def path = file(4096)
        def disk = open(path)
        new RandomAccessFile(path.toFile(), 'rw').withCloseable { it.length = 1024 }

        when:
        read(disk, 1, 1024)

        then:
        memory.read32(BOUND) == 512
        result(memory, PAGE) == BlockDisk.ERROR

        when:
        write(disk, 1, 'x' * 1024)

        then:
        def exit = thrown(LauncherExit)
        exit.message == 'Write past end 512+4294967295'
        warnings == ["Block: $path: file has shrunk to 1024 bytes"]
        Files.size(path) == 1024

        cleanup:
        disk.close()
    }

    @Requires({ os.linux })
    def "a file that is deleted under the disk is a disk as long as the guest lives, and does not come back"() {
        given:
        def path = file(4096)
        def disk = open(path)
        Files.delete(path)

        when:
        write(disk, 1, 'x' * 512)
        read(disk, 1, 512)

        then:
        result(memory, PAGE) == BlockDisk.DONE
        memory.read8(DATA) == ('x' as char) as int
        !Files.exists(path)

        cleanup:
        disk.close()
    }

    def "opening #name fails: #message"() {
        given:
        Files.createDirectory(folder.resolve('folder'))

        when:
        BlockDisk.open(DiskImage.of(folder.resolve(name)), mode, { }, { }, null)

        then:
        def exit = thrown(LauncherExit)
        exit.message == "Failed to open ${folder.resolve(name)}: $message"
        !Files.exists(folder.resolve('nofile'))

        where:
        name     | mode                      || message
        'nofile' | BlockDisk.Mode.READ_WRITE || 'No such file or directory'
        'nofile' | BlockDisk.Mode.READ_ONLY  || 'No such file or directory'
        'nofile' | BlockDisk.Mode.SNAPSHOT   || 'No such file or directory'
        'folder' | BlockDisk.Mode.READ_WRITE || 'Is a directory'
        'folder' | BlockDisk.Mode.READ_ONLY  || 'Is a directory'
    }

    @Requires({ os.linux })
    def "character devices are no disks"() {
        when:
        BlockDisk.open(DiskImage.of(Path.of('/dev/zero')), BlockDisk.Mode.READ_ONLY, { }, { }, null)

        then:
        def exit = thrown(LauncherExit)
        exit.message == 'Failed to open /dev/zero: not a file or block device'
    }

    def "a #kind that #what: result #res, used_len #used, the guest reads #seen, the disk has #kept"() {
        given:
        def path = file(4096)
        def disk = open(path)
        def asked = []
        def before = new String(Files.readAllBytes(path), 1024, 512, 'ISO-8859-1')

        when:
        disk.onRequest { request ->
            asked << [request.number(), request.write(), request.sector(), request.data().length]
            spoil(request)
        }
        if (kind == 'write') {
            write(disk, 2, 'x' * 512)
        } else {
            text(memory, DATA, '?' * 512)
            read(disk, 2, 512)
        }

        then:
        asked == [[1L, kind == 'write', 2L, 512]]
        result(memory, PAGE) == res
        memory.read32(BOUND) == used
        port.raised == [1]

        and:
        def content = new String(Files.readAllBytes(path), 1024, 512, 'ISO-8859-1')
        content == (kept == 'all' ? 'x' * 512 : kept == 'part' ? 'x' * 100 + before.substring(100) : kept == 'changed' ? 'y' + 'x' * 511 : before)
        def got = text(memory, DATA, 512)
        kind == 'write' || got == (seen == 'all' ? before : seen == 'part' ? before.substring(0, 100) + '?' * 412
            : seen == 'changed' ? 'y' + before.substring(1) : '?' * 512)

        cleanup:
        disk.close()

        where:
        kind    | what           | spoil                              || res | used | seen      | kept
        'write' | 'is left be'   | { }                                || 1   | 0    | ''        | 'all'
        'write' | 'fails'        | { it.fail() }                      || 2   | 0    | ''        | 'nothing'
        'write' | 'is lost'      | { it.lose() }                      || 1   | 0    | ''        | 'nothing'
        'write' | 'is cut off'   | { it.cut(100) }                    || 2   | 0    | ''        | 'part'
        'write' | 'is changed'   | { it.data()[0] = (byte) 0x79 }     || 1   | 0    | ''        | 'changed'
        'read'  | 'is left be'   | { }                                || 1   | 512  | 'all'     | 'nothing'
        'read'  | 'fails'        | { it.fail() }                      || 2   | -1   | 'nothing' | 'nothing'
        'read'  | 'is lost'      | { it.lose() }                      || 1   | 512  | 'nothing' | 'nothing'
        'read'  | 'is cut off'   | { it.cut(100) }                    || 2   | 100  | 'part'    | 'nothing'
        'read'  | 'is changed'   | { it.data()[0] = (byte) 0x79 }     || 1   | 512  | 'changed' | 'nothing'
    }

    def "the disk of a guest that has ended is free for another"() {
        given:
        def path = file(4096)
        def disk = open(path)

        when:
        disk.retire()
        def other = BlockDisk.open(DiskImage.of(path), BlockDisk.Mode.READ_WRITE, { }, { }, null)
        disk.close()

        then:
        disk.state().sectors == 8L

        cleanup:
        other.close()
    }

    def "state counts what happened"() {
        given:
        def disk = open(file(4096))

        when:
        write(disk, 0, 'x' * 512)
        read(disk, 0, 1024)
        disk.onRequest { it.fail() }
        read(disk, 0, 1024)
        def state = disk.state()

        then:
        (state.remove('busyNanos') as long) > 0
        state == [path: folder.resolve('disk').toString(), mode: BlockDisk.Mode.READ_WRITE, sectors: 8L, requests: 3L, failed: 1L,
                  reads: 1L, readBytes: 1024L, writes: 1L, writtenBytes: 512L]

        cleanup:
        disk.close()
    }
}
