package lguest.disk

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

class SnapshotStorageSpec extends Specification {
    @TempDir
    Path folder

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
        def path = Files.write(folder.resolve('disk'), new byte[20000])
        def model = Files.readAllBytes(path)
        def storage = new SnapshotStorage(FileStorage.open(path, false, null), 1 << 20)

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
}
