package lguest.device

import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import lguest.mem.PhysicalMemory
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

class SharedNetSlowSpec extends Specification {
    static final int PAGE = 0x11000

    @TempDir
    Path folder

    def verbose = []
    def opened = []

    def cleanup() {
        opened*.close()
    }

    SharedNet open(Path path = folder.resolve('net')) {
        def net = SharedNet.open(path, { verbose << it })
        opened << net
        return net
    }

    void close(SharedNet net) {
        opened.remove(net)
        net.close()
    }

    PhysicalMemory attach(SharedNet net) {
        def memory = new PhysicalMemory(0x12000)
        net.attach(memory, new FakePort(memory), PAGE)
        return memory
    }

    def "a missing file is made: one zeroed page"() {
        when:
        def net = open()

        then:
        Files.readAllBytes(folder.resolve('net')) == new byte[4096]
        net.type() == 2
        net.features() == 0x4000
        net.pages() == 1
    }

    def "an empty file becomes a page"() {
        given:
        Files.createFile(folder.resolve('net'))

        when:
        open()

        then:
        Files.size(folder.resolve('net')) == 4096
    }

    @Requires({ !os.windows })
    def "only its owner may use a file that was made"() {
        when:
        open()

        then:
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve('net'))) == 'rw-------'
    }

    def "an existing file keeps its size and content"() {
        given:
        def content = new byte[5000]
        Arrays.fill(content, (byte) 7)
        Files.write(folder.resolve('net'), content)

        when:
        attach(open())

        then:
        Files.readAllBytes(folder.resolve('net')) == content
    }

    def "guests of one process get slots from the lowest free one"() {
        when:
        def nets = (1..3).collect { open() }

        then:
        nets*.features() == [0x4000, 0x4001, 0x4002]

        when:
        close(nets[1])

        then:
        open().slot() == 1
        open().slot() == 3
    }

    def "the same file by another name is the same file"() {
        given:
        def one = open()
        Files.createSymbolicLink(folder.resolve('alias'), folder.resolve('net'))

        when:
        def two = open(folder.resolve('alias'))

        then:
        two.slot() == 1
        attach(one)
        attach(two)
        one.sharedFile(PAGE) == two.sharedFile(PAGE)
        one.sharedFile(PAGE) != 0
        one.sharedFile(PAGE - 4) == 0
        one.sharedFile(PAGE + 4096) == 0
    }

    def "different files are different wires"() {
        given:
        def one = open()
        def other = open(folder.resolve('other'))
        attach(one)
        attach(other)

        expect:
        one.sharedFile(PAGE) != other.sharedFile(PAGE)
        other.slot() == 0
    }

    def "what one guest writes, the other reads: #bits bits at #offset"() {
        given:
        def one = attach(open())
        def two = attach(open())

        when:
        one."write$bits"(PAGE + offset, value)

        then:
        two."read$bits"(PAGE + offset) == value
        Files.readAllBytes(folder.resolve('net'))[offset] == (byte) value

        where:
        bits | offset | value
        8    | 0      | 0x12
        8    | 4095   | 0xFE
        16   | 2      | 0x1234
        16   | 3      | 0x89AB
        32   | 4      | 0x12345678
        32   | 5      | 0x76543210
        32   | 4092   | -2
    }

    def "verbose says which peer we are"() {
        given:
        def net = open()

        when:
        attach(net)

        then:
        verbose == ["device 0x11000: shared net ${folder.resolve('net')}, peer 0"]
    }

    def "a slot whose byte another process has locked is taken"() {
        given:
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
        Files.write(folder.resolve('net'), new byte[4096])
        def source = Files.writeString(folder.resolve('Lock.java'), '''
            import java.nio.channels.FileChannel; import java.nio.file.*;
            public class Lock { public static void main(String[] a) throws Exception {
                var channel = FileChannel.open(Path.of(a[0]), StandardOpenOption.WRITE);
                channel.lock(0, 2, false); System.out.println("locked"); System.in.read(); } }''')
        def other = new ProcessBuilder(java, source.toString(), folder.resolve('net').toString()).start()
        def said = other.inputStream.newReader().readLine()

        expect:
        said == 'locked'
        open().slot() == 2

        cleanup:
        other?.outputStream?.close()
        other?.waitFor()
    }

    def "sixteen guests: what one sends to each reaches each once"() {
        given:
        def nets = (1..16).collect { open() }
        def ports = nets.collect { net ->
            def memory = new PhysicalMemory(0x12000)
            def port = new FakePort(memory)
            net.attach(memory, port, PAGE)
            net.onInput { net.service() }
            net.bind(0, PAGE + 4 * net.slot())
            port
        }

        when:
        def outcomes = nets.collectMany { from -> nets.collect { to -> from.send(PAGE + 4 * to.slot(), parcel(from), { }).outcome() } }

        then: 'but itself'
        outcomes.collate(16).withIndex().every { row, from -> row.withIndex().every { got, to -> got == (to == from ? Parcel.NOBODY : 60) } }
        ports.withIndex().every { port, to ->
            port.received*.get(0) == [PAGE + 4 * to] * 15 && port.received*.get(1)*.getAt(0) == (0..15).toList() - to
        }
    }

    static Parcel parcel(SharedNet from) {
        new Parcel(([from.slot()] + [0] * 59) as byte[], true)
    }

    def "of several bindings of a key the latest gets it, then the one before"() {
        given:
        def (one, two, three) = (1..3).collect { open() }
        [one, two].each { net ->
            attach(net)
            net.onInput { net.service() }
            net.bind(0, PAGE)
        }
        attach(three)
        def to = { three.send(PAGE, parcel(three), { }).outcome() }

        expect:
        to() == 60
        two.retire()
        to() == 60
        one.unbind(0)
        to() == Parcel.NOBODY
    }

    def "parcels cross to another process, until it is killed; then its slot is free and nobody is there"() {
        given:
        def wire = folder.resolve('net')
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
        def other = new ProcessBuilder(java, '-cp', System.getProperty('java.class.path'), OtherGuest.name, wire.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        assert other.inputStream.newReader().readLine() == 'bound'
        def net = open()
        attach(net)
        def send = { int key, byte[] bytes ->
            def answered = new CountDownLatch(1)
            def delivery = net.send(PAGE + key, new Parcel(bytes, true), { answered.countDown() })
            assert answered.await(1, TimeUnit.MINUTES)
            delivery.outcome()
        }

        expect:
        net.slot() == 1
        (1..3).collect { send(0, new byte[it * 20000]) } == [20000, 40000, 60000]
        send(4, new byte[60]) == Parcel.NOBODY

        when:
        other.destroyForcibly().waitFor()

        then:
        send(0, new byte[60]) == Parcel.NOBODY
        open().slot() == 0
        send(0, new byte[60]) == Parcel.NOBODY
    }

    /** A guest's end of the wire that takes everything sent to key 0. */
    static class OtherGuest {
        static void main(String[] args) {
            def net = SharedNet.open(Path.of(args[0]), { })
            def memory = new PhysicalMemory(0x12000)
            net.attach(memory, new FakePort(memory), PAGE)
            net.onInput { net.service() }
            net.bind(0, PAGE)
            println 'bound'
            Thread.sleep(Long.MAX_VALUE)
        }
    }

    def "682 guests are all a page has room for"() {
        given:
        682.times { open() }

        when:
        open()

        then:
        def exit = thrown(LauncherExit)
        exit.message == "No free slots in network file ${folder.resolve('net')}"
    }

    def "#name cannot be a wire: #message"() {
        given:
        Files.createDirectory(folder.resolve('folder'))
        Files.write(folder.resolve('short'), new byte[100])

        when:
        open(folder.resolve(name))

        then:
        def exit = thrown(LauncherExit)
        exit.message == message.replace('FILE', folder.resolve(name).toString())
        Files.size(folder.resolve('short')) == 100

        where:
        name          || message
        'folder'      || "cannot open net file 'FILE': Is a directory"
        'no/such/net' || "cannot open net file 'FILE': No such file or directory"
        'short'       || "could not mmap 'FILE': it has 100 bytes, must have 4096"
    }

    def "after the last guest has gone, the file can be locked by others"() {
        given:
        close(open())

        when:
        def channel = FileChannel.open(folder.resolve('net'), StandardOpenOption.WRITE)
        def lock = channel.tryLock(0, 1, false)

        then:
        lock.valid

        cleanup:
        channel?.close()
    }
}
