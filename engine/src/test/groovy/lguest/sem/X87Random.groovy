package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Cases from all over: operands of every class, near each other and near the limits of formats; any control and status. */
@CompileStatic
class X87Random {
    final Random random

    X87Random(long seed) {
        random = new Random(seed)
    }

    /** In two of three cases all exceptions are masked. Flags set before are masked ones: nothing is pending. */
    X87Case next(X87Row row) {
        boolean masked = random.nextInt(3) != 0
        int control = (masked ? 0x3F : random.nextInt(64)) | random.nextInt(4) << 8 | random.nextInt(4) << 10 | 0x40
        if (random.nextInt(3) == 0) {
            control = control & 0xF0FF | 0x300
        }
        int status = random.nextInt(64) & control & 0x3F | random.nextInt(8) << 11 | random.nextInt(16) * 0x100 & 0x4700
        if (random.nextInt(4) == 0) {
            status |= 0x40
        }
        X87Case one = X87Case.state(row, control, status, tags())
        one.sti = row.stack ? random.nextInt(8) : 0
        one.operandBits = random.nextBoolean() ? 32 : 16
        one.eflags = random.nextInt() & 0x8D5 | 2
        one.eax = random.nextInt()
        Float80Value previous = null
        for (int i = 0; i < 8; i++) {
            previous = previous == null || random.nextInt(3) != 0 ? real() : near(previous)
            one.st(i, previous.se, previous.sig)
        }
        if (random.nextInt(4) == 0) {
            aim(one)
        }
        fillMemory(one, previous)
        one
    }

    /** What chance does not find: ties of remainders, the longest way that an exponent can go, the first number of 19 digits. */
    private void aim(X87Case one) {
        switch (one.row.method) {
            case 'fprem': case 'fprem1':
                // ST is an odd number of halves of ST(1).
                long divisor = random.nextLong() >>> 16 | 1L << 47
                int exponent = 1000 + random.nextInt(0x7000)
                one.st(1, exponent, divisor << 16)
                long product = divisor * (2 * random.nextInt(1 << 12) + 1)
                int shift = Long.numberOfLeadingZeros(product)
                one.st(0, random.nextInt(2) << 15 | exponent + 15 - shift, product << shift)
                break
            case 'fscale':
                int exponent = random.nextInt(3)
                one.st(0, random.nextInt(2) << 15 | exponent, exponent == 0 ? Long.MAX_VALUE >>> random.nextInt(63) : significand())
                Float80Value steps = integer(random.nextInt(2) << 15, (random.nextBoolean() ? 0x8000 : 0x4000) + random.nextInt(70) - 4 as long)
                one.st(1, steps.se, steps.sig)
                break
            case 'fbstp':
                one.st(0, random.nextInt(2) << 15 | 0x3FFF + 59, 16 * 1_000_000_000_000_000_000L + random.nextInt(64) - 32)
                break
        }
    }

    private int tags() {
        int tags = 0
        int choice = random.nextInt(4)
        if (choice == 0) {
            tags = random.nextInt(0x10000)
        } else if (choice != 1) {
            // Room for pushes, whatever TOP is.
            int top = random.nextInt(8)
            tags = 3 << 2 * top
        }
        tags
    }

    private void fillMemory(X87Case one, Float80Value near) {
        ByteBuffer memory = ByteBuffer.wrap(one.memory).order(ByteOrder.LITTLE_ENDIAN)
        random.nextBytes(one.memory)
        boolean integer = one.row.method.startsWith('fi')
        if (one.row.method == 'fbld') {
            for (int i = 0; i < 9; i++) {
                memory.put(i, (random.nextInt(10) << 4 | random.nextInt(10)) as byte)
            }
        } else if (one.row.memoryBits == 80) {
            memory.putLong(0, near.sig).putShort(8, near.se as short)
        } else if (integer && random.nextBoolean()) {
            memory.putLong(0, random.nextLong() >> random.nextInt(64))
        } else if (!integer && one.row.memoryBits == 32) {
            memory.putInt(0, Float.floatToRawIntBits(random.nextInt(4) == 0 ? near.toDouble() as float : randomFloat()))
        } else if (!integer && one.row.memoryBits == 64) {
            memory.putLong(0, random.nextInt(4) == 0 ? Double.doubleToRawLongBits(near.toDouble()) : randomDouble())
        }
    }

    private float randomFloat() {
        int exponent = exponent(0xFF, 127)
        Float.intBitsToFloat(random.nextInt(2) << 31 | exponent << 23 | (significand() >>> 40) as int & 0x7FFFFF)
    }

    private long randomDouble() {
        long exponent = exponent(0x7FF, 1023)
        (random.nextInt(2) as long) << 63 | exponent << 52 | significand() >>> 11 & 0xFFFFFFFFFFFFFL
    }

    /** Biased, with a liking for both ends and for the middle. */
    private int exponent(int max, int bias) {
        switch (random.nextInt(10)) {
            case 0: return 0
            case 1: return max
            case 2: return 1 + random.nextInt(3)
            case 3: return max - 1 - random.nextInt(3)
            case 4: return random.nextInt(max + 1)
            default: return Math.max(0, Math.min(max, bias + random.nextInt(140) - 70))
        }
    }

    Float80Value real() {
        int sign = random.nextInt(2) << 15
        switch (random.nextInt(24)) {
            case 0: return new Float80Value(sign, 0)
            case 1: return new Float80Value(sign, significand() >>> 1 + random.nextInt(63))
            case 2: return new Float80Value(sign, significand())
            case 3: return new Float80Value(sign | 0x7FFF, 1L << 63)
            case 4: return new Float80Value(sign | 0x7FFF, significand() | 3L << 62)
            case 5: return new Float80Value(sign | 0x7FFF, significand() & ~(1L << 62) | 1L)
            case 6: return new Float80Value(sign | (random.nextInt(4) == 0 ? 0x7FFF : random.nextInt(0x8000)), significand() & Long.MAX_VALUE)
            case 7: return new Float80Value(sign | 1 + random.nextInt(70), significand())
            case 8: return new Float80Value(sign | 0x7FFE - random.nextInt(70), significand())
            case 9: return new Float80Value(sign | 1 + random.nextInt(0x7FFE), significand())
            case 10: return new Float80Value(sign | 0x3FFF + 127 - 3 + random.nextInt(6), significand())
            case 11: return new Float80Value(sign | 0x3FFF - 127 - 26 + random.nextInt(30), significand())
            case 12: return new Float80Value(sign | 0x3FFF + 1023 - 3 + random.nextInt(6), significand())
            case 13: return new Float80Value(sign | 0x3FFF - 1023 - 55 + random.nextInt(60), significand())
            case 14: return integer(sign, random.nextLong() >>> random.nextInt(64))
            case 15: return integer(sign, random.nextInt(20) as long)
            case 16: return new Float80Value(sign | 0x3FFF + 13 + random.nextInt(4), significand())
            case 17: return new Float80Value(sign | 0x3FFF + 29 + random.nextInt(4), significand())
            case 18: return new Float80Value(sign | 0x3FFF + 57 + random.nextInt(9), significand())
            case 19: return new Float80Value(sign | 0x3FFF - 70 + random.nextInt(74), significand())
            default: return new Float80Value(sign | 0x3FFF - 8 + random.nextInt(20), significand())
        }
    }

    private static Float80Value integer(int sign, long magnitude) {
        int shift = Long.numberOfLeadingZeros(magnitude)
        magnitude == 0 ? new Float80Value(sign, 0) : new Float80Value(sign | 0x3FFF + 63 - shift, magnitude << shift)
    }

    /** Nearly the same, or its double or half. */
    private Float80Value near(Float80Value other) {
        int se = other.se
        if (random.nextInt(3) == 0) {
            int exponent = Math.max(0, Math.min(0x7FFF, (se & 0x7FFF) + random.nextInt(5) - 2))
            se = se & 0x8000 | exponent
        }
        if (random.nextInt(4) == 0) {
            se ^= 0x8000
        }
        new Float80Value(se, other.sig + random.nextInt(5) - 2)
    }

    /** Bit 63 set; some random, some with few ones, few zeros, or a tie in the bits that narrower formats cut off. */
    private long significand() {
        long bits = random.nextLong()
        switch (random.nextInt(8)) {
            case 0: return 1L << 63
            case 1: return -1L
            case 2: return 1L << 63 | 1L << random.nextInt(64)
            case 3: return -1L << random.nextInt(64)
            case 4: return 1L << 63 | bits >>> random.nextInt(63) | 1L
            case 5: return 1L << 63 | bits & -1L << 39 | (random.nextBoolean() ? 1L << 39 : 0)
            case 6: return 1L << 63 | bits & -1L << 10
            default: return 1L << 63 | bits
        }
    }
}

@CompileStatic
class Float80Value {
    final int se
    final long sig

    Float80Value(int se, long sig) {
        this.se = se
        this.sig = sig
    }

    double toDouble() {
        double magnitude = Math.scalb((sig >>> 11) as double, (se & 0x7FFF) - 0x3FFF - 52)
        (se & 0x8000) != 0 ? -magnitude : magnitude
    }
}
