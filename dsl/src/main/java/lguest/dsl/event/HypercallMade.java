package lguest.dsl.event;

import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Occurrence;

/**
 * A hypercall on its way. Its arguments have names of their own ({@link Calls}), and those of the registers that carry
 * them, which can be set in {@code before} and {@code replace}.
 */
public class HypercallMade extends Happening {
    static final int ARGUMENTS = 3;
    private static final List<String> WITH_KEY = List.of("BIND_DMA", "SEND_DMA");

    private final int number;
    private final String name;
    private final boolean asynchronous;

    HypercallMade(Occurrence occurrence, Guest guest) {
        super(occurrence, guest);
        number = occurrence.number;
        name = guest.hypercalls().name(number);
        asynchronous = occurrence.asynchronous;
    }

    public final int getNumber() {
        return number;
    }

    /** As in lguest.h, without {@code LHCALL_}. */
    @Override
    public final String getName() {
        return name;
    }

    /** Whether it came through the ring. */
    public final boolean isAsynchronous() {
        return asynchronous;
    }

    public final long getEdx() {
        return unsigned(occurrence().a1);
    }

    public final void setEdx(Object value) {
        occurrence().a1 = register("edx", value);
    }

    public final long getEbx() {
        return unsigned(occurrence().a2);
    }

    public final void setEbx(Object value) {
        occurrence().a2 = register("ebx", value);
    }

    public final long getEcx() {
        return unsigned(occurrence().a3);
    }

    public final void setEcx(Object value) {
        occurrence().a3 = register("ecx", value);
    }

    /** The DMA key of BIND_DMA and SEND_DMA; null for other calls. */
    public final Long getKey() {
        return WITH_KEY.contains(name) ? getEdx() : null;
    }

    /** What EAX will hold. */
    public final long getResult() {
        return unsigned(occurrence().result);
    }

    @Override
    public final void setResult(Object value) {
        notBefore("result");
        occurrence().result = register("result", value);
    }

    @Override
    public List<Long> arguments() {
        return List.of(getEdx(), getEbx(), getEcx());
    }

    /** @param arguments replace the call's own, from the first one on */
    @Override
    public void proceed(Object... arguments) {
        if (arguments.length > ARGUMENTS) {
            throw new ScriptFailure("proceed: " + arguments.length + " arguments, a hypercall has up to " + ARGUMENTS);
        }
        if (arguments.length > 0) {
            setEdx(arguments[0]);
        }
        if (arguments.length > 1) {
            setEbx(arguments[1]);
        }
        if (arguments.length > 2) {
            setEcx(arguments[2]);
        }
        goOn();
    }

    @Override
    public String toString() {
        return String.format("%s(0x%x, 0x%x, 0x%x)%s", name, getEdx(), getEbx(), getEcx(), asynchronous ? " from the ring" : "");
    }
}
