package lguest.load

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

import static lguest.load.Images.*

/** Images made to break a loader. Each ends in a LoadException with a message, soon, and leaves all files alone. */
@Timeout(20)
class HostileImageSlowSpec extends Specification {
    static final int RAM = 2 << 20

    @TempDir
    Path folder

    /** What is wrong, as a function of a random source: an image that cannot be loaded. */
    static final Map<String, Closure<byte[]>> MALFORMED = [
        'ELF cut short': { Random r -> Arrays.copyOf(elf([[bytes: kernel(0x1000)]]), r.nextInt(0x1F00)) },
        'ELF of another type': { Random r -> elf(type: 3 + r.nextInt(0xFFF0), [[bytes: kernel()]]) },
        'ELF for another machine': { Random r -> elf(machine: 4 + r.nextInt(0xFFF0), [[bytes: kernel()]]) },
        'ELF with odd program headers': { Random r -> elf(phentsize: 33 + r.nextInt(1000), [[bytes: kernel()]]) },
        'ELF with too many program headers': { Random r -> elf(phnum: 2049 + r.nextInt(0xFFFF - 2049), [[bytes: kernel()]]) },
        'ELF with program headers beyond its end': { Random r -> elf(phoff: 0x2000 + r.nextInt(Integer.MAX_VALUE - 0x2000), [[bytes: kernel()]]) },
        'section above RAM': { Random r -> elf([[bytes: kernel(), paddr: RAM - 0x1FF + r.nextInt(Integer.MAX_VALUE)]]) },
        'section beyond the file': { Random r -> elf([[bytes: kernel(), offset: 0x2000 + r.nextInt()>>>1]]) },
        'section longer than the file': { Random r -> elf([[bytes: kernel(), filesz: 0x1001 + r.nextInt(1 << 20)]]) },
        'section longer than RAM': { Random r -> elf([[bytes: kernel(), filesz: RAM + 1 + r.nextInt(Integer.MAX_VALUE - RAM)]]) },
        'sections on top of each other': { Random r -> elf((0..<50 + r.nextInt(70)).collect { [bytes: it == 0 ? kernel(1 << 16) : null, offset: 0x1000, filesz: 1 << 16] }) },
        'sections with different offsets': { Random r -> elf([[bytes: kernel()], [bytes: kernel(), paddr: 0x180000, vaddr: 1 + r.nextInt(1 << 20)]]) },
        'tag damaged': { Random r ->
            def bytes = kernel()
            bytes[0x40 + r.nextInt(13)] ^= (byte) (1 + r.nextInt(255))
            elf([[bytes: bytes]])
        },
        'bzImage cut short': { Random r -> def image = bzImage(rawKernel()); Arrays.copyOf(image, r.nextInt(image.length - 101)) },
        'bzImage with a flipped bit': { Random r ->
            def image = bzImage(noise(r, rawKernel(4, 0xC0, 5000)))
            image[522 + r.nextInt(image.length - 622)] ^= (byte) (1 << r.nextInt(8))
            image
        },
        'bzImage too big for RAM': { Random r -> bzImage(new byte[RAM + r.nextInt(RAM)]) },
        'bzImage with few votes': { Random r -> bzImage(rawKernel(r.nextInt(4), r.nextInt(256))) },
        'bzImage from another system': { Random r -> bzImage(rawKernel(), os: 4 + r.nextInt(250)) },
        'bzImage packed by another method': { Random r -> def image = bzImage(rawKernel()); image[514] = (byte) (9 + r.nextInt(240)); image },
        'noise': { Random r -> def image = new byte[r.nextInt(20000)]; r.nextBytes(image); if (image.length > 0) { image[0] = 0 }; image },
    ]

    static byte[] noise(Random random, byte[] kernel) {
        for (int i = 100; i < kernel.length; i++) {
            kernel[i] = (byte) random.nextInt(0xA0)
        }
        return kernel
    }

    LoadedKernel load(byte[] image) {
        def kernel = Files.write(folder.resolve('kernel'), image)
        LinuxLoader.load(new PhysicalMemory(RAM + 4096), new LinuxImages(RAM, kernel, null, ''), { })
    }

    def "#what (seed #seed)"() {
        given:
        def image = MALFORMED[what](new Random(seed))

        when:
        load(image)

        then:
        def exit = thrown(LoadException)
        exit.message
        Files.readAllBytes(folder.resolve('kernel')) == image
        Files.list(folder).count() == 1

        where:
        [what, seed] << [MALFORMED.keySet(), (1..16)].combinations()
    }

    def "an ELF with random damage loads or says why not (seed #seed)"() {
        given:
        def random = new Random(seed)
        def image = elf([[bytes: kernel(0x2000)], [bytes: kernel(0x1000), paddr: 0x180000], [type: 4, bytes: new byte[16]]])
        damage(random, image, 148)

        when:
        def outcome = outcome { load(image) }

        then:
        outcome

        where:
        seed << (1001..1120)
    }

    def "a bzImage with random damage loads or says why not (seed #seed)"() {
        given:
        def random = new Random(seed)
        def image = bzImage(noise(random, rawKernel(4, 0xC0, 3000)))
        damage(random, image, image.length)

        when:
        def outcome = outcome { load(image) }

        then:
        outcome

        where:
        seed << (2001..2060)
    }

    def "a multiboot image with random damage loads or says why not (seed #seed)"() {
        given:
        def random = new Random(seed)
        def addresses = random.nextBoolean()
        def header = addresses ? MultibootSpec.header(0x10003, 0x101000, 0x100000, 0, 0x103000, 0x100100) : MultibootSpec.header()
        def image = elf([[bytes: header, paddr: 0x101000], [bytes: kernel(), paddr: 0x180000]])
        damage(random, image, 116)
        if (addresses) {
            ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(0x100C + 4 * random.nextInt(5), random.nextInt())
        }
        def path = Files.write(folder.resolve('kernel'), image)

        when:
        def outcome = outcome { Multiboot.load(new PhysicalMemory(RAM), path, 'words', []) }

        then:
        outcome

        where:
        seed << (3001..3080)
    }

    private static void damage(Random random, byte[] image, int firstBytes) {
        (1 + random.nextInt(6)).times {
            image[4 + random.nextInt(firstBytes - 4)] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextBoolean() ? 0xFF : 0x80)
        }
    }

    private static String outcome(Closure load) {
        try {
            load()
            return 'loaded'
        } catch (LoadException exit) {
            return exit.message
        }
    }
}
