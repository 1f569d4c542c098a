package lguest.device

import java.nio.file.Files
import java.nio.file.Path
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

    Path file(int bytes) {
        def pattern = new byte[bytes]
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (i / 512 + i % 7)
        }
        return Files.write(folder.resolve('disk'), pattern)
    }

    BlockDisk open(Path path, BlockDisk.Mode mode = BlockDisk.Mode.READ_WRITE) {
        def disk = BlockDisk.open(path, mode, { verbose << it })
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

    def "a snapshot that is full refuses, and goes on with the pages it has"() {
        given:
        def below = [sizeBytes: { 1L << 20 }, read: { at, to, offset, length -> length }] as DiskStorage
        def storage = new SnapshotStorage(below, 8192)
        def bytes = ('x' * 8192).bytes

        when:
        storage.write(4096, bytes, 0, 8192)

        then:
        storage.heldBytes() == 8192

        when:
        storage.write(4100, bytes, 0, 100)
        storage.write(100, bytes, 0, 1)

        then:
        def refused = thrown(IOException)
        refused.message == 'snapshot has reached its limit of 8192 bytes'
        storage.heldBytes() == 8192
    }

    def "snapshots agree with a plain array after random writes (seed #seed)"() {
        given:
        def random = new Random(seed)
        def path = file(20000)
        def model = Files.readAllBytes(path)
        def storage = new SnapshotStorage(FileStorage.open(path, false), 1 << 20)

        when:
        50.times {
            int at = random.nextInt(20000)
            int length = random.nextInt(Math.min(9000, 20000 - at) + 1)
            def bytes = new byte[length]
            random.nextBytes(bytes)
            storage.write(at, bytes, 0, length)
            System.arraycopy(bytes, 0, model, at, length)
        }
        def all = new byte[20000]

        then:
        storage.read(0, all, 0, 20000) == 20000
        all == model

        cleanup:
        storage.close()

        where:
        seed << (1..10)
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
        Files.size(path) == 1024

        cleanup:
        disk.close()
    }

    def "opening #name fails: #message"() {
        given:
        Files.createDirectory(folder.resolve('folder'))

        when:
        BlockDisk.open(folder.resolve(name), mode, { })

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
        BlockDisk.open(Path.of('/dev/zero'), BlockDisk.Mode.READ_ONLY, { })

        then:
        def exit = thrown(LauncherExit)
        exit.message == 'Failed to open /dev/zero: not a file or block device'
    }

    def "state counts what happened"() {
        given:
        def disk = open(file(4096))

        when:
        write(disk, 0, 'x' * 512)
        read(disk, 0, 1024)

        then:
        disk.state() == [path: folder.resolve('disk').toString(), mode: BlockDisk.Mode.READ_WRITE, sectors: 8L, requests: 2L,
                         readBytes: 1024L, writtenBytes: 512L]

        cleanup:
        disk.close()
    }
}
