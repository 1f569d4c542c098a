package lguest.sem

import spock.lang.Specification
import spock.lang.Title

/** Digits from the literature: OEIS A000796, A002162, A001113, A020862, A049469, A049470, A003881. */
@Title('Exact functions have the digits that books have')
class ExactSpec extends Specification {
    private static final BigDecimal PI = Exact.PI

    def "#what is #digits"() {
        expect:
        found.toPlainString().startsWith(digits)

        where:
        what            | found                                                            || digits
        'pi'            | PI                                                               || '3.14159265358979323846264338327950288419716939937510'
        'ln 2'          | Exact.LN2                                                        || '0.6931471805599453094172321214581765680755001343602'
        'e - 1'         | Exact.exponentialMinusOne(1.0)                                   || '1.7182818284590452353602874713526624977572470936999'
        'log2 10'       | Exact.logarithm2(10.0)                                           || '3.3219280948873623478703194294893901758648313930245'
        'log2 (1 + .25)' | Exact.logarithm2OfOneAnd(0.25)                                  || '0.3219280948873623478703194294893901758648313930245'
        'sin 1'         | Exact.sine(1.0, PI)                                              || '0.8414709848078965066525023216302989996225630607983'
        'cos 1'         | Exact.cosine(1.0, PI)                                            || '0.5403023058681397174009366074429766037323104206179'
        'arctan 1'      | Exact.arctangent(1.0, 1.0)                                       || '0.7853981633974483096156608458198757210492923498437'
        'arctan of (-1, 0.01)' | Exact.arctangent(0.01, -1.0)                              || '3.13159298690312800025630326707'
    }

    def "sin and cos of #x have squares that add up to 1"() {
        expect:
        (Exact.sine(x, PI).pow(2) + Exact.cosine(x, PI).pow(2) - 1).abs() < 1e-50

        where:
        x << [0.001, 2.0, 3.0, 5.5, 100.0, -7.0, 9223372036854775807.0]
    }
}
