package lguest.machine

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files

/** Generated hostile guests by the hundred. */
class HostileGuestSlowSpec extends HostileGuests {
    def "#kind, seed #seed: a documented end or none"() {
        given:
        def kernel = new TinyKernel()
        KINDS[kind].call(kernel, new Random(seed))
        def guest = guest(kernel)

        expect:
        harmless(guest, run(guest, seed == 3 ? 4 * BUDGET : BUDGET))

        cleanup:
        guest?.close()

        where:
        [kind, seed] << [KINDS.keySet().toList(), 3..22].combinations() + [['garbage executed at CPL 1'], 23..82].combinations()
    }

    // ---- without a Host

    static final int FLAT = 0x100000
    static final int TABLES = FLAT + 0x1000
    static final int NOISE = FLAT + 0x4000
    static final int NOISE_BYTES = 0x4000

    /** Garbage that runs at CPL 0, with a GDT and an IDT to start from; every exception starts it somewhere else, paging off. */
    static byte[] bareGarbage(Random random) {
        def image = ByteBuffer.allocate(0x10000).order(ByteOrder.LITTLE_ENDIAN)
        int handler = FLAT + 0x40
        image.put([0x0F, 0x01, 0x15] as byte[]).putInt(TABLES).put([0x0F, 0x01, 0x1D] as byte[]).putInt(TABLES + 8)
        image.put(0xEA as byte).putInt(handler).putShort(8 as short)
        image.position(0x40)
        image.put([0xB8, 0x11, 0, 0, 0, 0x0F, 0x22, 0xC0, 0xB8, 0x10, 0, 0, 0, 0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8, 0x8E, 0xD0] as byte[])
        image.put(0xBC as byte).putInt(FLAT + 0xF000)
        // seed = seed * 1103515245 + 12345; EIP, EBX, EBP, ESI, EDI somewhere in the garbage
        int seed = TABLES + 0x20
        image.put(0xA1 as byte).putInt(seed).put([0x69, 0xC0] as byte[]).putInt(1103515245).put(0x05 as byte).putInt(12345)
        image.put(0xA3 as byte).putInt(seed).put([0xC1, 0xE8, 0x10, 0x25] as byte[]).putInt(NOISE_BYTES - 1)
        image.put(0x05 as byte).putInt(NOISE).put([0x89, 0xC3, 0x89, 0xC5, 0x89, 0xC6, 0x89, 0xC7, 0x89, 0xC1, 0x31, 0xD2, 0xFF, 0xE0] as byte[])
        // GDT and IDT registers, the seed, then the tables
        image.position(TABLES - FLAT)
        image.putShort(0xFFF as short).putInt(TABLES + 0x1000).putShort(0 as short).putShort(0x7FF as short).putInt(TABLES + 0x2000)
        image.putInt(seed - FLAT, random.nextInt())
        image.position(TABLES + 0x1008 - FLAT)
        image.putInt(0xFFFF).putInt(0x00CF9A00).putInt(0xFFFF).putInt(0x00CF9200)
        random.ints(40).forEach { image.putInt(it) }
        image.position(TABLES + 0x2000 - FLAT)
        256.times { image.putInt(8 << 16 | handler & 0xFFFF).putInt(handler & 0xFFFF0000 as int | 0x8E00 | random.nextInt(2) << 8) }
        image.position(NOISE - FLAT)
        image.put(noise(random, NOISE_BYTES))
        return image.array()
    }

    def "garbage at CPL 0 of a bare machine, seed #seed: ends in a triple fault or not at all"() {
        given:
        def kernel = Files.write(folder.resolve('kernel'), bareGarbage(new Random(seed)))
        def guest = Guest.create(new GuestConfig('bare').platform(GuestConfig.Platform.BARE).memoryBytes(4 << 20).kernel(kernel))

        when:
        def stop = run(guest)

        then:
        stop.kind() == Stop.Kind.LIMIT || stop.reason() ==~ /triple fault at 0x[0-9a-f]{8}: .*/
        Files.readString(bystander) == 'not for guests'

        cleanup:
        guest?.close()

        where:
        seed << (1..150)
    }
}
