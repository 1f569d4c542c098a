package lguest.dsl.event;

import groovy.lang.Range;
import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;
import lguest.probe.Verb;

/**
 * An I/O port is read or written: {@code port(0xE9)}.
 *
 * @param where a number, or a range of them
 */
public record PortsEvent(Object where) implements ScriptEvent {
    static final int PORTS = 1 << 16;

    public PortsEvent {
        bounds(where);
    }

    private static int[] bounds(Object where) {
        Object first = where instanceof Range<?> range ? range.getFrom() : where;
        Object last = where instanceof Range<?> range ? range.getTo() : where;
        if (first instanceof Integer from && last instanceof Integer to && from >= 0 && to < PORTS) {
            return new int[] {from, to};
        }
        throw new ScriptFailure("port(" + Events.text(where) + "): ports are 0 to 0xffff, or a range of them");
    }

    @Override
    public List<Event> on(Names names) {
        int[] bounds = bounds(where);
        return List.of(new Event.PortEvent(bounds[0], bounds[1], true, true));
    }

    @Override
    public boolean takesTime() {
        return true;
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new PortUsed(occurrence, guest);
    }

    @Override
    public String toString() {
        return where instanceof Integer port ? String.format("port(0x%x)", port)
            : String.format("port(0x%x..0x%x)", bounds(where)[0], bounds(where)[1]);
    }

    /** An access of an I/O port. Under lguest's Host nothing answers at any: what is read is all ones, unless a hook says otherwise. */
    public static final class PortUsed extends Happening {
        private final int port;
        private final int bits;
        private final boolean write;

        PortUsed(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            port = occurrence.port;
            bits = occurrence.bits;
            write = occurrence.write;
        }

        public int getPort() {
            return port;
        }

        /** 8, 16 or 32. */
        public int getBits() {
            return bits;
        }

        public boolean isWrite() {
            return write;
        }

        /** What is written, to be set in {@code before}; or what was read, to be set in {@code after}: before that it is all ones. */
        public long getValue() {
            return unsigned(occurrence().value);
        }

        public void setValue(Object value) {
            occurrence().value = register("value", value) & -1 >>> Integer.SIZE - bits;
        }

        /** The same as the value: {@code replace port(0x60) run { 0x1C }}. */
        @Override
        public void setResult(Object value) {
            setValue(value);
        }

        /** @param arguments what to write instead, if there is any */
        @Override
        public void proceed(Object... arguments) {
            if (arguments.length > (write ? 1 : 0)) {
                throw new ScriptFailure("proceed: " + arguments.length + " arguments, " + (write ? "a write has one" : "a read has none"));
            }
            if (arguments.length > 0) {
                setValue(arguments[0]);
            }
            goOn();
        }

        @Override
        public String getName() {
            return String.format("0x%x", port);
        }

        @Override
        public String toString() {
            return write ? String.format("port 0x%x <- 0x%x, %d bits", port, getValue(), bits)
                : String.format("port 0x%x -> %s%d bits", port, occurrence().probe().verb() == Verb.AFTER
                    ? String.format("0x%x, ", getValue()) : "", bits);
        }
    }
}
