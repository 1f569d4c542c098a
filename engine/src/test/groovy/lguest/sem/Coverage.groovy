package lguest.sem

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import lguest.cpu.Vector
import lguest.isa.Row

/** How often each row has been compared, by form: with its operand in a register or in memory, by operand size; and its faults. */
@CompileStatic
class Coverage {
    private final Map<Row, Map<String, Integer>> counts = new LinkedHashMap<>()
    private final Map<Row, Set<Integer>> faults = new LinkedHashMap<>()

    void add(IntegerCase one, IntegerAnswer answer) {
        one.rows.eachWithIndex { Row row, int i ->
            add(row, i < one.shapes.size() ? one.shapes[i] : '-')
        }
        if (answer.trap != Vector.BP) {
            faults.computeIfAbsent(one.rows[-1]) { new TreeSet<Integer>() }.add(answer.trap)
        }
    }

    void add(Row row, String shape) {
        counts.computeIfAbsent(row) { new TreeMap<String, Integer>() }.merge(shape, 1) { int a, int b -> a + b }
    }

    Set<Row> rows() {
        counts.keySet()
    }

    int total() {
        counts.values().sum(0) { Map<String, Integer> it -> it.values().sum(0) } as int
    }

    int least() {
        counts.values().collect { Map<String, Integer> it -> it.values().sum(0) as int }.min() ?: 0
    }

    /** As a table, one row a line; also into a file of {@code target}, which it prints the name of. */
    void write(String name) {
        StringBuilder out = new StringBuilder(String.format('%-14s %-26s %-50s %s%n', '# op', 'form', 'compared, by form', 'faults'))
        counts.each { Row row, Map<String, Integer> shapes ->
            String forms = shapes.collect { String shape, int count -> shape == '-' ? "$count" : "$shape: $count" }.join(', ')
            String vectors = faults.getOrDefault(row, Set.<Integer>of()).collect { int it -> "#${Vector.name(it)}" }.join(' ')
            out << String.format('%-14s %-26s %-50s %s', row.op(), row.form(), forms, vectors).stripTrailing() << '\n'
        }
        Path file = Path.of('target', "coverage-${name}.txt")
        Files.createDirectories(file.parent)
        Files.writeString(file, out.toString())
        int forms = counts.values().sum(0) { Map<String, Integer> it -> it.size() } as int
        println "coverage: ${counts.size()} rows in $forms forms, ${total()} instructions, in engine/$file"
        if (Boolean.getBoolean('lguest.oracle.coverage')) {
            print out
        }
    }
}
