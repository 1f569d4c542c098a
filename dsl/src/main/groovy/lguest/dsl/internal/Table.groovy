package lguest.dsl.internal

import groovy.transform.CompileStatic

/** Rows and columns of text: numbers to the right, words to the left. */
@CompileStatic
final class Table {
    private final List<String> header
    private final List<List<Object>> rows = []

    Table(String... header) {
        this.header = header.toList()
    }

    /** Of a map: what and how much; of a list of maps: a column for each key; of anything else: a line for each element. */
    static Table of(Object data) {
        if (data instanceof Map) {
            Table table = new Table('what', 'value')
            ((Map<?, ?>) data).each { key, value -> table.add([key, value]) }
            return table
        }
        List<?> all = data as List
        if (!all.empty && all.every { it instanceof Map }) {
            List<String> keys = all.collectMany { ((Map<?, ?>) it).keySet() }*.toString().unique()
            Table table = new Table(keys as String[])
            all.each { row -> table.add(keys.collect { String key -> cell((Map<?, ?>) row, key) }) }
            return table
        }
        Table table = new Table('value')
        all.each { table.add([it]) }
        table
    }

    /** A column that a row does not have is left empty in it. */
    private static Object cell(Map<?, ?> row, String key) {
        Object value = row.find { it.key.toString() == key }?.value
        value == null ? '' : value
    }

    Table add(List<?> row) {
        rows << (row as List<Object>)
        this
    }

    boolean isEmpty() { rows.empty }

    @Override
    String toString() {
        List<List<Object>> all = [header as List<Object>] + rows
        List<Integer> widths = header.indices.collect { int i -> all.collect { "${it[i]}".length() }.max() }
        all.collect { row ->
            row.withIndex().collect { cell, int i ->
                numbers(i) ? "${cell}".padLeft(widths[i]) : "${cell}".padRight(widths[i])
            }.join('  ').replaceFirst(/ +$/, '') + '\n'
        }.join('')
    }

    /** The same in Markdown. */
    String markdown() {
        String rule = header.indices.collect { int i -> numbers(i) ? '---:' : '---' }.join(' | ')
        List<String> lines = rows.collect { row -> row.collect { "${it}".replace('|', '\\|') }.join(' | ') }
        ([header.join(' | '), rule] + lines).collect { "| ${it} |\n" }.join('')
    }

    private boolean numbers(int column) {
        rows.every { it[column] instanceof Number || it[column] == '' || "${it[column]}" ==~ /[\d.]+/ } && !rows.empty
    }
}
