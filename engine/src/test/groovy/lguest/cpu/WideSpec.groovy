package lguest.cpu

import java.math.MathContext
import spock.lang.Specification
import spock.lang.Title

@Title('128-bit registers inside the x87 unit')
class WideSpec extends Specification {
    private static final MathContext EXACTLY = new MathContext(120)
    private static final BigDecimal LAST_BITS = 2.0G.pow(-124, EXACTLY)
    private static final long SEED = Long.getLong('lguest.x87.seed', 20071009L)

    def random = new Random(SEED)

    def "#op is right to 124 bits"() {
        expect: "seed $SEED"
        2000.times {
            def a = wide()
            def b = wide()
            BigDecimal right = exact(value(a), value(b))
            assert (value(new Wide().set(a)."$op"(b)) - right).abs() <= LAST_BITS * right.abs().max(cancelled(op, a))
        }

        where:
        op         | exact
        'add'      | { BigDecimal x, BigDecimal y -> x + y }
        'subtract' | { BigDecimal x, BigDecimal y -> x - y }
        'multiply' | { BigDecimal x, BigDecimal y -> x * y }
        'divide'   | { BigDecimal x, BigDecimal y -> x.divide(y, EXACTLY) }
    }

    def "quotients with digits of all ones come out right"() {
        given:
        def divisor = new Wide().set(bHi, bLo, 0, false)
        def dividend = new Wide().set(aHi, aLo, 0, false)
        def right = value(dividend).divide(value(divisor), EXACTLY)

        expect:
        (value(dividend.divide(divisor)) - right).abs() <= LAST_BITS

        where:
        aHi            | aLo | bHi            | bLo
        -1L            | -2L | -1L            | -1L
        Long.MIN_VALUE | 0L  | Long.MIN_VALUE | 1L
        Long.MIN_VALUE | 0L  | Long.MIN_VALUE | -1L
        -2L            | -1L | -1L            | 0L
        Long.MIN_VALUE | 1L  | Long.MIN_VALUE | 1L
    }

    def "1 less something far beyond the last bit is less than 1"() {
        expect:
        new Wide().set(1).subtract(new Wide().set(1).scale(-500)).exponent == -1
    }

    /** Significands of all kinds, exponents near each other. */
    private Wide wide() {
        long hi = Long.MIN_VALUE | random.nextLong() >> random.nextInt(64)
        new Wide().set(hi, random.nextLong() << random.nextInt(64), random.nextInt(40) - 20, random.nextBoolean())
    }

    /** A difference is cut at the last bit of its operands, not at its own. */
    private static BigDecimal cancelled(String op, Wide a) {
        op in ['add', 'subtract'] ? value(a).abs() : 0.0G
    }

    private static BigDecimal value(Wide wide) {
        BigInteger significand = unsigned(wide.hi) << 64 | unsigned(wide.lo)
        int exponent = wide.exponent - 127
        BigDecimal magnitude = exponent < 0
            ? new BigDecimal(significand).divide(new BigDecimal(BigInteger.ONE << -exponent))
            : new BigDecimal(significand << exponent)
        wide.negative ? -magnitude : magnitude
    }

    private static BigInteger unsigned(long bits) {
        new BigInteger(Long.toUnsignedString(bits))
    }
}
