package lguest.dsl.event;

import java.util.Arrays;
import java.util.List;
import lguest.cpu.Vector;
import lguest.dsl.FaultName;
import lguest.dsl.HypercallName;
import lguest.dsl.ScriptFailure;
import lguest.dsl.internal.Similar;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * A fault or trap is about to be delivered to the guest.
 *
 * @param vectors {@code GP}, {@code 'GP'} or 13; none for all of them
 */
public record FaultsEvent(List<Object> vectors) implements ScriptEvent {
    private static final int VECTORS = 256;

    public FaultsEvent {
        vectors = List.copyOf(vectors);
        vectors.forEach(FaultsEvent::vector);
    }

    @Override
    public List<Event> on(Names names) {
        return vectors.isEmpty() ? List.of(new Event.FaultEvent(Event.ANY))
            : vectors.stream().map(vector -> (Event) new Event.FaultEvent(vector(vector))).toList();
    }

    private static int vector(Object what) {
        if (what instanceof FaultName fault) {
            return fault.getVector();
        }
        if (what instanceof Number number) {
            if (number.longValue() < 0 || number.longValue() >= VECTORS) {
                throw new ScriptFailure("fault(" + number + "): vectors are 0 to 255");
            }
            return number.intValue();
        }
        String name = String.valueOf(what);
        List<String> names = Arrays.stream(FaultName.values()).map(Enum::name).toList();
        if (names.contains(name)) {
            return FaultName.valueOf(name).getVector();
        }
        throw new ScriptFailure(what instanceof HypercallName ? "no fault " + name + ": it is a hypercall"
            : "no fault " + name + Similar.hint(name, names));
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Faulted(occurrence, guest);
    }

    @Override
    public String toString() {
        return Events.text("fault", vectors);
    }

    /** A fault on its way to the guest's handler; the processor is still at the instruction. */
    public static final class Faulted extends Happening {
        private final int vector;
        private final int errorCode;

        Faulted(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            vector = occurrence.vector;
            errorCode = occurrence.errorCode;
        }

        public int getVector() {
            return vector;
        }

        /** {@code PF}, {@code GP}, ... */
        @Override
        public String getName() {
            return Vector.name(vector);
        }

        /** 0 for vectors that have none. */
        public long getErrorCode() {
            return unsigned(errorCode);
        }

        /** The address that a page fault is about. */
        public long getAddress() {
            return unsigned(guest().cpu().cr2);
        }

        @Override
        public String toString() {
            return String.format("#%s(%x) at 0x%08x", getName(), errorCode, getEip());
        }
    }
}
