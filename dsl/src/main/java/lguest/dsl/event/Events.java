package lguest.dsl.event;

import groovy.lang.IntRange;
import groovy.lang.Range;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import lguest.dsl.ScriptFailure;

/** Makes events: the words that come after a verb. */
public final class Events {
    private static final long FIRST_IN_HEX = 10;

    private Events() {
    }

    /** @throws ScriptFailure if it was not said what an event is about: {@code at()} */
    private static Object said(Object what, String word, String example) {
        if (what == null) {
            throw new ScriptFailure(word + "(): say which, as in " + example);
        }
        return what;
    }

    private static List<Object> allSaid(Object[] what, String word, String example) {
        List<Object> all = what == null ? Collections.singletonList(null) : Arrays.asList(what);
        all.forEach(each -> said(each, word, example));
        return all;
    }

    /** Execution reaches an address or a symbol. */
    public static ScriptEvent at(Object where) {
        return new AtEvent(said(where, "at", "at('start_kernel')"));
    }

    /** Nothing but grammar: {@code stop on(fault(GP))}. */
    public static ScriptEvent on(ScriptEvent event) {
        return event;
    }

    public static ScriptEvent hypercall(Object name) {
        return new HypercallsEvent(List.of(said(name, "hypercall", "hypercall(SET_PTE), or all: hypercalls")));
    }

    /** Any of these; all there are if none is named. */
    public static ScriptEvent hypercalls(Object... names) {
        return new HypercallsEvent(allSaid(names, "hypercalls", "hypercalls(SET_PTE), or all: hypercalls"));
    }

    public static ScriptEvent fault(Object vector) {
        return new FaultsEvent(List.of(said(vector, "fault", "fault(GP), or all: faults")));
    }

    public static ScriptEvent faults(Object... vectors) {
        return new FaultsEvent(allSaid(vectors, "faults", "faults(GP), or all: faults"));
    }

    /** @param where {@code 0xC0300000..0xC0300FFF}, or an address or symbol for the four bytes there */
    public static ScriptEvent read(Object where) {
        return new MemoryEvent(said(where, "read", "read(0xC0300000..0xC0300FFF)"), true, false, false);
    }

    public static ScriptEvent write(Object where) {
        return new MemoryEvent(said(where, "write", "write(0xC0300000..0xC0300FFF)"), false, true, false);
    }

    /** Read or written. */
    public static ScriptEvent access(Object where) {
        return new MemoryEvent(said(where, "access", "access(0xC0300000..0xC0300FFF)"), true, true, false);
    }

    /** Written, with something else than is there. */
    public static ScriptEvent change(Object where) {
        return new MemoryEvent(said(where, "change", "change('jiffies')"), false, true, true);
    }

    /** All of them. */
    public static ScriptEvent ports() {
        return new PortsEvent(new IntRange(0, PortsEvent.PORTS - 1));
    }

    /** @param where {@code 0xE9} or {@code 0x60..0x64} */
    public static ScriptEvent port(Object where) {
        return new PortsEvent(said(where, "port", "port(0x60), or all: ports"));
    }

    /** @param pattern text or a regular expression */
    public static ScriptEvent console(Object pattern) {
        return new ConsoleEvent(said(pattern, "console", "console('login:'), or all: console"));
    }

    /** All that is printed. */
    public static ScriptEvent console() {
        return new ConsoleEvent(null);
    }

    public static ScriptEvent exit() {
        return new ExitEvent();
    }

    public static ScriptEvent dma(Object key) {
        return new DmaSentEvent(said(key, "dma", "dma(CONSOLE_KEY), or all: dma"));
    }

    /** To any key. */
    public static ScriptEvent dmas() {
        return new DmaSentEvent(null);
    }

    /** @param line 0 to 31, or a range of them */
    public static ScriptEvent interrupt(Object line) {
        if (line instanceof Range<?> range && range.isReverse()) {
            throw new ScriptFailure("interrupt(" + text(range.getTo()) + ".." + text(range.getFrom()) + "): the first line comes after the last");
        }
        return new InterruptLinesEvent(line instanceof IntRange range && range.size() <= InterruptLinesEvent.LINES ? List.copyOf(range)
            : List.of(said(line, "interrupt", "interrupt(0), or all: interrupts")));
    }

    /** Any of these; all there are if none is given. */
    public static ScriptEvent interrupts(Object... lines) {
        return new InterruptLinesEvent(allSaid(lines, "interrupts", "interrupts(0, 1), or all: interrupts"));
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
