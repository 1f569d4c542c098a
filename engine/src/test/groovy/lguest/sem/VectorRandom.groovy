package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.Simd
import lguest.isa.Row

/** Contents of MMX and XMM registers for a row: integers or reals of its width, many of them near the limits of their formats. */
@CompileStatic
class VectorRandom {
    private static final long[] DOUBLES = [0L, 1L, 0xFFFFFFFFFFFFFL, 0x10000000000000L, 0x3FF0000000000000L, 0x3FF0000000000001L,
        0x3FEFFFFFFFFFFFFFL, 0x3FE0000000000000L, 0x3FE0000000000001L, 0x41DFFFFFFFC00000L, 0x41DFFFFFFFE00000L, 0x41E0000000000000L,
        0x43DFFFFFFFFFFFFFL, 0x43E0000000000000L, 0x47EFFFFFE0000000L, 0x47EFFFFFF0000000L, 0x3810000000000000L, 0x380FFFFFF0000000L,
        0x36A0000000000000L, 0x3690000000000000L, 0x7FEFFFFFFFFFFFFFL, 0x7FF0000000000000L, 0x7FF0000000000001L, 0x7FF8000000000000L,
        0x7FFFFFFFFFFFFFFFL] as long[]
    private static final int[] SINGLES = [0, 1, 0x7FFFFF, 0x800000, 0x3F800000, 0x3F800001, 0x3F7FFFFF, 0x3F000000, 0x3F000001, 0x4EFFFFFF,
        0x4F000000, 0x5EFFFFFF, 0x5F000000, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000, 0x7FFFFFFF] as int[]
    private static final long[] LANES = [0L, -1L, 0x8000800080008000L as long, 0x7FFF7FFF7FFF7FFFL, 0x8080808080808080L as long,
        0x7F7F7F7F7F7F7F7FL, 0x8000000080000000L as long, 0x0001000100010001L, 0x00FF00FF00FF00FFL] as long[]

    private final Random random
    private final boolean singles
    private final boolean doubles
    private final boolean counts
    private long last

    VectorRandom(Random random, Row row) {
        this.random = random
        String mnemonic = row.mnemonic(32)
        boolean converts = mnemonic.startsWith('CVT')
        singles = mnemonic ==~ /.*(PS|SS)/ || converts && mnemonic.contains('PS') || converts && mnemonic.contains('SS')
        doubles = mnemonic ==~ /.*(PD|SD)/ || converts && mnemonic.contains('PD') || converts && mnemonic.contains('SD')
        counts = mnemonic ==~ /PS[LR][LA].*/
    }

    /** All registers, and MXCSR: in most cases everything is masked. Now and then an x87 exception is pending. */
    void fill(Vectors vectors) {
        int mxcsr = random.nextInt(0x10000)
        vectors.mxcsr(random.nextInt(3) == 0 ? mxcsr : mxcsr | Simd.FLAGS << Simd.MASK_SHIFT)
        boolean pending = random.nextInt(100) == 0
        vectors.control(pending ? 0x37E : 0x37F | random.nextInt(16) << 8)
        // Error summary and busy are there exactly if an exception is pending.
        vectors.status(random.nextInt(8) << 11 | (pending ? 0x8081 : random.nextInt(0x40)))
        vectors.tags(random.nextInt(4) == 0 ? 0xFFFF : 0)
        for (int i = 0; i < 8; i++) {
            vectors.st(i, random.nextInt(3) == 0 ? 0xFFFF : random.nextInt(0x10000), quadword())
        }
        for (int i = 0; i < 16; i++) {
            vectors.quadword(i, quadword())
        }
    }

    long quadword() {
        last = random.nextInt(6) == 0 ? near(last) : fresh()
    }

    private long fresh() {
        boolean real = random.nextInt(12) != 0
        if (real && singles && (!doubles || random.nextBoolean())) {
            return (single() as long) << 32 | single() & 0xFFFFFFFFL
        }
        real && doubles ? real64() : integers()
    }

    /** The same, its opposite, or next to it. */
    private long near(long value) {
        switch (random.nextInt(4)) {
            case 0: return value
            case 1: return value ^ (doubles ? Long.MIN_VALUE : 0x8000000080000000L as long)
            case 2: return value + 1
            default: return value - 1
        }
    }

    private long integers() {
        if (counts && random.nextBoolean()) {
            return random.nextInt(70) as long
        }
        switch (random.nextInt(4)) {
            case 0: return LANES[random.nextInt(LANES.length)]
            case 1: return LANES[random.nextInt(LANES.length)] + random.nextInt(3) - 1
            case 2: return random.nextLong() & random.nextLong() & random.nextLong()
            default: return random.nextLong()
        }
    }

    private int single() {
        int sign = random.nextInt(2) << 31
        switch (random.nextInt(5)) {
            case 0: return sign | SINGLES[random.nextInt(SINGLES.length)]
            case 1: return sign | random.nextInt(0x80) << 23 + random.nextInt(2) | random.nextInt() & 0x7FFFFF
            case 2: return sign | 127 + random.nextInt(70) - 35 << 23 | random.nextInt() & 0x7FFFFF & -1 << random.nextInt(24)
            case 3: return Float.floatToRawIntBits((random.nextInt() >> random.nextInt(32)) / 2f as float)
            default: return sign | 127 + random.nextInt(12) - 6 << 23 | random.nextInt() & 0x7FFFFF
        }
    }

    private long real64() {
        long sign = (random.nextInt(2) as long) << 63
        long fraction = random.nextLong() & 0xFFFFFFFFFFFFFL
        switch (random.nextInt(6)) {
            case 0: return sign | DOUBLES[random.nextInt(DOUBLES.length)]
            case 1: return sign | (random.nextInt(0x800) as long) << 52 | fraction
            case 2: return sign | (1023L + random.nextInt(140) - 70) << 52 | fraction & -1L << random.nextInt(53)
            case 3: return Double.doubleToRawLongBits((random.nextInt() >> random.nextInt(32)) / 2d)
            case 4: return sign | (1023L + (random.nextBoolean() ? 127 : -150) + random.nextInt(30) - 2) << 52 | fraction
            default: return sign | (1023L + random.nextInt(12) - 6) << 52 | fraction
        }
    }
}
