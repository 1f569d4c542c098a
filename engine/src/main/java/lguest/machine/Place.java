package lguest.machine;

/**
 * A place in the life of a guest where something can come in from outside: in all runs the same.
 *
 * @param instructions executed before
 * @param stage how many things have happened since then that are no instructions: faults, interrupts, deadlines, calls of hooks
 * @param nanos of guest time, which passes while a guest sleeps, too; 0 unless between
 * @param polled whether interrupts have been tried here already
 */
record Place(Kind kind, long instructions, int stage, long nanos, boolean polled) {
    /** What the guest is doing there. */
    enum Kind {
        /** Nothing: it is between two instructions, or stands still. */
        BETWEEN,
        /** Something that asks others, within an instruction or the delivery of an interrupt. */
        WITHIN,
        /** An instruction has not come to its end, but to a fault. */
        FAULT,
        /** A fault or trap is about to be delivered. */
        DELIVERY
    }

    @Override
    public String toString() {
        return instructions + (stage == 0 ? "" : "+" + stage) + switch (kind) {
            case BETWEEN -> "";
            case WITHIN -> " within";
            case FAULT -> " fault";
            case DELIVERY -> " delivery";
        };
    }
}
