package lguest.shell.render;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows under headings, as wide as they need to be: numbers to the right, everything else to the left. */
public final class Table {
    private final List<String> headings;
    private final List<List<Object>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    private Table(List<String> headings) {
        this.headings = headings;
    }

    /** One row per map; the columns are all their keys, in the order they first appear. */
    public static Table of(Collection<? extends Map<?, ?>> maps) {
        Set<Object> keys = new LinkedHashSet<>();
        maps.forEach(map -> keys.addAll(map.keySet()));
        Table table = new Table(keys.stream().map(String::valueOf).toList());
        for (Map<?, ?> map : maps) {
            table.rows.add(new ArrayList<>(keys.stream().map(key -> map.containsKey(key) ? cell(map.get(key)) : "").toList()));
        }
        return table;
    }

    /** @param cells as many as there are headings */
    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + headings.size() + " headings");
        }
        List<Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell(cell));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Cells are one line, whatever they hold. */
    private static Object cell(Object value) {
        return value == null ? "" : value instanceof Number ? value : String.valueOf(value).replace("\n", "\\n");
    }

    @Override
    public String toString() {
        int[] widths = headings.stream().mapToInt(String::length).toArray();
        for (List<Object> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], String.valueOf(row.get(i)).length());
            }
        }
        StringBuilder out = new StringBuilder();
        line(out, new ArrayList<>(headings), widths, rows.isEmpty() ? null : rows.get(0));
        for (List<Object> row : rows) {
            out.append('\n');
            line(out, row, widths, row);
        }
        return out.toString();
    }

    /** @param like whose cells say which columns are numbers; null for none */
    private static void line(StringBuilder out, List<Object> cells, int[] widths, List<Object> like) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = String.valueOf(cells.get(i));
            String padding = " ".repeat(widths[i] - text.length());
            line.append(i == 0 ? "" : "  ");
            line.append(like != null && like.get(i) instanceof Number ? padding + text : text + padding);
        }
        out.append(line.toString().stripTrailing());
    }
}
