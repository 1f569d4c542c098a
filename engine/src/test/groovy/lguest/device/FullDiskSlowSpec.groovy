package lguest.device

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import lguest.disk.QemuImg
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

import static lguest.device.DiskWriter.DISK_BYTES

@Title('A host that has no room left: one clear error, and nothing is lost')
@Requires(value = { os.linux && QemuImg.PRESENT && MOUNTS }, reason = 'needs qemu-utils, and a mount namespace of its own: unshare')
class FullDiskSlowSpec extends Specification {
    static final boolean MOUNTS = ['unshare', '-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'].execute().waitFor() == 0
    static final int ROOM_BYTES = 2 << 20
    static final long SEED = 57

    @TempDir
    Path folder

    /** Writes to a disk on a file system with that little room until it is full; what is left is copied here, as QEMU reads it. */
    Map fill(String prepare, String image) {
        def small = Files.createDirectory(folder.resolve('small'))
        Files.writeString(folder.resolve('fill'), """\
            set -e
            mount -t tmpfs -o size=$ROOM_BYTES tmpfs $small
            (cd $small; $prepare)
            printf '0\\n$small/$image\\n\\n' | "\$@" > $folder/acknowledged 2> $folder/errors || echo \$? > $folder/status
            case $image in *.qcow2) qemu-img check -q $small/$image || test \$? = 3;; esac
            qemu-img convert -O raw -S 0 $small/$image $folder/content
        """.stripIndent())
        QemuImg.run(['unshare', '-rm', 'sh', folder.resolve('fill'), Path.of(System.getProperty('java.home'), 'bin', 'java'), '-Xmx256m',
            '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', System.getProperty('java.class.path'), DiskWriter.name, SEED])
        [status: Files.readString(folder.resolve('status')).trim() as int, errors: Files.readAllLines(folder.resolve('errors')),
         done: (int) Files.size(folder.resolve('acknowledged')) >> 1, content: Files.readAllBytes(folder.resolve('content'))]
    }

    def "#image"() {
        when:
        def end = fill(prepare, image)

        then: 'the guest ended, and it is plain why'
        end.status == 1
        end.errors.size() == 2
        end.errors[0] ==~ /Block: .*$image: No space left on device/
        end.errors[1] ==~ /lguest: Write past end \d+\+4294967295/

        and: 'all is there, but of the last request, each sector of which may be or not'
        def model = new byte[DISK_BYTES]
        (0..<end.done).each {
            def request = new DiskWriter.Request(SEED, it)
            System.arraycopy(request.data, 0, model, 512 * request.sector, request.data.length)
        }
        def last = new DiskWriter.Request(SEED, end.done)
        end.done > 20
        (0..<DISK_BYTES).step(512).every { at ->
            Arrays.equals(end.content, at, at + 512, model, at, at + 512) || at >= 512 * last.sector && at < 512 * last.sector + last.data.length
        }

        where:
        image           | prepare
        'sparse.img'    | "truncate -s $DISK_BYTES sparse.img"
        'new.qcow2'     | "qemu-img create -q -f qcow2 new.qcow2 $DISK_BYTES"
        'small.qcow2'   | "qemu-img create -q -f qcow2 -o cluster_size=512,refcount_bits=64 small.qcow2 $DISK_BYTES"
        'overlay.qcow2' | "truncate -s $DISK_BYTES ../base; qemu-img create -q -f qcow2 -b ../base -F raw overlay.qcow2"
    }
}
