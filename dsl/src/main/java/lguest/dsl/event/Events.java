package lguest.dsl.event;

import groovy.lang.Range;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Makes events: the words that come after a verb. */
public final class Events {
    private static final long FIRST_IN_HEX = 10;

    private Events() {
    }

    /** Execution reaches an address or a symbol. */
    public static ScriptEvent at(Object where) {
        return new AtEvent(where);
    }

    /** Nothing but grammar: {@code stop on(fault(GP))}. */
    public static ScriptEvent on(ScriptEvent event) {
        return event;
    }

    public static ScriptEvent hypercall(Object name) {
        return new HypercallsEvent(List.of(name));
    }

    /** Any of these; all there are if none is named. */
    public static ScriptEvent hypercalls(Object... names) {
        return new HypercallsEvent(Arrays.asList(names));
    }

    public static ScriptEvent fault(Object vector) {
        return new FaultsEvent(List.of(vector));
    }

    public static ScriptEvent faults(Object... vectors) {
        return new FaultsEvent(Arrays.asList(vectors));
    }

    /** @param where {@code 0xC0300000..0xC0300FFF}, or an address or symbol for the four bytes there */
    public static ScriptEvent read(Object where) {
        return new MemoryEvent(where, true, false, false);
    }

    public static ScriptEvent write(Object where) {
        return new MemoryEvent(where, false, true, false);
    }

    /** Read or written. */
    public static ScriptEvent access(Object where) {
        return new MemoryEvent(where, true, true, false);
    }

    /** Written, with something else than is there. */
    public static ScriptEvent change(Object where) {
        return new MemoryEvent(where, false, true, true);
    }

    /** @param where {@code 0xE9} or {@code 0x60..0x64} */
    public static ScriptEvent port(Object where) {
        return new PortsEvent(where);
    }

    /** @param pattern text or a regular expression; null for all that is printed */
    public static ScriptEvent console(Object pattern) {
        return new ConsoleEvent(pattern);
    }

    public static ScriptEvent exit() {
        return new ExitEvent();
    }

    public static ScriptEvent dma(Object key) {
        return new DmaSentEvent(key);
    }

    public static ScriptEvent interrupt(int line) {
        return new InterruptLineEvent(line);
    }

    /** A word and what it is about, as a script would write it: {@code fault(GP)}, {@code faults(GP, PF)}, {@code faults}. */
    static String text(String word, List<?> names) {
        if (names.isEmpty()) {
            return word + "s";
        }
        String opening = names.size() == 1 ? word + "(" : word + "s(";
        return names.stream().map(String::valueOf).collect(Collectors.joining(", ", opening, ")"));
    }

    /** An address, symbol or range, as a script would write it. */
    static String text(Object where) {
        if (where instanceof Range<?> range) {
            String from = text(range.getFrom());
            String to = text(range.getTo());
            return range.isReverse() ? to + ".." + from : from + ".." + to;
        }
        if (where instanceof Number number) {
            long value = number.longValue();
            return value < FIRST_IN_HEX ? Long.toString(value) : String.format("0x%08x", value & 0xFFFFFFFFL);
        }
        return where instanceof CharSequence ? "'" + where + "'" : String.valueOf(where);
    }
}
