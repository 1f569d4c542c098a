package lguest.dsl.event;

import java.util.List;
import lguest.cpu.Segment;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Occurrence;
import lguest.probe.Verb;

/** One event as it happens: {@code it} in the closures of {@code when}, {@code run} and {@code by}. Numbers are unsigned. */
public abstract class Happening {
    private static final long MASK = 0xFFFFFFFFL;

    private final Occurrence occurrence;
    private final Guest guest;
    private final long eip;
    private boolean proceeds;

    Happening(Occurrence occurrence, Guest guest) {
        this.occurrence = occurrence;
        this.guest = guest;
        this.eip = unsigned(guest.cpu().segments[Segment.CS].base + guest.cpu().eip);
    }

    /** Linear address of the instruction; after a hypercall or an access, of the next one. */
    public final long getEip() {
        return eip;
    }

    /** Privilege level, 0 to 3. */
    public final int getCpl() {
        return guest.cpu().cpl;
    }

    /** What the event is about, in a word or a number: reports group by it unless told otherwise. */
    public abstract Object getName();

    /** Pauses the guest once this is over. */
    public final void stop() {
        occurrence.stop(toString());
    }

    /** What a closure with several parameters, or one that it names itself, gets. */
    public List<?> arguments() {
        return List.of(this);
    }

    /** The result of the call the guest made, where there is one. */
    public void setResult(Object value) {
        throw new ScriptFailure(this + " has no result");
    }

    /** Lets happen what {@code replace} stands in for. */
    public void proceed(Object... arguments) {
        throw new ScriptFailure("proceed: only in 'replace hypercall(...)' and 'replace dma(...)', this is " + this);
    }

    /** Whether {@link #proceed} was called. */
    public final boolean proceeds() {
        return proceeds;
    }

    /** Lets it happen after all. */
    final void goOn() {
        if (occurrence.probe().verb() != Verb.REPLACE) {
            throw new ScriptFailure("proceed: only in 'replace'; without it " + this + " happens anyway");
        }
        proceeds = true;
        occurrence.proceed();
    }

    /** @throws ScriptFailure where what is set here would be overwritten by what is yet to come */
    final void notBefore(String what) {
        if (occurrence.probe().verb() == Verb.BEFORE) {
            throw new ScriptFailure(what + ": there is none yet in 'before'; say after, or replace");
        }
    }

    final Occurrence occurrence() {
        return occurrence;
    }

    final Guest guest() {
        return guest;
    }

    static long unsigned(int value) {
        return value & MASK;
    }

    /** @throws ScriptFailure if the value does not fit a register */
    static int register(String name, Object value) {
        if (value instanceof Number number && !(number instanceof Double) && !(number instanceof Float)
            && number.longValue() >= Integer.MIN_VALUE && number.longValue() <= MASK) {
            return number.intValue();
        }
        throw new ScriptFailure(name + " = " + value + ": must be a number of 32 bits");
    }
}
