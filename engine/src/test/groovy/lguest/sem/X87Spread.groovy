package lguest.sem

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path

/** Over which operands a comparison was spread: by instruction, and the class of ST by rounding and precision. */
@CompileStatic
class X87Spread {
    private static final List<String> ROUNDINGS = ['nearest', 'down', 'up', 'zero']
    /** The second has no name: what the manual calls reserved. */
    private static final List<String> PRECISIONS = ['24', '-', '53', '64']

    private final Map<String, Integer> instructions = new TreeMap<>()
    private final Map<String, int[]> classes = new TreeMap<>()

    void add(X87Case one) {
        instructions.merge(one.row.form.split(' ')[0], 1) { int a, int b -> a + b }
        int modes = one.control() >>> 8 & 15
        classes.computeIfAbsent(classOf(one)) { new int[16] }[modes]++
    }

    int total() {
        instructions.values().sum(0) as int
    }

    /** Of a class in a mode. */
    int least() {
        classes.values().collectMany { int[] it -> it.toList() }.min() ?: 0
    }

    void write(String suite) {
        StringBuilder out = new StringBuilder("# x87 operands compared, by instruction\n")
        instructions.each { String name, int count -> out << String.format('%-10s %,12d%n', name, count) }
        out << "# by class of ST, rounding, and precision in bits\n" << String.format('%-16s', 'class')
        16.times { int mode -> out << String.format(' %10s', "${ROUNDINGS[mode >> 2]}/${PRECISIONS[mode & 3]}") }
        classes.each { String name, int[] counts ->
            out << String.format('%n%-16s', name)
            counts.each { int count -> out << String.format(' %,10d', count) }
        }
        out << String.format('%n# %,d operands, at least %,d of a class in a mode%n', total(), least())
        Path file = Path.of('target', "coverage-${suite}.txt")
        Files.createDirectories(file.parent)
        Files.writeString(file, out.toString())
        print Boolean.getBoolean('lguest.oracle.coverage') ? out : out.toString().readLines()[-1] + "\n"
    }

    private static String classOf(X87Case one) {
        if (one.empty(0)) {
            return 'empty'
        }
        int exponent = one.signExponent(0) & 0x7FFF
        long significand = one.significand(0)
        boolean integerBit = significand < 0
        if (exponent == 0) {
            return significand == 0 ? 'zero' : integerBit ? 'pseudo-denormal' : 'denormal'
        }
        if (exponent != 0x7FFF) {
            return integerBit ? 'normal' : 'unnormal'
        }
        !integerBit ? 'pseudo-NaN' : significand == Long.MIN_VALUE ? 'infinity' : significand << 1 < 0 ? 'quiet NaN' : 'signalling NaN'
    }
}
