package lguest.device

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import lguest.disk.QemuImg
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

import static lguest.device.DiskWriter.DISK_BYTES

/** {@code -Dlguest.kills=200} for the long version. */
@Title('Killed at any moment, a disk has every write that the guest was told is done')
@Requires(value = { QemuImg.PRESENT && os.linux }, reason = 'needs qemu-img and qemu-io: Debian package qemu-utils')
class PowerLossSlowSpec extends Specification {
    static final int KILLS = Integer.getInteger('lguest.kills', 8)
    static final long SEED = Long.getLong('lguest.seed', 2007)
    /** After so many kills there are new disks: full ones have little left to go wrong. */
    static final int GENERATION = 8

    @TempDir
    Path folder

    @TempDir
    Path elsewhere

    /** What must be on each disk. */
    Map<Path, byte[]> disks = [:]

    void newDisks(Random random) {
        folder.toFile().listFiles().each { it.delete() }
        disks.clear()
        def content = new byte[DISK_BYTES]
        (0..<DISK_BYTES).step(65536) { if (random.nextBoolean()) Arrays.fill(content, it, it + 65536, (byte) random.nextInt(256)) }
        def raw = Files.write(folder.resolve('raw.img'), content)
        def base = Files.write(folder.resolve('base.img'), content)
        disks[raw] = content.clone()
        disks[QemuImg.create(folder.resolve('overlay.qcow2'), ['-b', base, '-F', 'raw', DISK_BYTES])] = content.clone()
        disks[QemuImg.create(folder.resolve('small.qcow2'), ['-o', 'cluster_size=512,refcount_bits=64', DISK_BYTES])] = new byte[DISK_BYTES]
        def compressed = folder.resolve('compressed.qcow2')
        QemuImg.run(['qemu-img', 'convert', '-c', '-O', 'qcow2', '-o', 'cluster_size=8192', raw, compressed])
        QemuImg.run(['qemu-img', 'snapshot', '-c', 'before', compressed])
        disks[compressed] = content.clone()
    }

    File getErrors() { elsewhere.resolve('errors').toFile() }

    /** The next writer: it starts while the disks of the one before are looked at, and waits for its own. */
    Process newWriter() {
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java')
        new ProcessBuilder([java, '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-cp',
            System.getProperty('java.class.path'), DiskWriter.name, SEED]*.toString()).redirectError(errors).start()
    }

    /** Kills a writer somewhere in the middle. @return for each disk, how many requests it was told are done */
    int[] killed(Process writer, int first, int micros) {
        writer.outputWriter().withCloseable { it << ([first, *disks.keySet(), '']).join('\n') << '\n' }
        try {
            def acknowledged = new byte[2 * disks.size()]
            assert writer.inputStream.readNBytes(acknowledged, 0, acknowledged.length) == acknowledged.length: errors.text
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros))
        } finally {
            // Unlike that of the process itself, this leaves what the pipe still holds.
            writer.toHandle().destroyForcibly()
            writer.waitFor()
        }
        assert errors.text == ''
        int more = writer.inputStream.readAllBytes().length.intdiv(2)
        return (0..<disks.size()).collect { 1 + (more + disks.size() - 1 - it).intdiv(disks.size()) } as int[]
    }

    def "after every kill of #kills (seed #seed)"() {
        given:
        def random = new Random(SEED)
        def writer = newWriter()
        int first = 0
        long writes = 0
        def moments = []

        expect:
        (0..<KILLS).each { kill ->
            if (kill % GENERATION == 0) {
                newDisks(random)
            }
            moments << random.nextInt(300_000)
            int[] done = killed(writer, first, moments.last())
            writer = newWriter()
            disks.eachWithIndex { path, model, i ->
                (0..<done[i]).each { overwrite(model, new DiskWriter.Request(SEED, first + it)) }
                compare(path, model, new DiskWriter.Request(SEED, first + done[i]))
            }
            writes += done.sum()
            first += done[0] + 1
        }
        println "PowerLossSlowSpec: seed $SEED, $KILLS kills, $writes acknowledged writes, none lost"
        println "killed after so many milliseconds of writing: ${moments.collect { it.intdiv(1000) }.join(' ')}"

        cleanup:
        writer?.destroyForcibly()

        where:
        kills | seed
        KILLS | SEED
    }

    static void overwrite(byte[] model, DiskWriter.Request request) {
        System.arraycopy(request.data, 0, model, 512 * request.sector, request.data.length)
    }

    /** All is there; of the request that was under way, each sector may be or not: what is, stays. */
    void compare(Path path, byte[] model, DiskWriter.Request underWay) {
        boolean qcow2 = path.toString().endsWith('.qcow2')
        if (qcow2) {
            QemuImg.check(path, true)
        }
        def content = qcow2 ? QemuImg.content(path) : Files.readAllBytes(path)
        int from = 512 * underWay.sector
        for (int at = 0; at < underWay.data.length; at += 512) {
            if (Arrays.equals(content, from + at, from + at + 512, underWay.data, at, at + 512)) {
                System.arraycopy(underWay.data, at, model, from + at, 512)
            }
        }
        int differs = Arrays.mismatch(content, model)
        assert differs == -1: "$path differs at $differs"
    }
}
