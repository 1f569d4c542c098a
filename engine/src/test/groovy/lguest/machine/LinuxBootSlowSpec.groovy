package lguest.machine

import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.time.Duration
import spock.lang.Requires
import spock.lang.Shared

/**
 * Linux 2.6.23 with a busybox userland: -Dlguest.linux=DIR with vmlinux, bzImage, initrd.gz and rootfs.img. Its script
 * {@code selftest} checks sums, floating point, pipes and clock, writes a file to the disk and reads it back.
 */
@Requires(value = { sys['lguest.linux'] }, reason = 'needs a Linux guest: -Dlguest.linux=DIR with vmlinux, bzImage, initrd.gz and rootfs.img')
class LinuxBootSlowSpec extends Boots {
    /** Of the numbers from 1 to 36000, a line each, which the script leaves in /written. */
    static final String WRITTEN_MD5 = '0d8bda26b15fa87a80ddd22ad00975fd'

    @Shared
    Path linux = Path.of(System.getProperty('lguest.linux', '.'))

    /** Read once: runs are equal only on equal disks, whoever else writes to the image meanwhile. */
    @Shared
    byte[] rootfs

    def setupSpec() { rootfs = Files.readAllBytes(linux.resolve('rootfs.img')) }

    Guest boot(String kernel, int megabytes, int tscKhz, String cmdline) {
        create(new GuestConfig('linux').memoryBytes((long) megabytes << 20).tscKhz(tscKhz).kernel(linux.resolve(kernel))
            .initrd(linux.resolve('initrd.gz')).cmdline(cmdline), rootfs)
    }

    /** An e2fsprogs tool, null if there is none. */
    static String tool(String name) {
        ['/sbin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/opt/e2fsprogs/sbin'].collect { Path.of(it, name) }.find { Files.isExecutable(it) }
    }

    void diskIsSound() {
        assert Files.size(disk()) == rootfs.length
        if (tool('e2fsck')) {
            def check = new ProcessBuilder(tool('e2fsck'), '-fn', disk().toString()).redirectErrorStream(true).start()
            def report = check.inputStream.text
            assert check.waitFor() == 0: report
        }
        if (tool('debugfs')) {
            def dump = new ProcessBuilder(tool('debugfs'), '-R', 'cat /written', disk().toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start()
            def written = dump.inputStream.bytes
            assert dump.waitFor() == 0
            assert MessageDigest.getInstance('MD5').digest(written).encodeHex() as String == WRITTEN_MD5
        }
    }

    def "#kernel with #megabytes MiB and a TSC of #tscKhz kHz boots, checks itself and powers off"() {
        given:
        def guest = boot(kernel, megabytes, tscKhz, 'console=hvc0 script=selftest ')

        when:
        runToPowerOff(guest)

        then:
        def console = guest.transcript().text()
        console.contains('lguest-linux: userland reached')
        console.contains('selftest: ok')
        def kilobytes = (console =~ /MemTotal: +(\d+) kB/)[0][1] as int
        kilobytes <= megabytes * 1024
        kilobytes >= megabytes * 1024 * 0.9 - 4096
        allDriven(guest)
        diskIsSound()

        where:
        kernel    | megabytes | tscKhz
        'vmlinux' | 32        | 1000000
        'bzImage' | 32        | 1000000
        'vmlinux' | 32        | 0
        'vmlinux' | 16        | 1000000
        'vmlinux' | 64        | 1000000
        'vmlinux' | 256       | 1000000
        'vmlinux' | 800       | 1000000
    }

    def "two runs print the same, make the same calls at the same instructions, leave the same memory and disk; so does one in pieces"() {
        given:
        def random = new Random(23)
        def disks = []

        when:
        def runs = [false, false, true].collect { inPieces ->
            def guest = boot('vmlinux', 32, 1000000, 'console=hvc0 script=selftest ')
            def trace = Recorded.trace(guest)
            long end = System.nanoTime() + PATIENCE.toNanos()
            while (inPieces && guest.alive() && System.nanoTime() < end) {
                guest.run(random.nextBoolean() ? Limit.instructions(1 + random.nextInt(100_000)) : Limit.guestTime(Duration.ofNanos(1 + random.nextInt(1_000_000))))
            }
            runToPowerOff(guest)
            disks << MessageDigest.getInstance('SHA-256').digest(Files.readAllBytes(disk()))
            return Recorded.of(guest, trace)
        }

        then:
        runs[0] == runs[1]
        runs[0] == runs[2]
        disks[0] == disks[1]
        disks[0] == disks[2]
    }

    def "somebody at the shell's prompt gets answers, and exits"() {
        given:
        def guest = boot(kernel, 32, 1000000, 'console=hvc0 ')
        def session = new Session(guest, PATIENCE)

        expect:
        session.expect('lguest-linux: userland reached')
        session.expect('# ')
        session.type('echo A$((6*7))B\r').expect(/A42B/)
        session.expect('# ')
        session.type('uname -r\r').expect(/2\.6\.23/)
        session.expect('# ')
        session.type('sleep 100 & jobs\r').expect(/Running +sleep 100/)
        session.expect('# ')
        session.type('kill %1; cat /proc/cmdline\r').expect(/console=hvc0/)
        session.expect('# ')
        session.type('cat\r').idle(Duration.ofMillis(500)).type('meow\r').expect(/meow\r\nmeow\r\n/)
        session.type('\003').expect('# ')
        session.type('seq 1 500 | awk \'{ s += $1 } END { print "sum", s }\'\r').expect(/sum 125250/)
        session.expect('# ')
        session.type('exit\r')

        when:
        runToPowerOff(guest)

        then:
        allDriven(guest)

        where:
        kernel << ['vmlinux', 'bzImage']
    }
}
