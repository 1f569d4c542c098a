package lguest.dsl.event;

import groovy.lang.NumberRange;
import groovy.lang.Range;
import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * Linear memory is read, written or changed: {@code write(0xC0300000..0xC0300FFF)}.
 *
 * @param where a range of addresses, or one address or symbol, which stands for the four bytes there
 * @param changes writes of what is there already do not count
 */
public record MemoryEvent(Object where, boolean reads, boolean writes, boolean changes) implements ScriptEvent {
    private static final int WORD_BYTES = 4;

    @Override
    public List<Event> on(Names names) {
        if (where instanceof Range<?> range) {
            int first = names.address(range.getFrom());
            int last = names.address(range.getTo());
            if (range instanceof NumberRange numbers && !numbers.containsWithinBounds(numbers.getTo())) {
                last--;
            }
            if (range.isReverse() || Integer.compareUnsigned(first, last) > 0) {
                throw new ScriptFailure(this + ": the first address comes after the last");
            }
            return List.of(new Event.AccessEvent(first, last, reads, writes, changes));
        }
        int first = names.address(where);
        return List.of(new Event.AccessEvent(first, first + WORD_BYTES - 1, reads, writes, changes));
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Accessed(occurrence, guest);
    }

    @Override
    public String toString() {
        return (changes ? "change" : reads && writes ? "access" : reads ? "read" : "write") + "(" + Events.text(where) + ")";
    }

    /** An access that has just been made. */
    public static final class Accessed extends Happening {
        private final int address;
        private final int bits;
        private final int value;
        private final int old;
        private final boolean write;

        Accessed(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            address = occurrence.address;
            bits = occurrence.bits;
            value = occurrence.value;
            old = occurrence.old;
            write = occurrence.write;
        }

        /** Linear. */
        public long getAddress() {
            return unsigned(address);
        }

        /** 8, 16 or 32. */
        public int getBits() {
            return bits;
        }

        /** What was read or written. */
        public long getValue() {
            return unsigned(value);
        }

        /** What was there before a write; the value itself at a read. */
        public long getOld() {
            return unsigned(old);
        }

        public boolean isWrite() {
            return write;
        }

        @Override
        public String getName() {
            return Events.text(getAddress());
        }

        @Override
        public String toString() {
            return Occurrence.access(address, bits, value, old, write);
        }
    }
}
