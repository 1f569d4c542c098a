package lguest.sem

import java.nio.file.Files
import java.nio.file.Path
import lguest.interp.Engine
import spock.lang.See
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/**
 * Transcendental instructions against exact values, ours and, where there is one, those of the processor at hand. Rounding is to
 * nearest. Trigonometric instructions reduce by pi of 66 bits: their results are measured against exact functions with that pi,
 * and, to see what it does, with the real one.
 *
 * <p>The distribution goes to target/x87-errors.txt; {@code -Dlguest.x87.cases=60000} makes it one of 3,000 operands in each class.
 */
@Title('How far transcendental instructions are from the truth')
@See('Intel SDM vol. 1, "Transcendental Instruction Accuracy"')
class TranscendentalOracleSlowSpec extends Specification {
    private static final int CASES = Math.max(40, Integer.getInteger('lguest.x87.cases', 1500).intdiv(20))
    private static final long SEED = Long.getLong('lguest.x87.seed', 20071009L)

    @TempDir
    @Shared
    Path directory
    @Shared
    X87Oracle oracle
    @Shared
    X87Bench bench = new X87Bench(Engine.INTERPRETER)
    @Shared
    List<String> table = [String.format('%-8s %-22s %-9s', '# ulp', 'operands', '') + Errors.heading()]

    def setupSpec() {
        oracle = X87Oracle.possible() ? X87Oracle.compile(Path.of('src/test/c/x87oracle.c'), directory) : null
    }

    def cleanupSpec() {
        Files.createDirectories(Path.of('target'))
        Files.writeString(Path.of('target', 'x87-errors.txt'), table.join('\n') + '\n')
        println table.join('\n')
    }

    def "#name of #operands is at most #bound ulp off"() {
        given:
        def random = new Random(SEED)
        def row = X87Row.all().find { it.form == name }
        def cases = (1..CASES).collect {
            // ST and ST(1) are the last two registers, the others are empty.
            X87Case one = X87Case.state(row, 0x37F, 6 << 11, 0x0FFF)
            List<Float80Value> values = draw(random)
            one.st(0, values[0].se, values[0].sig)
            one.st(1, values[1].se, values[1].sig)
            one
        }
        def ours = new Errors()
        def theirs = new Errors()
        def withPi = new Errors()

        when:
        def real = oracle?.ask(cases)
        cases.eachWithIndex { one, i ->
            def x = Exact.valueOf(one.signExponent(0), one.significand(0))
            def y = Exact.valueOf(one.signExponent(1), one.significand(1))
            def answer = bench.run(one)
            exact(x, y, Exact.PI_66).eachWithIndex { value, at ->
                ours.add(answer.signExponent(at), answer.significand(at), value)
                if (real != null) {
                    theirs.add(real[i].signExponent(at), real[i].significand(at), value)
                }
            }
            if (trigonometric) {
                exact(x, y, Exact.PI).eachWithIndex { value, at -> withPi.add(answer.signExponent(at), answer.significand(at), value) }
            }
        }
        line(name, operands, 'ours', ours)
        if (real != null) {
            line('', '', Maker.here().toString(), theirs)
        }
        if (trigonometric) {
            line('', '', 'ours, pi', withPi)
        }

        then:
        ours.worst() <= bound

        where:
        [name, trigonometric, exact, [operands, draw], bound] << functions()
    }

    private void line(String name, String operands, String whose, Errors errors) {
        table << String.format('%-8s %-22s %-9s', name, operands, whose) + errors
    }

    private static List<List> functions() {
        def angles = [
            ['up to pi/4', { Random it -> one(it, -20, -1) }],
            ['up to 8', { Random it -> one(it, -1, 2) }],
            ['up to 2^16', { Random it -> one(it, 3, 15) }],
            ['up to 2^63', { Random it -> one(it, 16, 62) }],
            ['tiny', { Random it -> one(it, -16000, -21) }],
        ]
        def tangent = { BigDecimal x, BigDecimal y, BigDecimal pi -> [1.0, Exact.sine(x, pi).divide(Exact.cosine(x, pi), Exact.CONTEXT)] }
        def all = [
            ['F2XM1', false, { x, y, pi -> [Exact.exponentialMinusOne(x * Exact.LN2)] }, [
                ['up to 1', { Random it -> one(it, -4, -1) }],
                ['up to 2^-4', { Random it -> one(it, -40, -5) }],
                ['tiny', { Random it -> one(it, -16000, -41) }]], 0.51],
            ['FYL2X', false, { x, y, pi -> [y * Exact.logarithm2(x)] }, [
                ['any', { Random it -> [value(it, -8000, 8000, false), value(it, -100, 100, true)] }],
                ['0.5 to 2', { Random it -> [value(it, -1, 0, false), value(it, -10, 10, true)] }],
                ['1 + up to 2^-8', { Random it -> [nearOne(it), value(it, -10, 10, true)] }]], 0.51],
            ['FYL2XP1', false, { x, y, pi -> [y * Exact.logarithm2OfOneAnd(x)] }, [
                ['up to 0.25', { Random it -> [value(it, -8, -3, true), value(it, -10, 10, true)] }],
                ['up to 2^-8', { Random it -> [value(it, -60, -9, true), value(it, -10, 10, true)] }],
                ['tiny', { Random it -> [value(it, -8000, -61, true), value(it, -10, 10, true)] }]], 0.51],
            ['FPATAN', false, { x, y, pi -> [Exact.arctangent(y, x)] }, [
                ['quotient near 1', { Random it -> [value(it, -3, 3, true), value(it, -3, 3, true)] }],
                ['any quotient', { Random it -> [value(it, -60, 60, true), value(it, -60, 60, true)] }]], 0.51],
            ['FSIN', true, { x, y, pi -> [Exact.sine(x, pi)] }, angles, 0.51],
            ['FCOS', true, { x, y, pi -> [Exact.cosine(x, pi)] }, angles, 0.51],
            ['FSINCOS', true, { x, y, pi -> [Exact.cosine(x, pi), Exact.sine(x, pi)] }, angles, 0.51],
            ['FPTAN', true, tangent, angles, 0.51],
        ]
        all.collectMany { name, trigonometric, exact, classes, bound -> classes.collect { [name, trigonometric, exact, it, bound] } }
    }

    private static List<Float80Value> one(Random random, int least, int most) {
        [value(random, least, most, true), new Float80Value(0x3FFF, Long.MIN_VALUE)]
    }

    /** With an exponent in a range; below pi/4 where that is the range's end. */
    private static Float80Value value(Random random, int least, int most, boolean signs) {
        int sign = signs ? random.nextInt(2) << 15 : 0
        new Float80Value(sign | 0x3FFF + least + random.nextInt(most - least + 1), random.nextLong() | Long.MIN_VALUE)
    }

    private static Float80Value nearOne(Random random) {
        long distance = random.nextLong() >>> 8 + random.nextInt(48)
        random.nextBoolean() ? new Float80Value(0x3FFF, Long.MIN_VALUE | distance >>> 1 | 1) : new Float80Value(0x3FFE, ~distance)
    }
}
