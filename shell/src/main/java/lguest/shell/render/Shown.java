package lguest.shell.render;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lguest.machine.Stop;

/** How the prompt shows a result. */
public final class Shown {
    /** More of a list is counted, not shown. */
    private static final int MOST = 100;
    /** Numbers from here on are shown in hexadecimal, too. */
    private static final long WITH_HEX = 1024;

    private Shown() {
    }

    /** One line, or several; empty for null. */
    public static String of(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof byte[] bytes) {
            return HexDump.of(0, bytes);
        }
        if (value instanceof Long || value instanceof Integer) {
            long number = ((Number) value).longValue();
            return number < WITH_HEX ? String.valueOf(number) : String.format("%d (0x%x)", number, number);
        }
        if (value instanceof Stop stop) {
            return stop.kind().name().toLowerCase(Locale.ROOT) + ": " + stop.reason();
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            Table table = new Table("key", "value");
            map.forEach(table::row);
            return table.toString();
        }
        return value instanceof Collection<?> collection ? list(collection) : String.valueOf(value);
    }

    private static String list(Collection<?> all) {
        List<?> first = all.stream().limit(MOST).toList();
        String more = all.size() > MOST ? "\nand " + (all.size() - MOST) + " more" : "";
        if (!first.isEmpty() && first.stream().allMatch(Map.class::isInstance)) {
            List<Map<?, ?>> maps = new ArrayList<>();
            first.forEach(map -> maps.add((Map<?, ?>) map));
            return Table.of(maps) + more;
        }
        String inOneLine = String.valueOf(all);
        if (inOneLine.length() <= 100 && !inOneLine.contains("\n")) {
            return inOneLine;
        }
        return String.join("\n", first.stream().map(String::valueOf).toList()) + more;
    }
}
