package lguest.disk

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

class DiskImageSpec extends Specification {
    static final int BYTES = 1 << 20

    @TempDir
    Path folder

    Path raw(String name = 'disk.img') { Files.write(folder.resolve(name), new byte[BYTES]) }

    def "#text is #format at #path"() {
        given:
        def image = DiskImage.parse(text)

        expect:
        image.effectiveFormat().text() == format
        image.path() == Path.of(path)

        where:
        text             || format  | path
        'rootfile'       || 'raw'   | 'rootfile'
        'a.qcow2'        || 'qcow2' | 'a.qcow2'
        'qcow2:rootfile' || 'qcow2' | 'rootfile'
        'raw:a.qcow2'    || 'raw'   | 'a.qcow2'
        'raw:raw:x'      || 'raw'   | 'raw:x'
        './qcow2:x'      || 'raw'   | './qcow2:x'
        'a:b.img'        || 'raw'   | 'a:b.img'
    }

    def "a raw disk that begins like a qcow2 image is neither, until somebody says"() {
        given:
        def path = Files.write(folder.resolve('disk.img'), 'QFI\u00fb and so on'.getBytes('ISO-8859-1'))

        when:
        DiskImage.of(path).open(true)

        then:
        def refused = thrown(IOException)
        refused.message == "begins like a qcow2 image: say qcow2:$path if it is one, raw:$path if it only looks so"

        when:
        def storage = DiskImage.parse("raw:$path").open(true)

        then:
        storage.sizeBytes() == Files.size(path)

        cleanup:
        storage?.close()
    }

    def "a disk in use by a #first is refused to a #second: #message"() {
        given:
        def path = raw()
        def link = Files.createLink(folder.resolve('link'), path)
        def open = DiskImage.of(path).open(first == 'writer')

        when:
        DiskImage.of(link).open(second == 'writer')

        then:
        def refused = thrown(IOException)
        refused.reason == message

        when:
        open.close()
        DiskImage.of(link).open(second == 'writer').close()

        then:
        noExceptionThrown()

        where:
        first    | second   || message
        'writer' | 'writer' || 'in use: who writes to it must be alone'
        'reader' | 'writer' || 'in use: who writes to it must be alone'
        'writer' | 'reader' || 'in use by somebody who writes to it'
    }

    def "somebody may have a raw file twice, not a qcow2 image, and nobody else meanwhile"() {
        given:
        def file = DiskImage.of(raw())
        def qcow2 = DiskImage.of(folder.resolve('q.qcow2')).ofSize(BYTES)
        def one = file.open(true, this)
        def two = file.open(true, this)
        def three = qcow2.open(true, this)

        when:
        one.close()
        file.open(true, 'else')

        then:
        thrown(IOException)

        when:
        qcow2.open(true, this)

        then:
        thrown(IOException)

        cleanup:
        [two, three]*.close()
    }

    def "two overlays share their base, and nobody may write to it meanwhile"() {
        given:
        def base = DiskImage.of(raw())
        def one = DiskImage.of(folder.resolve('1.qcow2')).over(base).open(true)
        def two = DiskImage.of(folder.resolve('2.qcow2')).over(base).open(true)

        when:
        one.write(0, 'one'.bytes, 0, 3)
        two.write(0, 'two'.bytes, 0, 3)
        def read = [one, two].collect {
            def bytes = new byte[3]
            it.read(0, bytes, 0, 3)
            new String(bytes)
        }

        then:
        read == ['one', 'two']

        when:
        base.open(true)

        then:
        thrown(IOException)

        cleanup:
        [one, two]*.close()
    }

    @Requires({ os.linux && QemuImg.PRESENT })
    def "QEMU's tools respect who is in here, and are respected"() {
        given:
        def path = folder.resolve('disk.qcow2')
        def open = DiskImage.of(path).ofSize(BYTES).open(true)

        expect:
        QemuImg.run(['qemu-io', '-c', 'write 0 512', path], [1]).contains('lock')

        when:
        open.close()

        then:
        QemuImg.run(['qemu-io', '-c', 'write 0 512', path])
    }

    def "a disk that is not there is made if its size is said: #name, sparse"() {
        given:
        def image = DiskImage.of(folder.resolve(name)).ofSize(1L << 30)

        when:
        def storage = image.open(true)
        storage.write(1 << 29, 'middle'.bytes, 0, 6)
        storage.close()

        then:
        storage.sizeBytes() == 1L << 30
        allocatedBytes(image.path()) < 1 << 20

        when:
        image.ofSize(1 << 20).open(true)

        then:
        def refused = thrown(IOException)
        refused.message == 'is there and has 1073741824 bytes, not 1048576'

        where:
        name << ['new.img', 'new.qcow2']
    }

    /** What du says; nothing where there is none. */
    static long allocatedBytes(Path path) {
        new File('/usr/bin/du').canExecute() ? QemuImg.run(['du', '-B1', path]).tokenize()[0] as long : 0
    }

    def "an overlay has the base it was made over: #message"() {
        given:
        def overlay = DiskImage.of(folder.resolve(name))
        def base = DiskImage.of(raw())
        def other = DiskImage.of(raw('other.img'))
        if (made == 'over') {
            overlay.over(base).open(true).close()
        } else if (made == 'alone') {
            overlay.ofSize(BYTES).open(true).close()
        }

        when:
        overlay.over(other).open(true)

        then:
        def refused = thrown(IOException)
        refused.message == message.replace('FOLDER', folder.toString())

        where:
        name      | made    || message
        'o.qcow2' | 'over'  || 'is there and stands on FOLDER/disk.img, not on FOLDER/other.img'
        'o.qcow2' | 'alone' || 'is there and stands on nothing, not on FOLDER/other.img'
        'o.img'   | 'not'   || 'a raw disk has no base: call it FOLDER/o.img.qcow2 or qcow2:FOLDER/o.img'
    }

    def "a base that is gone is named: #message"() {
        given:
        def base = raw()
        def overlay = DiskImage.of(folder.resolve('o.qcow2')).over(DiskImage.of(base))
        overlay.open(true).close()
        spoil(base)

        when:
        DiskImage.of(overlay.path()).open(true)

        then:
        def refused = thrown(IOException)
        refused.message == message.replace('BASE', base.toString())

        where:
        spoil                                                           || message
        ({ Files.delete(it) })                                          || 'its base BASE is not there'
        ({ Files.delete(it); Files.createDirectory(it) })               || 'its base BASE: Is a directory'
    }

    def "images that stand on each other in a circle are refused"() {
        given:
        def one = folder.resolve('1.qcow2')
        def two = folder.resolve('2.qcow2')
        def bottom = DiskImage.of(folder.resolve('3.qcow2')).ofSize(BYTES)
        bottom.open(true).close()
        DiskImage.of(two).over(DiskImage.of(bottom.path())).open(true).close()
        DiskImage.of(one).over(DiskImage.of(two)).open(true).close()
        Files.delete(bottom.path())
        Files.createLink(bottom.path(), one)

        when:
        DiskImage.of(one).open(writable)

        then:
        def refused = thrown(IOException)
        refused.message.contains(message)

        where:
        writable || message
        false    || 'qcow2: more than 64 images, each standing on the next'
        true     || 'in use by somebody who writes to it'
    }

    def "an image that is cut off while in use is read with an error and never written to again"() {
        given:
        def path = folder.resolve('disk.qcow2')
        def storage = DiskImage.of(path).ofSize(BYTES).open(true)
        storage.write(0, new byte[BYTES], 0, BYTES)
        new RandomAccessFile(path.toFile(), 'rw').withCloseable { it.length = 400_000 }

        when:
        storage.read(BYTES - 512, new byte[512], 0, 512)

        then:
        def unreadable = thrown(IOException)
        unreadable.message ==~ /qcow2 image is broken: a cluster at 0x[0-9a-f]+ in a file of 400000 bytes/

        when:
        storage.write(0, new byte[512], 0, 512)

        then:
        def refused = thrown(IOException)
        refused.message == 'file has shrunk to 400000 bytes'
        Files.size(path) == 400_000

        cleanup:
        storage.close()
    }
}
