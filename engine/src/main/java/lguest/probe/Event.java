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
    record HypercallEvent(int number) implements Event {
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

    /** Linear memory from {@code first} to {@code last}, both included, is read or written; noticed after the instruction. */
    record AccessEvent(int first, int last, boolean reads, boolean writes) implements Event {
        boolean covers(int linear, int lengthBytes, boolean write) {
            return (write ? writes : reads) && Integer.compareUnsigned(linear, last) <= 0
                && Integer.compareUnsigned(linear + lengthBytes - 1, first) >= 0;
        }

        @Override
        public String toString() {
            return String.format("%s 0x%08x..0x%08x", reads && writes ? "access" : reads ? "read" : "write", first, last);
        }
    }

    /** The guest sends a DMA to a key. */
    record DmaEvent(int key) implements Event {
        @Override
        public String toString() {
            return String.format("dma %#x", key);
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
