package lguest.sem

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import lguest.cpu.Vector
import lguest.isa.Row

/** How often each row has been compared, by form: with its operand in a register or in memory, by operand size; and its faults. */
@CompileStatic
class Coverage {
    private final Map<String, Map<String, Integer>> counts = new LinkedHashMap<>()
    private final Map<String, Set<Integer>> faults = new LinkedHashMap<>()

    void add(IntegerCase one, IntegerAnswer answer) {
        one.rows.eachWithIndex { Row row, int i ->
            add(row.op(), row.form(), i < one.shapes.size() ? one.shapes[i] : '-')
        }
        if (answer.trap != Vector.BP) {
            Row last = one.rows[-1]
            faults.computeIfAbsent(name(last.op(), last.form())) { new TreeSet<Integer>() }.add(answer.trap)
        }
    }

    void add(String op, String form, String shape) {
        counts.computeIfAbsent(name(op, form)) { new TreeMap<String, Integer>() }.merge(shape, 1) { int a, int b -> a + b }
    }

    private static String name(String op, String form) {
        String.format('%-14s %-26s', op, form)
    }

    boolean has(Collection<Row> rows) {
        rows.every { counts.containsKey(name(it.op(), it.form())) }
    }

    int total() {
        counts.values().sum(0) { Map<String, Integer> it -> it.values().sum(0) } as int
    }

    int least() {
        counts.values().collect { Map<String, Integer> it -> it.values().sum(0) as int }.min() ?: 0
    }

    /** As a table, one row a line, into a file of {@code target}; printed where {@code -Dlguest.oracle.coverage=true}. */
    void write(String suite) {
        StringBuilder out = new StringBuilder(String.format('%-14s %-26s %-50s %s%n', '# op', 'form', 'compared, by form', 'faults'))
        counts.each { String row, Map<String, Integer> shapes ->
            String forms = shapes.collect { String shape, int count -> shape == '-' ? "$count" : "$shape: $count" }.join(', ')
            String vectors = faults.getOrDefault(row, Set.<Integer>of()).collect { int it -> "#${Vector.name(it)}" }.join(' ')
            out << String.format('%s %-50s %s', row, forms, vectors).stripTrailing() << '\n'
        }
        int forms = counts.values().sum(0) { Map<String, Integer> it -> it.size() } as int
        out << "# ${counts.size()} rows in $forms forms, ${total()} instructions\n"
        Path file = Path.of('target', "coverage-${suite}.txt")
        Files.createDirectories(file.parent)
        Files.writeString(file, out.toString())
        print Boolean.getBoolean('lguest.oracle.coverage') ? out
            : "coverage: ${counts.size()} rows in $forms forms, ${total()} instructions, in engine/$file\n"
    }
}
