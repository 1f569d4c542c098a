package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import spock.lang.AutoCleanup
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('A real Linux whose root is a disk: raw, forgotten, laid over another, qcow2')
@Requires(value = { LinuxGuest.IMAGES && LinuxWiresSlowSpec.tools('qemu-img', 'e2fsck', 'debugfs') },
    reason = 'needs a Linux guest, -Dlguest.linux=DIR with vmlinux and rootfs.img, and qemu-img, e2fsck, debugfs')
class LinuxDisksSlowSpec extends Specification {
    /** Of the numbers from 1 to 36000, a line each. */
    static final String WRITTEN_MD5 = '0d8bda26b15fa87a80ddd22ad00975fd'

    @Shared
    byte[] rootfs

    @TempDir
    Path folder

    @AutoCleanup(quiet = true)
    LinuxGuest guest

    def setupSpec() { rootfs = Files.readAllBytes(Path.of(LinuxGuest.IMAGES, 'rootfs.img')) }

    Path base() { Files.write(folder.resolve('base.img'), rootfs) }

    static byte[] run(String... command) {
        def process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        def said = process.inputStream.bytes
        assert process.waitFor() == 0 : "$command: ${new String(said)}"
        said
    }

    /** Whether what the guest has written is in a file system that is sound. */
    boolean has(Path image) {
        def raw = folder.resolve('raw.img').toString()
        if (image.toString().endsWith('.qcow2')) {
            run('qemu-img', 'check', image.toString())
        }
        run('qemu-img', 'convert', '-O', 'raw', image.toString(), raw)
        run('e2fsck', '-fn', raw)
        MessageDigest.getInstance('MD5').digest(run('debugfs', '-R', 'cat /written', raw)).encodeHex().toString() == WRITTEN_MD5
    }

    void write(List<String> options) {
        guest = LinuxGuest.onDisk(options*.toString())
        guest.run('seq 1 36000 > /written && sync && cp -r /bin /copies && rm -r /copies')
        assert guest.exit() == 0
    }

    def "a raw file keeps it"() {
        when:
        write(["--block=${base()}"])

        then:
        has(folder.resolve('base.img'))
    }

    def "a snapshot forgets it"() {
        when:
        write(['--snapshot', "--block=${base()}"])

        then:
        Files.readAllBytes(folder.resolve('base.img')) == rootfs
    }

    def "an overlay keeps it to itself, and the next guest finds it there"() {
        given:
        def mine = folder.resolve('mine.qcow2')
        def options = ["--base=${base()}", "--block=$mine"]

        when:
        write(options)

        then:
        Files.readAllBytes(folder.resolve('base.img')) == rootfs
        has(mine)

        when:
        guest = LinuxGuest.onDisk(options*.toString())

        then:
        guest.run('md5sum < /written').startsWith(WRITTEN_MD5)
    }

    def "a qcow2 image of version #version keeps it"() {
        given:
        def image = folder.resolve('disk.qcow2')
        run('qemu-img', 'convert', '-O', 'qcow2', '-c', '-o', "compat=$version".toString(), base().toString(), image.toString())

        when:
        write(["--block=$image"])

        then:
        has(image)

        where:
        version << ['0.10', '1.1']
    }
}
