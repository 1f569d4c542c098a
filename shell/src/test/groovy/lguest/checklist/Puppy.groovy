package lguest.checklist

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.device.BlockDisk
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.translate.Tuning

/** What samples/puppy says of its Host. Its self-test runs once for all who share one: with a disk of 16 sectors and a sharenet. */
class Puppy {
    static final Puppy PLAIN = new Puppy({ it })
    static final Puppy ON_BOTH_ENGINES = new Puppy({ GuestConfig it -> onBothEngines(it) })
    static final Path IMAGE = Path.of('..', 'samples', 'puppy', 'puppy.elf')
    private static final Limit PATIENCE = Limit.hostTime(Duration.ofMinutes(2))

    private final Closure<GuestConfig> configure
    private List<String> selfTest

    /** @param configure says which engine it is to run on, say */
    Puppy(Closure<GuestConfig> configure) {
        this.configure = configure
    }

    /** Everything is translated before it is executed for the first time. */
    static GuestConfig onBothEngines(GuestConfig config) {
        config.engine(GuestConfig.Engine.BOTH).translates({ Runnable work -> work.run() }, new Tuning(0, 100, true))
    }

    /** Lines of the self-test that are about a statement. */
    synchronized List<String> said(int statement) {
        selfTest = selfTest ?: runSelfTest()
        selfTest.findAll { it ==~ /(ok|FAIL|skip) $statement .*/ }
    }

    /** What ends a guest that makes one mistake. @param way as puppy's README numbers them */
    String killedBy(String way) {
        temporarily { Path folder ->
            def guest = Guest.create(config(folder, "quiet kill=$way "))
            def stop = guest.run(PATIENCE)
            guest.close()
            stop.reason()
        }
    }

    private List<String> runSelfTest() {
        temporarily { Path folder ->
            def guest = Guest.create(config(folder, 'quiet selftest ').sharenet(folder.resolve('net')))
            guest.run(PATIENCE)
            guest.close()
            guest.transcript().lines()
        }
    }

    private GuestConfig config(Path folder, String cmdline) {
        def disk = Files.write(folder.resolve('disk'), new byte[16 * 512])
        configure(new GuestConfig('puppy').kernel(IMAGE).memoryBytes(16 << 20).cmdline(cmdline).block(disk, BlockDisk.Mode.READ_WRITE))
    }

    private static <T> T temporarily(Closure<T> work) {
        def folder = Files.createTempDirectory('puppy')
        try {
            work(folder)
        } finally {
            folder.toFile().deleteDir()
        }
    }
}
