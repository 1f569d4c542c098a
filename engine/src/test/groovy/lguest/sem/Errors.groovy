package lguest.sem

import groovy.transform.CompileStatic
import java.math.MathContext

/** How far results are from exact values, in units of the last of 64 bits. */
@CompileStatic
class Errors {
    private static final double[] BOUNDS = [0.5d, 0.5001d, 0.51d, 0.75d, 1d, 2d] as double[]
    private final int[] counts = new int[BOUNDS.length + 1]
    private double worst

    void add(int signExponent, long significand, BigDecimal exact) {
        BigDecimal unit = Exact.scaled(BigDecimal.ONE, Math.max(-16382, Exact.binaryExponent(exact.abs())) - 63)
        double error = (Exact.valueOf(signExponent, significand) - exact).abs().divide(unit, MathContext.DECIMAL64).doubleValue()
        worst = Math.max(worst, error)
        int bucket = 0
        while (bucket < BOUNDS.length && error > BOUNDS[bucket]) {
            bucket++
        }
        counts[bucket]++
    }

    double worst() {
        worst
    }

    static String heading() {
        BOUNDS.collect { double bound -> String.format('%8s', "<=$bound") }.join('') + '    more     worst'
    }

    String toString() {
        counts.collect { int count -> String.format('%8d', count) }.join('') + String.format('  %8.4f', worst)
    }
}
