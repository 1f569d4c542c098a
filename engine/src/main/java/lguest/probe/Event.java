package lguest.probe;

import lguest.cpu.Vector;

/** What can happen to a guest. */
public sealed interface Event {
    /** In {@link HypercallEvent} and {@link FaultEvent}: whichever. */
    int ANY = -1;

    /** Execution reaches a linear address; noticed before the instruction there. */
    record At(int linear) implements Event {
        @Override
        public String toString() {
            return String.format("at 0x%08x", linear);
        }
    }

    /** The guest calls the Host, directly or through the ring. */
    record HypercallEvent(int number) implements Act {
        @Override
        public String toString() {
            return number == ANY ? "hypercall" : "hypercall " + number;
        }
    }

    /** A fault or trap is about to be delivered to the guest. */
    record FaultEvent(int vector) implements Event {
        @Override
        public String toString() {
            return vector == ANY ? "fault" : "fault " + Vector.name(vector);
        }
    }

    /** Whether a verb has a moment to act in. */
    default boolean allows(Verb verb) {
        return verb == Verb.STOP || verb == Verb.BEFORE;
    }

    /** Something that takes place between a before and an after, and need not. */
    sealed interface Act extends Event {
        @Override
        default boolean allows(Verb verb) {
            return true;
        }
    }

    /**
     * Linear memory from {@code first} to {@code last}, both included, is accessed; noticed after the instruction.
     *
     * @param changes writes of what is there already do not count
     */
    record AccessEvent(int first, int last, boolean reads, boolean writes, boolean changes) implements Event {
        public AccessEvent(int first, int last, boolean reads, boolean writes) {
            this(first, last, reads, writes, false);
        }

        @Override
        public boolean allows(Verb verb) {
            return verb != Verb.REPLACE;
        }

        boolean covers(int linear, int lengthBytes, boolean write) {
            return (write ? writes : reads) && Integer.compareUnsigned(linear, last) <= 0
                && Integer.compareUnsigned(linear + lengthBytes - 1, first) >= 0;
        }

        @Override
        public String toString() {
            return String.format("%s 0x%08x..0x%08x", changes ? "change" : reads && writes ? "access" : reads ? "read" : "write", first, last);
        }
    }

    /** The guest sends a DMA to a key. */
    record DmaEvent(int key) implements Act {
        @Override
        public String toString() {
            return String.format("dma %#x", key);
        }
    }

    /** An I/O port from {@code first} to {@code last}, both included, is read or written. */
    record PortEvent(int first, int last, boolean reads, boolean writes) implements Act {
        boolean covers(int port, boolean write) {
            return (write ? writes : reads) && port >= first && port <= last;
        }

        @Override
        public String toString() {
            return first == last ? String.format("port %#x", first) : String.format("ports %#x..%#x", first, last);
        }
    }

    /** The guest prints on its console. */
    record ConsoleEvent() implements Act {
        @Override
        public String toString() {
            return "console";
        }
    }

    /** The guest dies or powers off. */
    record ExitEvent() implements Event {
        @Override
        public boolean allows(Verb verb) {
            return verb != Verb.REPLACE;
        }

        @Override
        public String toString() {
            return "exit";
        }
    }

    /** Time passes: every so many nanoseconds of guest time, or every so many instructions if {@code nanos} is 0. */
    record TickEvent(long nanos, long instructions) implements Event {
        public TickEvent {
            if (nanos < 0 || instructions < 0 || (nanos == 0) == (instructions == 0)) {
                throw new IllegalArgumentException("every " + nanos + " ns, " + instructions + " instructions");
            }
        }

        @Override
        public String toString() {
            return nanos > 0 ? "every " + nanos + " ns" : "every " + instructions + " instructions";
        }
    }

    /** A virtual interrupt is about to be delivered. */
    record InterruptEvent(int line) implements Event {
        @Override
        public String toString() {
            return line == ANY ? "interrupt" : "interrupt " + line;
        }
    }
}
