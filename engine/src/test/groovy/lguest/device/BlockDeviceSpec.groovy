package lguest.device

import java.nio.file.Files
import java.nio.file.Path
import lguest.disk.DiskImage
import lguest.disk.QemuImg
import lguest.mem.PhysicalMemory
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

import static lguest.device.Structs.dma
import static lguest.device.Structs.request
import static lguest.device.Structs.result

@Title('A block device of the host as a disk')
@Requires(value = { os.linux && LOOPS }, reason = 'needs root, losetup and a free loop device')
class BlockDeviceSpec extends Specification {
    static final int BYTES = 1 << 20
    static final int PAGE = 0x11000
    static final int BOUND = 0x100
    static final int SENT = 0x200
    static final int DATA = 0x2000
    static final boolean LOOPS = Files.isWritable(Path.of('/dev/loop-control')) && new File('/usr/sbin/losetup').canExecute()

    @TempDir
    Path folder

    def memory = new PhysicalMemory(0x12000)
    def port = new FakePort(memory)
    def warnings = []
    Path backing
    Path device
    BlockDisk disk

    def setup() {
        def content = new byte[BYTES]
        new Random(7).nextBytes(content)
        backing = Files.write(folder.resolve('backing'), content)
        device = loop()
    }

    def cleanup() {
        disk?.close()
        QemuImg.run(['losetup', '-d', device])
    }

    Path loop(String... options) { Path.of(QemuImg.run(['losetup', *options, '-f', '--show', backing]).trim()) }

    void open(BlockDisk.Mode mode = BlockDisk.Mode.READ_WRITE) {
        disk = BlockDisk.open(DiskImage.of(device), mode, { }, { warnings << it }, this)
        disk.attach(memory, port, PAGE)
        port.bind(PAGE, 1, BOUND)
    }

    int read(int sector, int bytes) {
        dma(memory, BOUND, [[DATA, bytes]])
        dma(memory, SENT, [])
        request(memory, PAGE, false, sector, bytes)
        disk.output(PAGE, Dma.at(memory, SENT))
        result(memory, PAGE)
    }

    int write(int sector, byte[] content) {
        Structs.bytes(memory, DATA, content)
        dma(memory, BOUND, [[0x5000, 512]])
        dma(memory, SENT, [[DATA, content.length]])
        request(memory, PAGE, true, sector, content.length)
        disk.output(PAGE, Dma.at(memory, SENT))
        result(memory, PAGE)
    }

    byte[] data(int bytes) {
        def got = new byte[bytes]
        memory.read(DATA, got, 0, bytes)
        got
    }

    static byte[] changed(byte[] content, int at, byte[] by) {
        System.arraycopy(by, 0, content, at, by.length)
        content
    }

    def "it is as long as it is, read and written to its last sector, and no longer afterwards"() {
        given:
        def content = Files.readAllBytes(backing)
        def last = 'the last sector'.padRight(512).bytes
        open()

        expect:
        disk.state().sectors == BYTES / 512
        read(100, 4096) == BlockDisk.DONE
        data(4096) == Arrays.copyOfRange(content, 51200, 55296)
        write(BYTES.intdiv(512) - 1, last) == BlockDisk.DONE

        when:
        write(BYTES.intdiv(512) - 1, new byte[1024])

        then:
        def exit = thrown(LauncherExit)
        exit.message == "Write past end ${BYTES - 512}+1024"

        when:
        disk.close()
        disk = null

        then:
        Arrays.equals(Files.readAllBytes(device), changed(content, BYTES - 512, last))
        Files.size(backing) == BYTES
    }

    def "it is for one guest that writes, by whatever name"() {
        given:
        def link = Files.createSymbolicLink(folder.resolve('link'), device)
        open()

        when:
        BlockDisk.open(DiskImage.of(link), BlockDisk.Mode.READ_ONLY, { }, { }, null)

        then:
        def refused = thrown(LauncherExit)
        refused.message == "Failed to open $link: in use by somebody who writes to it"
    }

    def "one that cannot be written to is a disk only to read"() {
        given:
        def writable = device
        device = loop('-r')
        QemuImg.run(['losetup', '-d', writable])

        when:
        open()
        write(0, new byte[512])

        then: 'opening it tells nothing, the first write does'
        thrown(LauncherExit)
        warnings == ["Block: $device: Operation not permitted"]

        when:
        disk.close()
        open(mode)

        then:
        read(0, 512) == BlockDisk.DONE
        write(0, new byte[512]) == result

        where:
        mode                      || result
        BlockDisk.Mode.READ_ONLY  || BlockDisk.ERROR
        BlockDisk.Mode.SNAPSHOT   || BlockDisk.DONE
    }

    def "where it has gone bad it is an error to the guest, and the rest goes on"() {
        given:
        open()
        new RandomAccessFile(backing.toFile(), 'rw').withCloseable { it.length = BYTES.intdiv(2) }

        expect:
        read(BYTES.intdiv(512) - 8, 4096) == BlockDisk.ERROR
        warnings == ["Block: $device: Input/output error"]
        read(0, 4096) == BlockDisk.DONE
        write(0, new byte[512]) == BlockDisk.DONE
    }

    def "an overlay over it leaves it alone"() {
        given:
        def content = Files.readAllBytes(backing)
        def overlay = DiskImage.of(folder.resolve('overlay.qcow2')).over(DiskImage.of(device))

        when:
        overlay.open(true).withCloseable { storage ->
            assert storage.sizeBytes() == BYTES
            storage.write(1000, new byte[5000], 0, 5000)
        }

        then:
        Arrays.equals(Files.readAllBytes(device), content)
        QemuImg.check(overlay.path())
        Arrays.equals(QemuImg.content(overlay.path()), changed(content, 1000, new byte[5000]))
    }
}
